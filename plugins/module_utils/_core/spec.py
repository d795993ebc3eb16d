"""Check a value against an Ansible argument spec: types, choices, unknown and missing keys."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, nearest

Rule = Mapping[str, Any]
Options = Mapping[str, Rule]

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_STEP = re.compile(r'\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')
_TRUE = ("yes", "on", "true")
_FALSE = ("no", "off", "false")
_KINDS = {str: "text", bool: "a boolean", int: "a number", float: "a number"}
_NOTHING = object()

UNREAD = object()  # stands for a value that is there and can't be read; said elsewhere


def child(where: str, key: str | int) -> str:
    """Return the path of a part, such as `mail_accounts[3]` or `mail_aliases["a@b.example"]`."""
    if isinstance(key, int):
        return f"{where}[{key}]"
    if _PLAIN_KEY.match(key):
        return f"{where}.{key}" if where else str(key)
    return f"{where}[{json.dumps(key, ensure_ascii=False)}]"


def steps(where: str) -> list[str | int]:
    """Return the keys and indexes of a path that `child` made."""
    found: list[str | int] = []
    for name, index, quoted in _STEP.findall(where):
        found.append(name or (int(index) if index else str(json.loads(quoted))))
    return found


def show(value: object) -> str:
    """Return a value as a message quotes it: text in quotes, containers by their kind only."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = str(value)
        return json.dumps(text if len(text) <= 60 else text[:57] + "...", ensure_ascii=False)
    return str(value) if isinstance(value, (int, float)) else kind(value)


def kind(value: object) -> str:
    """Return what a value is, in a reader's words."""
    if value is None:
        return "empty"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    return next((word for cls, word in _KINDS.items() if isinstance(value, cls)), "an object")


def check(
    options: Options, values: Mapping[str, Any], where: str = ""
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the values with defaults filled in and wrong parts left out, and the problems."""
    problems: list[Problem] = []
    return _keys({"options": options}, values, where, problems), problems


def _keys(rule: Rule, values: Mapping[str, Any], where: str, out: list[Problem]) -> dict[str, Any]:
    options: Options = rule["options"]
    unknown = [key for key in values if key not in options]
    out += [
        Problem(child(where, str(key)), "no such key", nearest(str(key), options))
        for key in unknown
    ]
    sound: dict[str, Any] = {}
    for key, option in options.items():
        given = values.get(key)
        if given is None:
            if option.get("required"):
                out.append(Problem(child(where, key), "is missing"))
            if "default" not in option:
                continue
            given = option["default"]
        part = _value(option, given, child(where, key), out)
        if part is not _NOTHING:
            sound[key] = part
    out += _together(rule, values, where)
    return sound


def _together(rule: Rule, values: Mapping[str, Any], where: str) -> Iterable[Problem]:
    present = {key for key, value in values.items() if value is not None}
    for names in rule.get("mutually_exclusive", []):
        if len(clash := [name for name in names if name in present]) > 1:
            yield Problem(where, f"has both {' and '.join(clash)}", "keep one of them")
    for names in rule.get("required_one_of", []):
        if not present.intersection(names):
            yield Problem(where, f"has no {' and no '.join(names)}", "give one of them")
    for names in rule.get("required_together", []):
        if present.intersection(names) and (lack := [n for n in names if n not in present]):
            got = [name for name in names if name in present]
            yield Problem(where, f"has {' and '.join(got)} but no {' and no '.join(lack)}")


def _value(rule: Rule, value: object, where: str, out: list[Problem]) -> object:
    wanted = rule.get("type", "str")
    if value is UNREAD:
        return _NOTHING
    if wanted == "dict":
        return _mapping(rule, value, where, out)
    if wanted == "list":
        return _list(rule, value, where, out)
    return _scalar(rule, wanted, value, where, out)


def _mapping(rule: Rule, value: object, where: str, out: list[Problem]) -> object:
    if not isinstance(value, Mapping):
        return _wrong(where, value, "a mapping", out)
    if rule.get("options"):
        return _keys(rule, value, where, out)
    return {key: part for key, part in value.items() if part is not UNREAD}


def _list(rule: Rule, value: object, where: str, out: list[Problem]) -> object:
    if not isinstance(value, (list, tuple)):
        return _wrong(where, value, "a list", out)
    item = {**rule, "type": rule.get("elements", "raw")}
    parts = [_value(item, part, child(where, n), out) for n, part in enumerate(value)]
    return [part for part in parts if part is not _NOTHING]


def _wrong(where: str, value: object, wanted: str, out: list[Problem]) -> object:
    out.append(Problem(where, f"is {kind(value)}, not {wanted}"))
    return _NOTHING


def _scalar(rule: Rule, wanted: str, value: object, where: str, out: list[Problem]) -> object:
    found = _convert(wanted, value)
    secret = rule.get("no_log", False)
    if found is _NOTHING:
        words = {"str": "text", "path": "a path", "bool": "a boolean", "int": "a number"}
        hint = "write true or false" if wanted == "bool" else ""
        if wanted in ("str", "path") and isinstance(value, (int, float)):
            hint = "put it in quotes"
        seen = kind(value) if secret or not isinstance(value, (str, int, float)) else show(value)
        out.append(Problem(where, f"{seen} is not {words.get(wanted, wanted)}", hint))
        return _NOTHING
    choices = rule.get("choices")
    if choices and found not in choices:
        names = ", ".join(str(choice) for choice in choices)
        what = "the value is not a choice" if secret else f"{show(found)} is not a choice"
        out.append(Problem(where, what, f"choose one of: {names}"))
        return _NOTHING
    return found


def _convert(wanted: str, value: object) -> object:
    if wanted in ("str", "path"):
        return value if isinstance(value, str) else _NOTHING
    if wanted == "bool":
        return _boolean(value)
    if wanted in ("int", "float"):
        if isinstance(value, bool):
            return _NOTHING
        try:
            return int(str(value)) if wanted == "int" else float(str(value))
        except (TypeError, ValueError):
            return _NOTHING
    return value


def _boolean(value: object) -> object:
    if isinstance(value, (bool, int)) and value in (0, 1):
        return bool(value)
    text = str(value).lower() if isinstance(value, str) else ""
    return text in _TRUE if text in _TRUE + _FALSE else _NOTHING
