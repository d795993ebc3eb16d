"""The table authinfo: with which name and password Sendmail logs in elsewhere."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, nearest
from ansible_collections.postern.mail.plugins.module_utils._core.spec import child

_HOST = re.compile(r"(?:[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f.:]+\])?\Z")
_KEYS = ("mechanisms", "password", "username")
_MECHANISM = re.compile(r"[A-Z0-9_-]+\Z")
_LONGEST = 400  # what Sendmail's own buffer for one entry takes, with room to spare


def authinfo_entries(given: Mapping[str, object]) -> tuple[tuple[bytes, ...], list[Problem]]:
    """Return the entries by host, and what is wrong; no message repeats a value."""
    problems: list[Problem] = []
    entries = []
    for host, login in sorted(given.items()):
        at = child("authinfo", str(host))
        if not _HOST.match(str(host)):
            problems.append(Problem(at, "is no host", "a name, or an address in brackets"))
        wrong = list(_wrong(login, at))
        problems += wrong
        if not wrong and isinstance(login, Mapping):
            entries.append(f"AuthInfo:{host} {_value(login)}".encode())
    return tuple(entries), problems


def _wrong(login: object, at: str) -> list[Problem]:
    if not isinstance(login, Mapping):
        return [Problem(at, "is no mapping", "give username and password")]
    found = [
        Problem(child(at, str(key)), "no such key", nearest(str(key), _KEYS))
        for key in login
        if key not in _KEYS
    ]
    for key in ("username", "password"):
        value = login.get(key)
        if not isinstance(value, str) or not value:
            found.append(Problem(child(at, key), "is missing" if not value else "is no text"))
        elif re.search(r"[\x00-\x1f\x7f]", value):
            found.append(Problem(child(at, key), "has a control character"))
        elif len(value.encode()) > _LONGEST:
            found.append(Problem(child(at, key), f"is longer than {_LONGEST} bytes"))
    for name in _mechanisms(login):
        if not _MECHANISM.match(name):
            found.append(Problem(child(at, "mechanisms"), "has a name that is no mechanism"))
    return found


def _mechanisms(login: Mapping[str, object]) -> list[str]:
    given = login.get("mechanisms") or []
    return given.split() if isinstance(given, str) else [str(name) for name in list(given)]  # type: ignore[call-overload]


def _value(login: Mapping[str, object]) -> str:
    """Return one login; what may have quotes of its own is written in base64."""
    words = [f'"I={_base64(login["username"])}"', f'"P={_base64(login["password"])}"']
    if names := _mechanisms(login):
        words.append(f'"M:{" ".join(names)}"')
    return " ".join(words)


def _base64(text: object) -> str:
    return base64.b64encode(str(text).encode()).decode()
