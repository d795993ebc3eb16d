"""Documentation of site_check, an action that runs on the controller alone."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: site_check
author: postern.mail contributors (@postern)
short_description: Check the whole site before any host is touched
version_added: 0.1.0
description:
  - Reads the variables of every host of the play and judges the site model (C(mail_*)) that they
    describe. It says all problems of all hosts at once, each with its place in the inventory.
  - It refuses what would hurt, an open relay, an address declared twice, an alias that leads
    nowhere, a required address left to a catch-all, a login in clear text to strangers.
  - It reads the long lists that the model names on the controller (C(mail_alias_files),
    C(mail_access_files), C(recipients_file) of C(mail_relay_domains)), each file once, and judges
    their lines beside the rest. Twenty problems of one kind are told, the others are counted.
  - It names every variable that begins with C(mail_) or with the name of a role of this
    collection and that nothing knows, and checks the structure of the roles' variables.
  - It runs once on the controller, needs no connection, and changes nothing.
  - It warns where it can't know.
options:
  asked:
    description:
      - Names of variables that playbooks ask for on the command line, and that look like a role's.
    type: list
    elements: str
    default: []
  joined:
    description:
      - Names of role variables that the playbook sets from what other roles publish. An inventory
        that sets one is refused, since the play's value would win over it in silence.
    type: list
    elements: str
    default: []
seealso:
  - plugin: postern.mail.site
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Check the site
  hosts: mail_hosts
  gather_facts: false
  tasks:
    - name: Check the model of every host
      postern.mail.site_check:
"""

RETURN = r"""
msg:
  description: All problems, a line each, or that the model holds.
  returned: always
  type: str
"""
