"""What Sendmail answers by its tables: in quotes, or it loses spaces and what is in brackets."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable

ANSWERING = ("access", "mailertable", "virtusertable")
_BARE = re.compile(
    rb'((?:error:)?(?:[45]\.\d{1,3}\.\d{1,3}:)?|error:\w+ )([45]\d\d[ -][^"]*)\Z', re.IGNORECASE
)


def with_quotes(entries: Iterable[bytes]) -> list[bytes]:
    """Return the entries of a table with every answer in quotes."""
    return [_quoted(entry) if entry.count(b" ") > 1 else entry for entry in entries]


def _quoted(entry: bytes) -> bytes:
    key, gap, value = entry.partition(b" ")
    found = _BARE.match(value)
    return key + gap + found[1] + b'"' + found[2] + b'"' if found else entry
