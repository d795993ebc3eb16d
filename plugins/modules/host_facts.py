#!/usr/bin/python
"""Documentation of the action that gathers the few facts that the roles of this collection read."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: host_facts
short_description: Gather the few facts that the roles of this collection read
version_added: 0.1.0
description:
  - Returns which packages are installed, the address of the default route, and the host's size, in
    the form of M(ansible.builtin.package_facts) and M(ansible.builtin.setup), in a fraction of
    their time.
  - Whoever uses single roles can gather with those two as well.
options: {}
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.facts
  - ansible.builtin.action_common_attributes.flow
attributes:
  action:
    support: full
  async:
    support: none
  bypass_host_loop:
    support: none
  check_mode:
    support: full
  diff_mode:
    support: none
  facts:
    support: full
  platform:
    support: full
    platforms: debian
author:
  - The postern.mail project (@postern)
"""

EXAMPLES = r"""
- name: Gather what the roles need to know
  postern.mail.host_facts:
"""

RETURN = r"""
ansible_facts:
  description: The facts.
  returned: always
  type: dict
  contains:
    packages:
      description: Each installed package's name with a list of its versions.
      type: dict
      returned: always
    default_ipv4:
      description: Address and interface of the default route; empty without one.
      type: dict
      returned: always
    processor_nproc:
      description: How many processors it may use.
      type: int
      returned: always
    memtotal_mb:
      description: Its memory in MiB.
      type: int
      returned: always
    mail_handover:
      description: Whether a change of transfer agents is under way on this host.
      type: bool
      returned: always
    mail_units:
      description: Names of the systemd units that this collection has written on this host.
      type: list
      elements: str
      returned: always
"""
