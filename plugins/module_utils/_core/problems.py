"""Problems as values: what is wrong, where it stands, and what was expected."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong at one place of the input.

    where: path in the inventory or file, such as `mail_accounts[3].quota`.
    what:  the value and what is wrong with it, such as `"2 gigs" is not a size`.
    hint:  what is expected, such as `write it like 2GiB`; may be empty.
    """

    where: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        tail = f"; {self.hint}" if self.hint else ""
        return f"{self.where}: {self.what}{tail}"


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `did you mean "x"?` for the nearest known name, or an empty string."""
    found = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f'did you mean "{found[0]}"?' if found else ""


def report(problems: Iterable[Problem], done: str = "nothing was changed") -> str:
    """Return all problems as one text, a line each, in the order of their places.

    What was done all the same stands in `done`.
    """
    lines = [str(problem) for problem in sorted(set(problems), key=_in_order)]
    count = "1 problem" if len(lines) == 1 else f"{len(lines)} problems"
    return "\n".join([f"{count}, {done}:", *(f"  {line}" for line in lines)])


def _in_order(problem: Problem) -> tuple[list[tuple[int, str]], Problem]:
    """Return what to sort by: line 9 of a file before its line 10."""
    parts = re.split(r"([0-9]+)", problem.where)
    return [
        (int(part) if part.isascii() and part.isdigit() else 0, part) for part in parts
    ], problem
