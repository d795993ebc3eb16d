"""Writing this collection's part of hosts.allow, in front of what others have written there."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .model import Rule
from .parse import BEGIN, END, without_part


def render(rules: Iterable[Rule]) -> str:
    """Write the part. The first line that fits a client decides.

    A daemon's last line refuses: Sendmail's package puts `sendmail: all` into this file, and what
    stands here is asked before anything in hosts.deny.
    """
    lines = [line for rule in sorted(rules) for line in _lines(rule)]
    return "".join(f"{line}\n" for line in (BEGIN, *lines, END)) if lines else ""


def with_part(text: str, rules: Iterable[Rule]) -> str:
    """Return the whole file with this part in front, or without it where there are no rules."""
    return render(rules) + without_part(text)


def _lines(rule: Rule) -> Iterator[str]:
    if not rule.clients:
        yield f"{rule.daemon}: ALL"
        return
    # One to a line: libwrap reads 2,000 characters of a line.
    yield from (f"{rule.daemon}: {client}" for client in rule.clients)
    yield f"{rule.daemon}: ALL: DENY"
