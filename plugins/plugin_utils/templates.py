"""Template raw variables part by part, so that each part that fails has its own problem."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleUndefinedVariable
from ansible.template import is_trusted_as_template
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.spec import UNREAD, child

_JUST_A_NAME = re.compile(r"\{\{ *([A-Za-z_][A-Za-z0-9_]*) *\}\}")
_OMITTED = object()

Variables = Mapping[str, Any]
Template = Callable[[Any], Any]


def templated(
    template: Template,
    variables: Variables,
    raw: object,
    where: str,
    problems: list[Problem] | None = None,
) -> object:
    """Return the value with UNREAD for each part that fails, which becomes a problem.

    Without a list for the problems, what fails raises. Text that is no template, and templates
    that only name such text, are not handed to Ansible, which takes milliseconds for each: ten
    thousand passwords from a vault would take it minutes.
    """

    def walk(part: object, at: str) -> object:
        if isinstance(part, Mapping):
            found = {key: walk(value, child(at, key)) for key, value in part.items()}
            return {key: value for key, value in found.items() if value is not _OMITTED}
        if isinstance(part, (list, tuple)):
            listed = [walk(value, child(at, number)) for number, value in enumerate(part)]
            return [value for value in listed if value is not _OMITTED]
        named = _named(part, variables)
        try:
            return named if _is_plain(named) else _leaf(template, part)
        except Exception as error:
            if problems is None:
                raise
            problems.append(Problem(at, _reason(error)))
            return UNREAD

    whole = _named(raw, variables)
    return walk(whole if isinstance(whole, (Mapping, list, tuple)) else raw, where)


def _named(part: object, variables: Variables) -> object:
    """Return what a template that is only a name stands for, and anything else unchanged."""
    name = _JUST_A_NAME.fullmatch(part) if isinstance(part, str) else None
    if name and name[1] in variables and is_trusted_as_template(part):
        return variables[name[1]]
    return part


def _is_plain(part: object) -> bool:
    if isinstance(part, str):
        return "{" not in part
    return part is None or isinstance(part, (int, float))


def _leaf(template: Template, part: object) -> object:
    found = template([part])
    return found[0] if found else _OMITTED


def _reason(error: BaseException) -> str:
    """Return why a template failed; only messages that name no values are passed on."""
    if isinstance(error, AnsibleUndefinedVariable):
        return f"can't be read: {str(error).rstrip('.')}"
    if "vault" in type(error).__name__.lower() or "decrypt" in str(error).lower():
        return "can't be decrypted with the vault passwords given"
    return "can't be read: the template in it fails"
