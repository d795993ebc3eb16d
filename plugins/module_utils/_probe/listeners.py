"""What listens on the probing host itself, in the kernel's own words."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from .model import Check, Group, Promise, Target, Verdict, broken, kept
from .ports import is_open_to, listed
from .transcript import Transcript

TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
_LISTENING = "0A"
_WORD = 8  # hexadecimal digits; an address is written word by word in the machine's own order

Address: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"


def no_listener(promise: Promise, target: Target) -> list[Group]:
    """Make sure that no program of this host waits for connections on the ports."""

    def step(transcript: Transcript) -> Verdict:
        listening = sorted(
            {place for table in TABLES for place in read_table(Path(table).read_text())}, key=str
        )
        transcript.remark(f"listening: {_in_words(listening)}")
        heard = [place for place in listening if _is_too_open(place, promise)]
        if heard:
            return broken(f"something listens on {_in_words(heard)}")
        return kept("nothing listens")

    alone = ", except to the host itself" if promise.openings else ""
    sentence = f"Nothing on {target.server} listens on {listed(promise.closed)}{alone}"
    return [(Check("no_listener", sentence, step),)]


def read_table(text: str) -> Iterator[tuple[Address, int]]:
    """Yield address and port of every listening socket in one of the kernel's tables."""
    for line in text.splitlines()[1:]:
        _number, local, _remote, state, *_rest = line.split()
        if state == _LISTENING:
            address, _colon, port = local.partition(":")
            yield _address(address), int(port, 16)


def _address(digits: str) -> Address:
    words = [int(digits[at : at + _WORD], 16) for at in range(0, len(digits), _WORD)]
    packed = b"".join(word.to_bytes(4, sys.byteorder) for word in words)
    address = ipaddress.ip_address(packed)
    return getattr(address, "ipv4_mapped", None) or address


def _is_too_open(place: tuple[Address, int], promise: Promise) -> bool:
    address, port = place
    if port not in promise.closed:
        return False
    allowed = (opening for opening in promise.openings if opening.port == port)
    return not any(is_open_to(opening, str(address)) for opening in allowed)


def _in_words(places: Iterable[tuple[Address, int]]) -> str:
    return ", ".join(f"{address} port {port}" for address, port in places) or "nothing"
