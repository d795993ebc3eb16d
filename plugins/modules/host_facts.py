#!/usr/bin/python
"""Gather the few facts that the roles of this collection read, quickly."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: host_facts
short_description: Gather the few facts that the roles of this collection read
version_added: 0.1.0
description:
  - Returns which packages are installed and the address of the default route, in the form of
    M(ansible.builtin.package_facts) and M(ansible.builtin.setup), in a fraction of their time.
  - Whoever uses single roles can gather with those two as well.
options: {}
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.facts
attributes:
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
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run
from ansible_collections.postern.mail.plugins.module_utils._host.facts import (
    PACKAGES,
    ROUTE,
    default_ipv4,
    installed_packages,
)


def main() -> None:
    """Ask dpkg and ip."""
    module = AnsibleModule(argument_spec={}, supports_check_mode=True)
    listing = run(PACKAGES)
    if not listing.ok:
        module.fail_json(msg=f"This host is no Debian host: {listing.words}")
    facts = {
        "packages": installed_packages(listing.out),
        "default_ipv4": default_ipv4(run(ROUTE).out),
    }
    module.exit_json(changed=False, ansible_facts=facts)


if __name__ == "__main__":
    main()
