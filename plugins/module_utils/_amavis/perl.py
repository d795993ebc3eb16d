"""Perl as data: the assignments that amavis' configuration is made of, written and read again."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem


@dataclass(frozen=True)
class Name:
    """A word that Perl looks up: a constant such as D_DISCARD, or \\&ask_daemon."""

    text: str


@dataclass(frozen=True)
class Pattern:
    """A regular expression, qr/text/flags."""

    text: str
    flags: str = ""


@dataclass(frozen=True)
class Patterns:
    """A table of regular expressions, new_RE(...)."""

    patterns: tuple[Pattern, ...]


Value: TypeAlias = (
    "str | int | Name | Pattern | Patterns | tuple[Value, ...] | dict[str, Value] | None"
)

_VARIABLE = re.compile(r"[$@%][A-Za-z_]\w*(?:\{'[^'\\\n]*'\})?")
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^'\\]|\\.)*')
    | (?P<pattern>qr'(?:[^'\\]|\\.)*'[a-z]*)
    | (?P<number>-?\d+)
    | (?P<name>(?:\\&)?[A-Za-z_]\w*)
    | (?P<sign>=>|[()\[\]{},])
    )""",
    re.VERBOSE | re.DOTALL,
)


def render_settings(settings: Mapping[str, Value]) -> str:
    """Write one assignment a line, in the order given; `settings` maps `$name` to a value."""
    return "".join(f"{_assignment(name, value)}\n" for name, value in settings.items())


def parse_settings(text: str) -> tuple[dict[str, Value], list[Problem]]:
    """Return the assignments of a file that `render_settings` wrote, and what is none."""
    settings: dict[str, Value] = {}
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#") or line in ("use strict;", "use utf8;", "1;"):
            continue
        found = _VARIABLE.match(line)
        name = found.group() if found else ""
        try:
            value = _read(line[len(name) :].removeprefix(" = ").removesuffix(";"), name[:1])
            if _assignment(name, value) != line:
                raise ValueError
            settings[name] = value
        except (ValueError, IndexError):
            problems.append(Problem(f"line {number}", "is no assignment as they are written here"))
    return settings, problems


def render(value: Value) -> str:
    """Write a value."""
    match value:
        case None:
            text = "undef"
        case int():
            text = str(int(value))
        case str():
            text = quoted(value)
        case Name():
            text = value.text
        case Pattern():
            text = f"qr{_delimited(value.text)}{value.flags}"
        case Patterns():
            text = f"new_RE({', '.join(map(render, value.patterns))})"
        case dict():
            text = "{" + _pairs(value) + "}"
        case tuple():
            text = "[" + ", ".join(map(render, value)) + "]"
    return text


def _assignment(name: str, value: Value) -> str:
    if not _VARIABLE.fullmatch(name):
        raise ValueError(f"{name!r} is no variable")
    return f"{name} = {_inside(value) if name[0] in '@%' else render(value)};"


def quoted(text: str) -> str:
    """Write a text in which Perl looks nothing up."""
    if any(sign in text for sign in "\n\r\0"):
        raise ValueError(f"{text!r} has a line break in it")
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _delimited(pattern: str) -> str:
    if "'" in pattern or "\n" in pattern:
        raise ValueError(f"{pattern!r} can't be a pattern here")
    return f"'{pattern}'"


def _inside(value: Value) -> str:
    """Write what an array or a hash is given: its elements between parentheses."""
    if isinstance(value, dict):
        return f"({_pairs(value)})"
    if isinstance(value, tuple):
        return f"({', '.join(map(render, value))})"
    raise ValueError(f"{value!r} is neither an array nor a hash")


def _pairs(value: Mapping[str, Value]) -> str:
    return ", ".join(f"{quoted(key)} => {render(one)}" for key, one in value.items())


def _read(text: str, sigil: str) -> Value:
    tokens = list(_tokens(text))
    tokens.reverse()
    if sigil == "$":
        value = _value(tokens)
    else:
        _expect(tokens, "(")
        value = _hash(tokens, ")") if sigil == "%" else _list(tokens, ")")
    if tokens:
        raise ValueError
    return value


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if not found:
            raise ValueError
        place = found.end()
        kind = found.lastgroup or ""
        yield kind, found.group(kind)


def _value(tokens: list[tuple[str, str]]) -> Value:
    kind, text = tokens.pop()
    value: Value
    match kind, text:
        case "text", _:
            value = re.sub(r"\\([\\'])", r"\1", text[1:-1])
        case "number", _:
            value = int(text)
        case "pattern", _:
            body, _quote, flags = text[3:].rpartition("'")
            value = Pattern(body, flags)
        case "name", "new_RE":
            _expect(tokens, "(")
            found = _list(tokens, ")")
            value = Patterns(tuple(one for one in found if isinstance(one, Pattern)))
        case "name", _:
            value = None if text == "undef" else Name(text)
        case _, "{":
            value = _hash(tokens, "}")
        case _, "[":
            value = _list(tokens, "]")
        case _:
            raise ValueError
    return value


def _list(tokens: list[tuple[str, str]], end: str) -> tuple[Value, ...]:
    values: list[Value] = []
    while tokens[-1][1] != end:
        values.append(_value(tokens))
        if tokens[-1][1] == ",":
            tokens.pop()
    tokens.pop()
    return tuple(values)


def _hash(tokens: list[tuple[str, str]], end: str) -> dict[str, Value]:
    values: dict[str, Value] = {}
    while tokens[-1][1] != end:
        key = _value(tokens)
        _expect(tokens, "=>")
        values[str(key)] = _value(tokens)
        if tokens[-1][1] == ",":
            tokens.pop()
    tokens.pop()
    return values


def _expect(tokens: list[tuple[str, str]], sign: str) -> None:
    if tokens.pop()[1] != sign:
        raise ValueError
