"""Lookup of the site model: every mail_* variable as this host sees it, defaults filled in."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: site
author: The postern.mail project (@postern)
short_description: The site model as this host sees it
description:
  - Returns one dictionary with every C(mail_*) variable of the site model, as the host of the
    task sees it, with the documented defaults filled in.
  - Relative paths of files on the controller start in the folder of the host's inventory; they
    are returned as absolute ones.
  - It is the input of this collection's filters. It contains secrets.
  - Structure is checked here; the whole model is checked by P(postern.mail.site_check#module).
  - With terms, it returns the value of each variable that they name, and looks at no other.
options:
  _terms:
    description: Names of variables of the site model. Without any, the whole model is returned.
    type: list
    elements: str
seealso:
  - module: postern.mail.site_check
"""

EXAMPLES = r"""
- name: Give a role the tables that follow from the site
  vars:
    postfix_maps: "{{ lookup('postern.mail.site') | postern.mail.postfix_maps }}"
  ansible.builtin.import_role:
    name: postern.mail.postfix
"""

RETURN = r"""
_raw:
  description: One dictionary, the site model, or the values of the variables named.
  type: list
  elements: raw
"""

from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._core.spec import check
from ansible_collections.postern.mail.plugins.module_utils._site.judge import masked, secrets_of
from ansible_collections.postern.mail.plugins.plugin_utils.paths import (
    absolute_paths,
    inventory_folder,
)
from ansible_collections.postern.mail.plugins.plugin_utils.specs import site_options
from ansible_collections.postern.mail.plugins.plugin_utils.templates import templated

_ABSENT = object()
# What was asked, the variables at that time, and the answer.
_answered: dict[tuple[str, ...], tuple[dict[str, Any], list[Any]]] = {}


class LookupModule(LookupBase):
    """The site model as one dictionary."""

    def run(
        self,
        terms: list[Any],
        variables: dict[str, Any] | None = None,
        **kwargs: object,
    ) -> list[Any]:
        """Return the model of the host whose variables these are."""
        given = dict(variables or {})
        asked = tuple(str(term) for term in terms)
        # A task's options ask for the same a dozen times, and each answer templates every secret.
        if asked in _answered and _same(_answered[asked][0], given):
            return _answered[asked][1]
        answer = self._read(terms, given)
        _answered[asked] = (given, answer)
        return answer

    def _read(self, terms: list[Any], given: dict[str, Any]) -> list[Any]:
        options = site_options()
        if self._templar is None:
            raise AnsibleLookupError("this lookup needs Ansible's variables")
        if unknown := [name for name in terms if name not in options]:
            raise AnsibleLookupError(f"no variable of the site model: {', '.join(unknown)}")
        asked = {name: options[name] for name in terms} if terms else options
        values = {
            name: templated(self._templar.template, given, given[name], name)
            for name in asked
            if name in given
        }
        model, problems = check(asked, values)
        if problems:
            raise AnsibleLookupError(masked(report(problems), set(secrets_of(options, values))))
        model = absolute_paths(options, model, inventory_folder(given))
        return [model.get(name) for name in terms] if terms else [model]


def _same(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether every variable is the very same value, also those that templates may name."""
    return len(before) == len(now) and all(
        now.get(name, _ABSENT) is value for name, value in before.items()
    )
