"""Addresses of the virtusertable with several targets: one alias each, since it takes one only."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable


def token(address: str) -> str:
    """Return the alias that stands for an address with several targets."""
    plain = re.sub(r"[^a-z0-9.]", "-", address.lower())
    return f"postern--{plain}--{hashlib.sha256(address.encode()).hexdigest()[:8]}"


def with_aliases(
    addresses: Iterable[bytes], aliases: Iterable[bytes]
) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Return both tables with an alias for each address that leads to more than one."""
    single, several = [], []
    for entry in addresses:
        key, _gap, value = entry.partition(b" ")
        if b"," not in value or value.lower().startswith(b"error:"):
            single.append(entry)
            continue
        name = token(key.decode()).encode()
        single.append(key + b" " + name)
        several.append(name + b" " + value)
    known = {entry.partition(b" ")[0]: entry for entry in several}
    kept = (entry for entry in aliases if entry.partition(b" ")[0] not in known)
    return tuple(single), tuple(sorted([*kept, *several]))
