"""What a host lets in: openings, the way in for administration, and the rules of its own."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, collapse_addresses
from typing import TypeAlias

Network: TypeAlias = "IPv4Network | IPv6Network"
Sources: TypeAlias = "tuple[Network, ...] | None"  # None: everyone

FAMILY_TABLE = "inet postern"


@dataclass(frozen=True)
class Opening:
    """A port that may be reached, and from where; sources of None means everyone.

    per_client: how many connections one client may have there at a time; 0 is no limit. A client is
    an address, or over IPv6 a network of /64.
    """

    name: str
    port: int
    protocol: str = "tcp"
    sources: Sources = None
    per_client: int = 0


@dataclass(frozen=True)
class Peer:
    """The far end of the controller's connection, and the port that it came in by."""

    address: IPv4Address | IPv6Address
    port: int


@dataclass(frozen=True)
class Firewall:
    """All that the table `inet postern` says."""

    openings: tuple[Opening, ...] = ()
    ssh_ports: tuple[int, ...] = (22,)
    ssh_sources: Sources = None
    controller: Peer | None = None
    extra_rules: tuple[str, ...] = ()
    ping: bool = True
    log_drops: bool = False
    drop_forwarded: bool = False


def collapsed(networks: tuple[Network, ...]) -> tuple[Network, ...]:
    """Return the same addresses in the fewest networks, IPv4 first, in order."""
    four = collapse_addresses(n for n in networks if isinstance(n, IPv4Network))
    six = collapse_addresses(n for n in networks if isinstance(n, IPv6Network))
    return (*four, *six)


def admits(firewall: Firewall, peer: Peer) -> bool:
    """Whether the way in for SSH admits that peer without a rule of its own."""
    if peer.port not in firewall.ssh_ports:
        return False
    sources = firewall.ssh_sources
    return sources is None or any(_contains(network, peer.address) for network in sources)


def _contains(network: Network, address: IPv4Address | IPv6Address) -> bool:
    return network.version == address.version and address in network
