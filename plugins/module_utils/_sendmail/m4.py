"""m4 as Sendmail's mc files use it: calls and raw lines, written with quotes that hold."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

HEADER = """divert(-1)
# Managed by Ansible (postern.mail.sendmail): changes made here are overwritten.
divert(0)dnl
"""


@dataclass(frozen=True)
class Call:
    """One macro with its arguments, of which there is one at least."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A macro without arguments, and the lines of sendmail.cf that follow it."""

    name: str
    lines: tuple[str, ...] = ()


Statement: TypeAlias = "Call | Section"

# What m4 or Sendmail's own macros would make something of when a value is read once more.
_ACTIVE = re.compile(
    r"[,()]|\b(?:conf[A-Z_]+|sm_\w+|_\w+|dnl|div(?:ert|num)|undivert|change(?:quote|com|word)"
    r"|dumpdef|sysval|trace(?:on|off)|debug(?:mode|file)|m4exit|m4wrap|shift|define|undefine"
    r"|include|lower|[A-Z][A-Z0-9]*_[A-Z0-9_]+|OSTYPE|DOMAIN|FEATURE|HACK|MAILER|VERSIONID"
    r"|CONCAT|DOL|SITE|SITECONFIG|UUCPSMTP|PUSHDIVERT|POPDIVERT)\b"
)
# What a macro's own text takes for its arguments.
_PARAMETER = re.compile(r"\$(?=[0-9*@#])")
# For lines that have m4's own quotes in them.
_OPEN, _CLOSE = "[<[", "]>]"
_DEFINING = ("define", "undefine")
_CALL = re.compile(r"(\w+)\((.*)\)dnl\Z")
_ARGUMENT = re.compile(r"``(.*?)''(?=, |\Z)|`(.*?)'(?=, |\Z)")


def can_be_quoted(value: str) -> bool:
    """Say whether quotes hold a value: it has none of its own, and is one line."""
    return not re.search(r"[`'\x00-\x08\x0a-\x1f\x7f]", value)


def can_be_carried(line: str) -> bool:
    """Say whether a line of sendmail.cf can stand in a section as it is."""
    return not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line) and not (
        _OPEN in line or _CLOSE in line
    )


def quoted(value: str) -> str:
    """Return a value between m4's quotes; twice where reading it again would change it."""
    body = _PARAMETER.sub("$'`", value)
    if body != value or _ACTIVE.search(value):
        return f"``{body}''"
    return f"`{value}'"


def render_m4(statements: Iterable[Statement]) -> str:
    """Return the text of an mc file."""
    return HEADER + "".join(_written(statement) for statement in statements)


def _written(statement: Statement) -> str:
    if isinstance(statement, Call):
        first, *others = statement.arguments
        # A macro's own name is not read again, but taken as it is.
        name = f"`{first}'" if statement.name in _DEFINING else quoted(first)
        return f"{statement.name}({', '.join([name, *map(quoted, others)])})dnl\n"
    if all(can_be_quoted(line) for line in statement.lines):
        return f"{statement.name}\n" + "".join(f"`{line}'\n" for line in statement.lines)
    lines = "".join(f"{_OPEN}{line}{_CLOSE}\n" for line in statement.lines)
    return f"{statement.name}\nchangequote({_OPEN}, {_CLOSE})dnl\n{lines}changequote\n"


def parse_m4(text: str) -> tuple[Statement, ...]:
    """Read an mc file that was written here."""
    return tuple(_statements(text.removeprefix(HEADER).splitlines()))


def _statements(lines: Iterable[str]) -> Iterator[Statement]:
    name, held = "", list[str]()
    for line in lines:
        if name and line.startswith(("`", _OPEN)):
            held.append(line[1:-1] if line.startswith("`") else line[len(_OPEN) : -len(_CLOSE)])
            continue
        if line.startswith("changequote"):
            continue
        if name:
            yield Section(name, tuple(held))
        name, held = "", []
        call = _CALL.match(line)
        if call:
            yield Call(call[1], tuple(_arguments(call[2])))
        else:
            name = line
    if name:
        yield Section(name, tuple(held))


def _arguments(text: str) -> Iterator[str]:
    for twice, once in _ARGUMENT.findall(text):
        yield twice.replace("$'`", "$") or once
