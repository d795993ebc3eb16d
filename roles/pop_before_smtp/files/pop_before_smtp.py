"""Answer who may relay for having just read mail: addresses of logins, for a lifetime.

It follows what the mail store logs, and answers Postfix and Sendmail over the socketmap protocol on
a socket that systemd hands over. The journal is its only memory: a start reads a lifetime of it.
"""

# Copyright: (c) 2026, postern.mail contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import argparse
import asyncio
import errno
import ipaddress
import os
import pwd
import re
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

FIRST_SOCKET = 3  # as systemd passes sockets
MAP = b"relay_clients"
LONGEST_REQUEST = 1000  # a host's name has 255 bytes
DIGITS = 4
ENTRIES_AT_ONCE = 50  # of the journal, before questions are answered again
LOOK_AGAIN_SECONDS = 1.0  # should the journal have moved without telling
GRANTED, UNKNOWN = b"OK OK", b"NOTFOUND "
NOT_YET = b"TEMP the logins of the last minutes are still being read"
NO_SUCH_MAP = b"PERM there is no such map"
# What nobody on the internet has, or many share.
NEVER_IPV4 = ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")
NEVER_IPV6 = ("::/127", "fe80::/10", "ff00::/8")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Store:
    """How a mail store logs that somebody has logged in.

    `fields` and `user` say whose entry it is. journald sets those that begin with `_`: the user by
    what the kernel says, unit and program by what it finds of a process that still runs. `line`
    matches a whole message: what a client says of itself can't stand in for any of it. The address
    is the group `ip` of the message, or of the unit's name.
    """

    fields: Mapping[str, re.Pattern[str]]
    user: str
    line: re.Pattern[str]


_IP = r"(?P<ip>[0-9A-Fa-f.:]+)"
STORES = {
    # A process of Cyrus may end with its connection, before journald has looked at it. Its user is
    # nobody else's, so what it calls itself counts.
    "cyrus": Store(
        {"SYSLOG_IDENTIFIER": re.compile(r"cyrus/(?:imap|pop3)[0-9A-Za-z_-]*")},
        "cyrus",
        re.compile(
            rf"login: (?:[^\s\[\]]+ )?\[{_IP}\] [^\s\[\]]+ \S+(?: \S+)? User logged in"
            r"(?: SESSIONID=<\S+>)?"
        ),
    ),
    "courier": Store(
        {
            "_SYSTEMD_UNIT": re.compile(r"courier-(?:imap|pop)(?:-ssl)?\.service"),
            "_COMM": re.compile(r"courierlogger"),
        },
        "root",
        re.compile(
            rf"LOGIN, user=[^\s,\[\]]+, ip=\[{_IP}\](?:, port=\[\d+\])?(?:, protocol=[A-Z0-9]+)?"
        ),
    ),
    # It tells no address, but systemd names its unit by both ends of the connection.
    "popa3d": Store(
        {
            "_SYSTEMD_UNIT": re.compile(rf"popa3d@\d+-[0-9A-Fa-f.:]+:\d+-{_IP}:\d+\.service"),
            "_COMM": re.compile(r"popa3d"),
        },
        "",  # the one who has logged in
        re.compile(r"Authentication passed for \S+"),
    ),
}


def address_of(text: str) -> Address | None:
    """Return an address, whoever wrote it; None for anything else, names and zones included."""
    text = text.removeprefix("IPv6:")
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        if found.scope_id:
            return None
        return found.ipv4_mapped or found
    return found


class Judge:
    """Says which entry of the journal is a login, and from which address that counts."""

    def __init__(
        self, store: Store, never: Iterable[Network], shared: Callable[[Address], bool]
    ) -> None:
        self._wanted = {**store.fields, "MESSAGE": store.line}
        self._never = tuple(never)
        self._shared = shared
        self._uid = pwd.getpwnam(store.user).pw_uid if store.user else None

    def client(self, entry: Entry) -> Address | None:
        """Return who may relay by what the entry says."""
        if self._uid is not None and str(entry.get("_UID")) != str(self._uid):
            return None
        groups: dict[str, str] = {}
        for name, pattern in self._wanted.items():
            match = pattern.fullmatch(_text(entry.get(name)))
            if match is None:
                return None
            groups |= match.groupdict()
        address = address_of(groups["ip"])
        if address is None or any(address in network for network in self._never):
            return None
        return None if self._shared(address) else address


def _text(value: object) -> str:
    """Return a field that holds text; of one with bytes, or given twice, nothing matches."""
    return value if isinstance(value, str) else ""


class Shared:
    """Says whether an address is this host's own, or its router's: behind it may be anybody."""

    def __init__(self) -> None:
        self._routers: set[bytes] = set()
        self._read_again = 0.0

    def __call__(self, address: Address) -> bool:
        """Look at the routers, which may change, once a second at most."""
        if (now := _seconds()) >= self._read_again:
            self._routers, self._read_again = routers(), now + 1
        return address.packed in self._routers or is_own(address)


def is_own(address: Address) -> bool:
    """Say whether an address can be bound to, as this host's own can.

    Where that can't be told it is taken for one, and nothing is granted.
    """
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as trial:
            trial.bind((str(address), 0))
    except OSError as error:
        return error.errno != errno.EADDRNOTAVAIL
    return True


def routers(folder: Path = Path("/proc/net")) -> set[bytes]:
    """Return the addresses of the gateways of this host."""
    found: set[bytes] = set()
    for name, column, width in (("route", 2, 8), ("ipv6_route", 4, 32)):
        try:
            lines = (folder / name).read_text(encoding="ascii").splitlines()
        except FileNotFoundError:  # the kernel does without IPv6
            continue
        for line in lines:
            word = line.split()[column]
            if len(word) == width and re.fullmatch(r"[0-9A-Fa-f]+", word):
                raw = bytes.fromhex(word)
                found.add(raw[::-1] if width == 8 and sys.byteorder == "little" else raw)
    return found - {bytes(4), bytes(16)}


def _seconds() -> float:
    """Return the time by a clock that nobody sets, and that goes on while the host sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Grants:
    """Remembers addresses for a lifetime, and of no more than so many: the oldest go first."""

    def __init__(
        self, lifetime_seconds: float, most: int, clock: Callable[[], float] = _seconds
    ) -> None:
        self._lifetime = lifetime_seconds
        self._most = most
        self._clock = clock
        self._ends: dict[bytes, float] = {}  # those that end first stand first

    def __len__(self) -> int:
        """Say how many addresses are remembered."""
        return len(self._ends)

    def add(self, address: Address, age_seconds: float = 0) -> bool:
        """Grant what is left of a lifetime; say whether it is a new address."""
        self._forget()
        now = self._clock()
        known = self._ends.pop(address.packed, 0.0)
        end = max(known, now + self._lifetime - max(0.0, age_seconds))
        if end > now:
            self._ends[address.packed] = end
        while len(self._ends) > self._most:
            del self._ends[next(iter(self._ends))]
        return not known

    def __contains__(self, address: Address) -> bool:
        """Say whether an address may relay now."""
        return self._ends.get(address.packed, 0.0) > self._clock()

    def _forget(self) -> None:
        now = self._clock()
        while self._ends:
            first = next(iter(self._ends))
            if self._ends[first] > now:
                return
            del self._ends[first]


class Journal(Protocol):
    """What is needed of systemd's reader."""

    def fileno(self) -> int:
        """Return what becomes readable when the journal moves."""

    def get_next(self) -> dict[str, Any]:
        """Return the next entry, or none."""

    def process(self) -> int:
        """Take note of how the journal has moved."""


class Follower:
    """Reads the journal from a lifetime ago to its end, and goes on with what comes."""

    def __init__(self, reader: Journal, judge: Judge, grants: Grants) -> None:
        self._reader = reader
        self._judge = judge
        self._grants = grants
        self.has_caught_up = False

    async def run(self) -> None:
        """Follow for ever; whatever is wrong with the journal ends the program."""
        moved = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._reader.fileno(), moved.set)
        while True:
            while self._read_some():
                await asyncio.sleep(0)
            self.has_caught_up = True
            with suppress(TimeoutError):
                await asyncio.wait_for(moved.wait(), LOOK_AGAIN_SECONDS)
            moved.clear()
            self._reader.process()

    def _read_some(self) -> bool:
        """Read what is there, but not all at once; say whether there may be more."""
        for _entry in range(ENTRIES_AT_ONCE):
            entry = self._reader.get_next()
            if not entry:
                return False
            if (address := self._judge.client(entry)) is not None:
                # By journald's own clock: what the sender says of the time does not count.
                age = time.time() - entry["__REALTIME_TIMESTAMP"]
                if self._grants.add(address, age) and self.has_caught_up:
                    print(f"{address} may relay", file=sys.stderr, flush=True)
        return True


def opened_journal(store: str, lifetime_seconds: float) -> Journal:
    """Return this host's journal where the lifetime begins, with what may be a login in it."""
    from systemd import journal  # noqa: PLC0415  (tests of the rest do without it)

    seconds = {"__REALTIME_TIMESTAMP": lambda microseconds: microseconds / 1e6}
    reader = journal.Reader(journal.LOCAL_ONLY, converters=seconds)
    known = STORES[store]
    if program := known.fields.get("_COMM"):
        reader.add_match(_COMM=program.pattern)
    if known.user:
        reader.add_match(_UID=pwd.getpwnam(known.user).pw_uid)
    reader.seek_realtime(time.time() - lifetime_seconds)
    return cast(Journal, reader)


class Answers(asyncio.Protocol):
    """One connection of the socketmap protocol: netstrings, a question and an answer at a time."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self._answer = answer
        self._kept = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Answer every question that is complete; hang up on who does not keep to the protocol."""
        self._kept += data
        try:
            for request in self._requests():
                said = self._answer(request)
                self._transport.write(b"%d:%s," % (len(said), said))
        except ValueError:
            self._transport.close()

    def _requests(self) -> Iterator[bytes]:
        while self._kept:
            size, colon, rest = self._kept.partition(b":")
            if not size.isdigit() or len(size) > DIGITS or int(size) > LONGEST_REQUEST:
                raise ValueError(size)
            end = int(size)
            if not colon or len(rest) <= end:
                return
            if rest[end : end + 1] != b",":
                raise ValueError(rest)
            self._kept = rest[end + 1 :]
            yield rest[:end]


def answered(grants: Grants, follower: Follower) -> Callable[[bytes], bytes]:
    """Return what answers a request, `MAP KEY`; names and networks are nobody."""

    def answer(request: bytes) -> bytes:
        name, _space, key = request.partition(b" ")
        if name != MAP:
            return NO_SUCH_MAP
        address = address_of(key.decode("ascii", "replace"))
        if address is None:
            return UNKNOWN
        if address in grants:
            return GRANTED
        return UNKNOWN if follower.has_caught_up else NOT_YET

    return answer


async def run(grants: Grants, follower: Follower, listener: socket.socket) -> None:
    """Follow and answer for ever."""
    answer = answered(grants, follower)
    await asyncio.get_running_loop().create_unix_server(lambda: Answers(answer), sock=listener)
    await follower.run()


def main() -> None:
    """Take the command line and the socket."""
    parser = argparse.ArgumentParser(description="Let those relay who have just read their mail.")
    parser.add_argument("--store", choices=sorted(STORES), required=True)
    parser.add_argument("--lifetime", type=float, default=1800, help="seconds")
    parser.add_argument("--most", type=int, default=100_000, help="how many addresses at once")
    parser.add_argument("--never", action="append", default=[], type=ipaddress.ip_network)
    wanted = parser.parse_args()
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        parser.error("systemd passes the socket; start postern-pop-before-smtp.socket")
    never = [*map(ipaddress.ip_network, NEVER_IPV4 + NEVER_IPV6), *wanted.never]
    grants = Grants(wanted.lifetime, wanted.most)
    judge = Judge(STORES[wanted.store], never, Shared())
    follower = Follower(opened_journal(wanted.store, wanted.lifetime), judge, grants)
    asyncio.run(run(grants, follower, socket.socket(fileno=FIRST_SOCKET)))


if __name__ == "__main__":
    main()
