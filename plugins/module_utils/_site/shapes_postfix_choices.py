"""Choices for Postfix: the role's own variables that shape what follows from the site."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, report
from ansible_collections.postern.mail.plugins.module_utils._core.spec import kind, show
from ansible_collections.postern.mail.plugins.module_utils._site import values
from ansible_collections.postern.mail.plugins.module_utils._site.maildirs import (
    Maildirs,
    maildirs_of,
)
from ansible_collections.postern.mail.plugins.module_utils._site.milters import (
    Milter,
    read_milters,
)
from ansible_collections.postern.mail.plugins.module_utils._site.reader import Reader
from ansible_collections.postern.mail.plugins.module_utils._site.values import Network, Wrong

Raw = Mapping[str, Any]
TLS_LEVELS = {"verify": "secure", "require": "encrypt", "opportunistic": "may"}
MAP_TYPES = ("lmdb", "hash", "btree", "cdb")
# What a list says about an address is 127.0.0.2 and above; 127.0.0.1, 127.255.255.x and whatever a
# resolver makes up are no verdicts.
ANY_VERDICT = "127.0.0.[2..254]"
_OCTET = r"(?:\d{1,3}|\[\d{1,3}(?:\.\.\d{1,3})?(?:;\d{1,3}(?:\.\.\d{1,3})?)*\])"
_FILTER = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}\Z")
_NEXTHOP = re.compile(r"\[[0-9A-Za-z.:-]+\](?::\d{1,5})?\Z")


@dataclass(frozen=True)
class SenderRelay:
    """A server that takes what one sender, or a whole domain of senders (`@name`), sends."""

    sender: str
    host: str
    port: int
    tls: str
    username: str | None


@dataclass(frozen=True)
class List:
    """A DNS list of clients: how much its verdict weighs, and which answers are verdicts."""

    domain: str
    weight: int
    filter: str


@dataclass(frozen=True)
class Screen:
    """What postscreen asks of strangers before they may speak to smtpd."""

    enabled: bool = False
    lists: tuple[List, ...] = ()
    threshold: int = 1
    greet_wait_seconds: int = 6
    allow: tuple[Network, ...] = ()


@dataclass(frozen=True)
class FilterWay:
    """How mail gets to the filter: sockets below the queue, and how many messages at a time.

    With a `milter` it is searched before it is accepted, otherwise after.
    """

    strangers: str = ""
    own: str = ""
    milter: str = ""
    concurrency: int = 2


@dataclass(frozen=True)
class Choices:
    """The role's variables, checked; without any, what a host does by default."""

    map_type: str = "lmdb"
    tls_policies: tuple[tuple[str, str], ...] = ()
    sender_relays: tuple[SenderRelay, ...] = ()
    sender_bcc: tuple[tuple[str, str], ...] = ()
    recipient_bcc: tuple[tuple[str, str], ...] = ()
    helo_access: tuple[tuple[str, str], ...] = ()
    limits_submission: bool = False
    relay_clients_socket: str = ""
    screen: Screen = Screen()
    maildirs: Maildirs | None = None
    filter: FilterWay | None = None
    milters: tuple[Milter, ...] = ()

    def table(self, name: str) -> str:
        """Return a table as values of parameters name it."""
        return f"{self.map_type}:$config_directory/maps/{name}"


def choices_of(arguments: tuple[Any, ...], home: str) -> Choices:
    """Return the choices given to a filter; raises ValueError that tells all that is wrong."""
    choices, problems = read_choices(arguments[0] if arguments else {}, home)
    if problems:
        raise ValueError(report(problems))
    return choices


def read_choices(raw: Raw, home: str) -> tuple[Choices, list[Problem]]:
    """Return the choices, by their names without `postfix_`, and all that is wrong with them."""
    reader = Reader()
    choices = Choices(
        map_type=_map_type(reader, raw.get("map_type") or "lmdb"),
        tls_policies=tuple(_policies(reader, raw.get("tls_policies") or {})),
        sender_relays=tuple(_relays(reader, raw.get("sender_relays") or [])),
        sender_bcc=tuple(_copies(reader, raw, "sender_bcc", home)),
        recipient_bcc=tuple(_copies(reader, raw, "recipient_bcc", home)),
        helo_access=tuple(_sorted(raw.get("helo_access") or {})),
        limits_submission=bool(raw.get("limits_submission")),
        relay_clients_socket=raw.get("relay_clients_socket") or "",
        screen=_screen(reader, raw.get("postscreen") or {}),
        maildirs=maildirs_of(raw.get("maildirs")),
        filter=_filter(raw.get("filter") or {}),
        milters=tuple(read_milters(reader, raw.get("milters") or [])),
    )
    return choices, list(reader.problems)


def _filter(raw: Raw) -> FilterWay | None:
    if not raw:
        return None
    places = {key: _below_queue(str(raw.get(key) or "")) for key in ("strangers", "own", "milter")}
    return FilterWay(**places, concurrency=int(raw["concurrency"]))


def _below_queue(path: str) -> str:
    """Return a path as services in the chroot see it, and others too: they start in the queue."""
    return path.removeprefix("/var/spool/postfix/")


def _map_type(reader: Reader, text: str) -> str:
    if text not in MAP_TYPES:
        what = f"{show(text)} is no type of compiled table"
        reader.say("postfix_map_type", what, f"one of: {', '.join(MAP_TYPES)}")
    return text


def _sorted(raw: Raw) -> list[tuple[Any, Any]]:
    return sorted(raw.items(), key=lambda pair: str(pair[0]))


def _policies(reader: Reader, raw: Raw) -> Iterator[tuple[str, str]]:
    for key, value in _sorted(raw):
        where = f"postfix_tls_policies[{show(str(key))}]"
        policy = value if isinstance(value, Mapping) else {"tls": value}
        level = TLS_LEVELS.get(str(policy.get("tls")))
        if level is None:
            what = f"{show(str(policy.get('tls')))} is no way of TLS"
            reader.say(where, what, f"one of: {', '.join(TLS_LEVELS)}")
            continue
        listed = policy.get("names") or []
        if not isinstance(listed, list):
            reader.say(f"{where}.names", f"is {kind(listed)}, not a list")
            continue
        names = [reader.read(f"{where}.names", _destination, name) for name in listed]
        if names and level != "secure":
            reader.say(f"{where}.names", "are looked at with tls: verify only")
        match = f" match={':'.join(name for name in names if name)}" if names else ""
        if destination := reader.read(where, _destination, key):
            yield destination, level + match


def _destination(text: str) -> str:
    """Return a domain, all below a domain (`.name`), or a server as `[host]:port`."""
    if _NEXTHOP.match(text):
        return text
    return f".{values.domain(text[1:])}" if text.startswith(".") else values.domain(text)


def sender(text: str) -> str:
    """Return a full address, or a whole domain as `@name`."""
    if text.startswith("@"):
        return f"@{values.domain(text[1:])}"
    if "@" not in text:
        raise Wrong(f"{show(text)} is no sender", "write it like news@example.org or @example.org")
    return values.address(text, "")


def _relays(reader: Reader, raw: list[Raw]) -> Iterator[SenderRelay]:
    first: dict[str, str] = {}
    for number, entry in enumerate(raw):
        where = f"postfix_sender_relays[{number}]"
        who = reader.read(f"{where}.sender", sender, entry.get("sender"))
        host = reader.read(f"{where}.host", values.host, entry.get("host"))
        tls, port = entry.get("tls") or "verify", int(entry.get("port") or 587)
        username = entry.get("username")
        if tls not in TLS_LEVELS:
            hint = f"one of: {', '.join(TLS_LEVELS)}"
            reader.say(f"{where}.tls", f"{show(str(tls))} is no way of TLS", hint)
        if not 0 < port < 65536:
            reader.say(f"{where}.port", f"{port} is not a port", "give a number from 1 to 65535")
        if username and tls == "opportunistic":
            what = "opportunistic may send the password in clear"
            reader.say(f"{where}.tls", what, "set tls: verify")
        if username and ":" in username:
            reader.say(f"{where}.username", "has a colon in it")
        if who and (earlier := first.setdefault(who, where)) != where:
            reader.say(f"{where}.sender", f"{show(who)} is declared twice", f"first at {earlier}")
        elif who and host:
            yield SenderRelay(who, host, port, str(tls), username)


def _copies(reader: Reader, raw: Raw, name: str, home: str) -> Iterator[tuple[str, str]]:
    for key, value in _sorted(raw.get(name) or {}):
        where = f"postfix_{name}[{show(str(key))}]"
        whose = reader.read(where, sender, key)
        copy = reader.read(where, _address_in(home), value)
        if whose and copy:
            yield whose, copy


def _address_in(home: str) -> Callable[[str], str]:
    return lambda text: values.address(text, home)


def _screen(reader: Reader, raw: Raw) -> Screen:
    where = "postfix_postscreen"
    lists = tuple(_lists(reader, raw.get("dnsbls") or []))
    threshold = int(raw.get("threshold") or 1)
    reachable = sum(one.weight for one in lists if one.weight > 0)
    if lists and not 0 < threshold <= reachable:
        what = f"{threshold} is never reached: all lists together weigh {reachable}"
        reader.say(f"{where}.threshold", what)
    allow = [
        reader.read(f"{where}.allow[{number}]", values.network, text)
        for number, text in enumerate(raw.get("allow") or [])
    ]
    return Screen(
        enabled=bool(raw.get("enabled")),
        lists=lists,
        threshold=threshold,
        greet_wait_seconds=int(raw.get("greet_wait_seconds") or 6),
        allow=tuple(network for network in allow if network),
    )


def _lists(reader: Reader, raw: list[Raw]) -> Iterator[List]:
    for number, entry in enumerate(raw):
        where = f"postfix_postscreen.dnsbls[{number}]"
        domain = reader.read(f"{where}.domain", values.domain, entry.get("domain"))
        weight = int(entry.get("weight") or 1)
        answers = str(entry.get("filter") or ANY_VERDICT)
        if not _FILTER.match(answers):
            what = f"{show(answers)} is no pattern of answers"
            reader.say(f"{where}.filter", what, "write it like 127.0.0.[2..11]")
        elif answers.startswith("127.255."):
            what = f"{show(answers)} is how lists say that they refuse to answer"
            reader.say(f"{where}.filter", what, "write it like 127.0.0.[2..11]")
        elif domain:
            yield List(domain, weight, answers)
