"""Networks as the access table has them: by whole parts of an address, dots or colons between."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import TypeAlias

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.spec import child

Network: TypeAlias = "ipaddress.IPv4Network | ipaddress.IPv6Network"
WIDEST_BITS = 12  # one network in up to 4096 keys
_TAGGED = re.compile(r"(?:connect|from|greetpause|client(?:rate|conn)|srv_features|tls_\w+):", re.I)


def access_keys(network: Network) -> list[str]:
    """Return the keys that together stand for a network; raises ValueError where they are too many.

    Sendmail looks up an address, then leaves out its last part, again and again.
    """
    size = 8 if network.version == 4 else 16
    length = max(size, -(-network.prefixlen // size) * size)
    if network.prefixlen == 0 or length - network.prefixlen > WIDEST_BITS:
        raise ValueError("is too wide for the access table")
    return [_key(part, length // size) for part in network.subnets(new_prefix=length)]


def _key(network: Network, parts: int) -> str:
    if network.version == 4:
        return ".".join(str(network.network_address).split(".")[:parts])
    words = network.network_address.exploded.split(":")[:parts]
    return "IPv6:" + ":".join(f"{int(word, 16):x}" for word in words)


def expanded(entries: Iterable[bytes], where: str) -> tuple[list[bytes], list[Problem]]:
    """Return entries in which the keys of each network stand for it.

    What the table says of a part of a network, narrower networks included, holds for that part.
    """
    kept: list[bytes] = []
    wide: list[tuple[int, str, Network, str]] = []
    problems = []
    for entry in entries:
        if not _may_be_network(entry.partition(b" ")[0]):
            kept.append(entry)
            continue
        key, _gap, value = entry.decode().partition(" ")
        try:
            tag, network = _read(key)
        except ValueError as error:
            if "/" not in key:  # a part of an address, as the table has it
                kept.append(entry)
                continue
            problems.append(Problem(child(where, key), str(error)))
            continue
        wide.append((-network.prefixlen, tag, network, value))
    taken = {entry.partition(b" ")[0].lower() for entry in kept} if wide else set()
    for _bits, tag, network, value in sorted(wide, key=lambda one: one[0]):
        for name in (f"{tag}{key}" for key in access_keys(network)):
            if name.lower().encode() not in taken:
                taken.add(name.lower().encode())
                kept.append(f"{name} {value}".encode())
    return sorted(kept), problems


def _may_be_network(key: bytes) -> bool:
    """Tell by its marks, since almost no key of a long table is one."""
    return b"@" not in key and (b"/" in key or key.count(b":") > 2)


def _read(key: str) -> tuple[str, Network]:
    tag = found[0] if (found := _TAGGED.match(key)) else ""
    written = re.sub(r"\Aipv6:", "", key[len(tag) :], flags=re.I)
    try:
        network = ipaddress.ip_network(written)
    except ValueError:
        raise ValueError("is no network") from None
    access_keys(network)
    return tag, network
