"""Template raw variables part by part, so that each part that fails has its own problem."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleUndefinedVariable
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.spec import UNREAD, child


def templated(
    template: Callable[[Any], Any], raw: object, where: str, problems: list[Problem]
) -> object:
    """Return the value with UNREAD for each part that fails, which becomes a problem."""
    try:
        return template(raw)
    except Exception as error:
        if isinstance(raw, Mapping):
            return {k: templated(template, v, child(where, k), problems) for k, v in raw.items()}
        if isinstance(raw, (list, tuple)):
            return [
                templated(template, part, child(where, n), problems) for n, part in enumerate(raw)
            ]
        problems.append(Problem(where, _reason(error)))
        return UNREAD


def _reason(error: BaseException) -> str:
    """Return why a template failed; only messages that name no values are passed on."""
    if isinstance(error, AnsibleUndefinedVariable):
        return f"can't be read: {str(error).rstrip('.')}"
    if "vault" in type(error).__name__.lower() or "decrypt" in str(error).lower():
        return "can't be decrypted with the vault passwords given"
    return "can't be read: the template in it fails"
