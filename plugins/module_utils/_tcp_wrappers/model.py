"""What TCP wrappers are told: which daemon lets in whom."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

Network: TypeAlias = "ipaddress.IPv4Network | ipaddress.IPv6Network"

_DAEMON = re.compile(r"[A-Za-z0-9_.-]+")
_LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
EVERYONE = "everyone"


@dataclass(frozen=True, order=True)
class Rule:
    """A daemon by the name that it asks for, and whom it lets in; no clients let in everybody."""

    daemon: str
    clients: tuple[str, ...] = ()


def parse_openings(
    openings: Sequence[Mapping[str, Any]], own: Sequence[str]
) -> tuple[tuple[Rule, ...], list[Problem]]:
    """Return one rule for each daemon, in which the host itself comes first, and all problems.

    Of a daemon that answers at several ports libwrap can't tell which one a client came to.
    """
    problems: list[Problem] = []
    always = [*_LOOPBACK, *_networks(own, "own_addresses", problems)]
    found: dict[str, list[Network] | None] = {}
    for number, opening in enumerate(openings):
        where, daemon = f"openings[{number}]", opening["name"]
        if not _DAEMON.fullmatch(daemon):
            hint = "letters, digits, dots, - and _"
            problems.append(Problem(f"{where}.name", f'"{daemon}" is no name of a daemon', hint))
        sources = opening["sources"]
        before = found.setdefault(daemon, list(always))
        if sources == EVERYONE or before is None:
            found[daemon] = None
        elif not isinstance(sources, (list, tuple)):
            hint = f"write {EVERYONE}, or a list of networks"
            problems.append(Problem(f"{where}.sources", f'"{sources}" is no list', hint))
        else:
            before += _networks(sources, f"{where}.sources", problems)
    return tuple(_rule(daemon, found[daemon]) for daemon in sorted(found)), problems


def networks_of(rule: Rule) -> tuple[Network, ...]:
    """Return whom a rule lets in as networks."""
    return tuple(ipaddress.ip_network(client.translate(_BRACKETS)) for client in rule.clients)


_BRACKETS = str.maketrans("", "", "[]")


def _rule(daemon: str, networks: list[Network] | None) -> Rule:
    if networks is None:
        return Rule(daemon)
    return Rule(daemon, tuple(dict.fromkeys(map(_client, networks))))


def _client(network: Network) -> str:
    """Return a network as libwrap writes it."""
    address = str(network.network_address)
    if isinstance(network, ipaddress.IPv6Network):
        return f"[{address}]" if network.prefixlen == 128 else f"[{address}]/{network.prefixlen}"
    return address if network.prefixlen == 32 else f"{address}/{network.netmask}"


def _networks(texts: Iterable[object], where: str, problems: list[Problem]) -> Iterator[Network]:
    for number, text in enumerate(texts):
        try:
            yield ipaddress.ip_network(str(text))
        except ValueError:
            hint = "write it like 10.20.0.0/16 or 2001:db8::/32"
            problems.append(Problem(f"{where}[{number}]", f'"{text}" is no network', hint))
