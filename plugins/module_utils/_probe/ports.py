"""Which ports answer: a concurrent connect scan, and its judgement."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import socket
from collections.abc import Iterable

from .model import Check, Group, Opening, Promise, Target, Verdict, broken, kept, skipped
from .transcript import Transcript

AT_ONCE = 300
# Mail, administration, directories, databases and web: what is left open by mistake.
WELL_KNOWN_PORTS = (
    *(20, 21, 22, 23, 24, 25, 53, 69, 79, 80, 88, 106, 109, 110, 111, 113, 119, 135, 139, 143),
    *(161, 209, 220, 366, 389, 406, 443, 445, 465, 512, 513, 514, 563, 585, 587, 593, 628, 631),
    *(636, 674, 783, 873, 910, 943, 953, 990, 993, 995, 1080, 1109, 1433, 1521, 2000, 2003),
    *(2004, 2005, 2049, 2375, 2376, 2379, 2500, 2525, 3128, 3306, 3310, 3389, 4190, 4444, 5000),
    *(5432, 5666, 5900, 5984, 6379, 7025, 8000, 8080, 8081, 8443, 8891, 8893, 9000, 9090, 9100),
    *(9200, 9998, 10000, 10024, 10025, 10026, 10027, 11211, 11332, 11333, 11334, 12345, 12768),
    *(24, 25025, 27017),
)
_SHUT = (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EACCES)


def ports_of(text: str) -> tuple[int, ...]:
    """Return the ports that "25", "1000-1100" or "well_known" stand for; ValueError else."""
    if text == "well_known":
        return tuple(sorted(set(WELL_KNOWN_PORTS)))
    if text == "all":
        return tuple(range(1, 65536))
    first, dash, last = text.partition("-")
    numbers = tuple(range(int(first), int(last if dash else first) + 1))
    if not numbers or numbers[0] < 1 or numbers[-1] > 65535:
        raise ValueError(f'"{text}" is not a port or a range of ports')
    return numbers


def is_open_to(opening: Opening, address: str) -> bool:
    """Whether a client at that address may reach the opening."""
    if opening.sources is None:
        return True
    client = ipaddress.ip_address(address)
    networks = (ipaddress.ip_network(source, strict=False) for source in opening.sources)
    return any(client in network for network in networks if network.version == client.version)


def scan(address: str, ports: Iterable[int], timeout_seconds: float) -> dict[int, bool]:
    """Try to connect to each port; True means that something answered."""
    return asyncio.run(_scan(address, sorted(set(ports)), timeout_seconds))


async def _scan(address: str, ports: list[int], timeout_seconds: float) -> dict[int, bool]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def answers(port: int) -> bool:
        async with gate:
            return await _answers(address, port, timeout_seconds)

    return dict(zip(ports, await asyncio.gather(*map(answers, ports)), strict=True))


async def _answers(address: str, port: int, timeout_seconds: float) -> bool:
    try:
        opening = asyncio.open_connection(address, port)
        _reader, writer = await asyncio.wait_for(opening, timeout_seconds)
    except TimeoutError:
        return False
    except OSError as error:
        if error.errno in _SHUT or isinstance(error, ConnectionError):
            return False
        raise
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True


def own_address(address: str) -> str:
    """Return the address with which this machine goes to another; no packet is sent."""
    family, kind, _proto, _name, place = socket.getaddrinfo(address, 25, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind) as sock:
        sock.connect(place)
        return str(sock.getsockname()[0])


def elsewhere(_promise: Promise, target: Target) -> list[Group]:
    """Make sure that the probe doesn't run on the server, where no firewall stands in between."""

    def step(transcript: Transcript) -> Verdict:
        mine = own_address(target.address)
        places = socket.getaddrinfo(target.address, 25, type=socket.SOCK_STREAM)
        transcript.remark(f"seen from {mine}")
        if mine in {str(place[4][0]) for place in places}:
            return broken(f"the probe runs on the server itself ({mine}): probe from elsewhere")
        return kept(f"seen from {mine}")

    sentence = f"{target.server} is looked at from another machine"
    return [(Check("elsewhere", sentence, step),)]


def ports(promise: Promise, target: Target) -> list[Group]:
    """Check that declared openings answer and that everything else stays silent."""
    return [
        (
            Check(
                "ports_open",
                "Every declared port answers",
                lambda transcript: _open_step(promise, target, transcript),
            ),
        ),
        (
            Check(
                "ports_closed",
                "All other ports are closed",
                lambda transcript: _closed_step(promise, target, transcript),
            ),
        ),
    ]


def _reachable(promise: Promise, target: Target, transcript: Transcript) -> set[int]:
    mine = own_address(target.address)
    transcript.remark(f"seen from {mine}")
    return {opening.port for opening in promise.openings if is_open_to(opening, mine)}


def _open_step(promise: Promise, target: Target, transcript: Transcript) -> Verdict:
    wanted = _reachable(promise, target, transcript)
    if not wanted:
        return skipped("nothing is declared open for this place")
    found = scan(target.address, wanted, target.timeout_seconds)
    silent = [port for port in sorted(wanted) if not found[port]]
    transcript.remark(f"open: {listed(port for port in wanted if found[port])}")
    if silent:
        return broken(f"no answer on {listed(silent)}")
    return kept(listed(wanted))


def _closed_step(promise: Promise, target: Target, transcript: Transcript) -> Verdict:
    allowed = _reachable(promise, target, transcript) | set(promise.ignored)
    others = set(promise.closed) - allowed
    found = scan(target.address, others, min(target.timeout_seconds, 2.0))
    answering = [port for port in sorted(others) if found[port]]
    transcript.remark(f"tried: {listed(others)}")
    if answering:
        return broken(f"open although not declared: {listed(answering)}")
    return kept(f"{len(others)} ports tried, none answers")


def listed(ports: Iterable[int]) -> str:
    """Return ports in words, neighbours as ranges."""
    parts: list[list[int]] = []
    for port in sorted(set(ports)):
        if parts and port == parts[-1][-1] + 1:
            parts[-1].append(port)
        else:
            parts.append([port])
    return (
        ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in parts)
        or "none"
    )
