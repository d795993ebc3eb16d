"""Reading Postfix's files into the model; what can't be read becomes Problems."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from .model import COLUMNS, LIST, PATTERNS, SERVICE_TYPES, Service, Settings

_WORD = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\S+")
_PATTERN = re.compile(
    r"(!?(?P<mark>[^\w\s])(?:\\.|(?!(?P=mark)).)*(?P=mark)\w*)\s+(.*)\Z", re.DOTALL
)


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield (number, line): comments left out, lines that begin with space joined to the last."""
    number, pieces = 0, list[str]()
    for count, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0] in " \t" and pieces:
            pieces.append(line.strip())
            continue
        if pieces:
            yield number, " ".join(pieces)
        number, pieces = count, [line.strip()]
    if pieces:
        yield number, " ".join(pieces)


def parse_main(text: str) -> tuple[Settings, list[Problem]]:
    """Read main.cf; of a parameter that stands twice the last value holds, as in Postfix."""
    found: dict[str, str] = {}
    problems = []
    for number, line in logical_lines(text):
        name, equals, value = line.partition("=")
        if equals and name.strip() and not set(name.strip()) & set(" \t"):
            found[name.strip()] = value.strip()
        else:
            problems.append(Problem(f"main.cf line {number}", "is not `name = value`"))
    return tuple(sorted(found.items())), problems


def parse_master(text: str) -> tuple[tuple[Service, ...], list[Problem]]:
    """Read master.cf; of a service that stands twice the last line holds, as in Postfix."""
    found: dict[tuple[str, str], Service] = {}
    problems = []
    for number, line in logical_lines(text):
        words = _WORD.findall(line)
        if len(words) < len(COLUMNS) + 3 or words[1] not in SERVICE_TYPES:
            problems.append(Problem(f"master.cf line {number}", "is not a service"))
            continue
        service = _service(words)
        found[service.key] = service
    return tuple(found[key] for key in sorted(found)), problems


def _service(words: list[str]) -> Service:
    options: dict[str, str] = {}
    arguments = []
    rest = iter(words[8:])
    for word in rest:
        if word == "-o":
            name, _equals, value = _unwrapped(next(rest, "")).partition("=")
            options[name.strip()] = value.strip()
        else:
            arguments.append(_unwrapped(word))
    private, unpriv, chroot, wakeup, maxproc = words[2:7]
    return Service(
        words[0],
        words[1],
        words[7],
        private,
        unpriv,
        chroot,
        wakeup,
        maxproc,
        options=tuple(sorted(options.items())),
        arguments=tuple(arguments),
    )


def _unwrapped(word: str) -> str:
    if word.startswith("{") and word.endswith("}"):
        return word[1:-1].strip()
    return word


def parse_table(text: str, kind: str) -> tuple[Settings, list[Problem]]:
    """Read the source of a lookup table; entries stay in their order."""
    found = []
    problems = []
    read = _pattern_entry if kind in PATTERNS else _list_entry if kind == LIST else _plain_entry
    for number, line in logical_lines(text):
        entry = read(line)
        if entry is None:
            problems.append(Problem(f"line {number}", "is not `key value`"))
        else:
            found.append(entry)
    return tuple(found), problems


def _plain_entry(line: str) -> tuple[str, str] | None:
    words = line.split(None, 1)
    return (words[0], words[1]) if len(words) == 2 else None


def _list_entry(line: str) -> tuple[str, str] | None:
    words = line.split()
    return (words[0], "") if len(words) == 1 else None


def _pattern_entry(line: str) -> tuple[str, str] | None:
    found = _PATTERN.match(line)
    return (found[1], found[3]) if found else None


def parse_sasl(text: str) -> Settings:
    """Read a configuration file of Cyrus SASL."""
    pairs = (
        line.partition(":")
        for line in text.splitlines()
        if line.strip() and not line.startswith("#")
    )
    return tuple(sorted((name.strip(), value.strip()) for name, _colon, value in pairs))
