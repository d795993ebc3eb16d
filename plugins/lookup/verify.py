"""Lookup of how a host is to be verified: every verify_* variable, defaults filled in."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: verify
author: The postern.mail project (@postern)
short_description: How this host is to be verified
description:
  - Returns one dictionary with every C(verify_*) variable, as the host of the task sees it, under
    its name without that beginning, and with the documented default where it is not given.
  - A variable that begins so and that nothing knows is refused; so is a value of the wrong kind.
  - Relative paths of files on the controller start in the folder of the host's inventory.
  - The result may hold passwords.
options:
  _terms:
    description: Takes none.
    type: list
    elements: str
seealso:
  - module: postern.mail.mail_probe
"""

EXAMPLES = r"""
- name: Probe from where the inventory says
  vars:
    wishes: "{{ lookup('postern.mail.verify') }}"
  postern.mail.mail_probe:
    server: "{{ mail_hostname }}"
    promises: [{promise: banner, services: [smtp]}]
  delegate_to: "{{ wishes.from }}"
"""

RETURN = r"""
_raw:
  description: One dictionary.
  type: list
  elements: dict
"""

from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._core.spec import check
from ansible_collections.postern.mail.plugins.plugin_utils.paths import (
    absolute_paths,
    inventory_folder,
)
from ansible_collections.postern.mail.plugins.plugin_utils.specs import verify_options
from ansible_collections.postern.mail.plugins.plugin_utils.templates import templated

PREFIX = "verify_"


class LookupModule(LookupBase):
    """What the playbook verify is told, as one dictionary."""

    def run(
        self,
        terms: list[Any],
        variables: dict[str, Any] | None = None,
        **kwargs: object,
    ) -> list[Any]:
        """Return what the host's variables say; the names lose what they all begin with."""
        given = variables or {}
        if self._templar is None or terms:
            raise AnsibleLookupError("this lookup takes no terms, and needs Ansible's variables")
        values = {
            name: templated(self._templar.template, given, given[name], name)
            for name in given
            if name.startswith(PREFIX)
        }
        options = verify_options()
        found, problems = check(options, values)
        if problems:
            raise AnsibleLookupError(report(problems))
        found = absolute_paths(options, found, inventory_folder(given))
        return [{name.removeprefix(PREFIX): found.get(name) for name in options}]
