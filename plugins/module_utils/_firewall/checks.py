"""From what an inventory says about the firewall to the model, or to all of its problems."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_address, ip_network
from typing import Any

from .._core.problems import Problem, nearest
from .model import Firewall, Network, Opening, Peer, Sources, admits, collapsed

EVERYONE = "everyone"
PROTOCOLS = ("tcp", "udp")
KEYS = ("name", "per_client", "port", "protocol", "sources")
RESERVED = ("controller", "ssh")
# A name becomes the name of a set and a comment in the table.
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")


def read_firewall(raw: Mapping[str, Any]) -> tuple[Firewall, list[Problem]]:
    """Return the model of a module's options, and what is wrong with them.

    With problems, the model is only what could be read. Places are named as in the inventory.
    """
    problems: list[Problem] = []
    entries = [
        (f"firewall_{key}[{i}]", entry)
        for key in ("openings", "extra_openings")
        for i, entry in enumerate(raw.get(key) or [])
    ]
    openings = _openings(entries, problems)
    ports = [
        _port(port, f"firewall_ssh_ports[{i}]", problems)
        for i, port in enumerate(raw.get("ssh_ports") or [])
    ]
    firewall = Firewall(
        openings=tuple(sorted(openings, key=lambda o: (o.protocol, o.port, o.name))),
        ssh_ports=tuple(sorted({port for port in ports if port})),
        ssh_sources=_sources(raw.get("ssh_sources", EVERYONE), "firewall_ssh_sources", problems),
        extra_rules=_rules(raw.get("extra_rules") or [], problems),
        ping=bool(raw.get("ping", True)),
        log_drops=bool(raw.get("log_drops", False)),
        drop_forwarded=raw.get("forwarded", "leave") == "drop",
    )
    return firewall, problems


def with_controller(firewall: Firewall, peer: Peer | None) -> Firewall:
    """Keep the controller's way in where the SSH rules would not let it in anyway."""
    if peer is None or admits(firewall, peer):
        return firewall
    return replace(firewall, controller=peer)


def controller_warnings(firewall: Firewall) -> list[str]:
    """Say what is kept beyond what the inventory names."""
    peer = firewall.controller
    if peer is None:
        return []
    return [
        f"The controller comes from {peer.address} to port {peer.port}, which firewall_ssh_ports "
        "and firewall_ssh_sources do not allow. Its way in is kept by a rule of its own; name it "
        "there, or a run from another address will close it."
    ]


def read_peer(client: str, port: str) -> Peer | None:
    """Return the peer of that client address and server port, None when they are not one."""
    try:
        address = ip_address(client.partition("%")[0])
        number = int(port)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return Peer(mapped or address, number) if 0 < number < 65536 else None


def _openings(entries: Sequence[tuple[str, Any]], problems: list[Problem]) -> list[Opening]:
    found: list[Opening] = []
    taken = dict.fromkeys(RESERVED, "the firewall itself")
    for place, entry in entries:
        if not isinstance(entry, Mapping):
            problems.append(Problem(place, f'"{entry}" is not an opening', "give name and port"))
            continue
        problems += [
            Problem(f"{place}.{key}", "is not a key of an opening", nearest(str(key), KEYS))
            for key in entry
            if key not in KEYS
        ]
        opening = _opening(entry, place, problems)
        if opening is None:
            continue
        if opening.name in taken:
            what = f'"{opening.name}" is taken by {taken[opening.name]}'
            problems.append(Problem(f"{place}.name", what, "give each opening its own name"))
        taken[opening.name] = place
        found.append(opening)
    return found


def _opening(entry: Mapping[str, Any], place: str, problems: list[Problem]) -> Opening | None:
    before = len(problems)
    name = str(entry.get("name", ""))
    if not NAME.fullmatch(name):
        hint = "a letter, then up to 59 letters, digits, hyphens or underscores"
        problems.append(Problem(f"{place}.name", f'"{name}" is not a name', hint))
    port = _port(entry.get("port"), f"{place}.port", problems)
    protocol = str(entry.get("protocol") or "tcp")
    if protocol not in PROTOCOLS:
        what = f'"{protocol}" is not a protocol'
        problems.append(Problem(f"{place}.protocol", what, f"one of {', '.join(PROTOCOLS)}"))
    sources = _sources(entry.get("sources", EVERYONE), f"{place}.sources", problems)
    per_client = _per_client(entry.get("per_client", 0), place, protocol, problems)
    if len(problems) > before:
        return None
    return Opening(name, port, protocol, sources, per_client)


def _per_client(raw: object, place: str, protocol: str, problems: list[Problem]) -> int:
    text = str(raw) if isinstance(raw, (int, str)) and not isinstance(raw, bool) else ""
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= number < 65536:
        what = f'"{raw}" is not a number of connections'
        problems.append(Problem(f"{place}.per_client", what, "from 1 to 65535, or 0 for no limit"))
    elif number and protocol != "tcp":
        what = f"there are no connections over {protocol}"
        problems.append(Problem(f"{place}.per_client", what, "leave it out"))
    return max(number, 0)


def _port(raw: object, where: str, problems: list[Problem]) -> int:
    """Return the port, or 0 with a problem."""
    text = str(raw) if isinstance(raw, (int, str)) and not isinstance(raw, bool) else ""
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    problems.append(Problem(where, f'"{raw}" is not a port', "a number from 1 to 65535"))
    return 0


def _sources(raw: object, where: str, problems: list[Problem]) -> Sources:
    if raw is None or raw == EVERYONE:
        return None
    if not isinstance(raw, (list, tuple)):
        hint = f"`{EVERYONE}` or a list of networks"
        problems.append(Problem(where, f'"{raw}" is not a list of networks', hint))
        return None
    if not raw:
        hint = f"name networks, write `{EVERYONE}`, or leave the whole entry out"
        problems.append(Problem(where, "no network at all: nobody could reach it", hint))
        return None
    read = [_network(text, f"{where}[{i}]", problems) for i, text in enumerate(raw)]
    return collapsed(tuple(network for network in read if network is not None))


def _network(raw: object, where: str, problems: list[Problem]) -> Network | None:
    text = str(raw)
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        hint = "write it like 192.0.2.0/24, 2001:db8::/32 or 192.0.2.1"
        problems.append(Problem(where, f'"{text}" is not a network', hint))
        return None
    if "/" in text and ip_address(text.partition("/")[0]) != network.network_address:
        problems.append(Problem(where, f'"{text}" has host bits set', f'did you mean "{network}"?'))
        return None
    return network


def _rules(raw: Sequence[Any], problems: list[Problem]) -> tuple[str, ...]:
    """Return nft statements, of which none may leave the chain; nft judges the rest."""
    rules = []
    for i, rule in enumerate(raw):
        text = rule.strip() if isinstance(rule, str) else ""
        if not text.isprintable() or text.startswith("#") or text.endswith("\\") or not text:
            what, hint = f'"{rule}" is not a rule', "one line of nft, such as `tcp dport 22 drop`"
            problems.append(Problem(f"firewall_extra_rules[{i}]", what, hint))
        elif not _balanced(text):
            what = f'"{text}" has braces without a partner'
            problems.append(Problem(f"firewall_extra_rules[{i}]", what))
        else:
            rules.append(text)
    return tuple(rules)


def _balanced(text: str) -> bool:
    depth = 0
    for letter in re.sub(r'"[^"]*"', "", text):
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return False
    return depth == 0
