"""What popa3d is told: where it listens, how many it serves, and whose mailbox is whose."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

# What useradd takes on every release, and what a unit's file holds as it is.
USER = re.compile(r"[a-z_][a-z0-9_.-]{0,31}")
LOGIN = re.compile(r"[^\s@:/%\\\"'\x00-\x1f\x7f]+@[a-z0-9.-]+")


@dataclass(frozen=True)
class Person:
    """Who has a mailbox: the login, and the UNIX user whose mail it opens."""

    login: str
    user: str
    locked: bool = False


@dataclass(frozen=True, order=True)
class Reader:
    """Who may log in: a name that only sessions know, with the UNIX user behind it."""

    login: str
    user: str
    uid: int


@dataclass(frozen=True)
class Server:
    """The user that popa3d is before somebody has logged in."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Popa3d:
    """All of it. `listen` is as systemd writes it; `server` is None before the installation."""

    listen: tuple[str, ...] = ()
    max_connections: int = 40
    max_connections_per_source: int = 10
    readers: tuple[Reader, ...] = ()
    server: Server | None = None


def parse_people(raw: Sequence[Mapping[str, Any]]) -> tuple[tuple[Person, ...], list[Problem]]:
    """Return the people, and every problem of what was said about them."""
    people = tuple(Person(one["login"], one["user"], bool(one.get("locked"))) for one in raw)
    return people, list(_people_problems(people))


def endpoints(
    listeners: Sequence[Mapping[str, Any]], address: str
) -> tuple[tuple[str, ...], list[Problem]]:
    """Return where to listen: behind a TLS wrapper on the host's own address alone."""
    listen = []
    problems = []
    for number, listener in enumerate(listeners):
        port = listener["port"]
        if not 0 < port < 65536:
            what = f"{port} is not a port"
            problems.append(Problem(f"listeners[{number}].port", what, "from 1 to 65535"))
        host = f"[{address}]" if ":" in address else address
        listen.append(f"{host}:{port}" if listener["behind_tls"] else str(port))
        if listener["behind_tls"] and not address:
            hint = "name the address of this host that the wrapper connects to"
            problems.append(Problem("backend_address", "is empty", hint))
    return tuple(listen), problems


def limits(total: int, per_source: int) -> Iterator[Problem]:
    """Yield what is wrong with the numbers of connections."""
    for name, number in (
        ("max_connections", total),
        ("max_connections_per_source", per_source),
    ):
        if number < 1:
            yield Problem(name, f"{number} serves nobody", "1 or more")
    if per_source > total:
        what = f"{per_source} is more than max_connections, {total}"
        yield Problem("max_connections_per_source", what, "one address could take them all")


def _people_problems(people: tuple[Person, ...]) -> Iterator[Problem]:
    logins: dict[str, str] = {}
    users: dict[str, str] = {}
    for number, person in enumerate(people):
        where = f"people[{number}]"
        if not LOGIN.fullmatch(person.login):
            hint = "write it like alice@example.org"
            yield Problem(f"{where}.login", f'"{person.login}" is no login', hint)
        if not USER.fullmatch(person.user):
            hint = "a small letter, then small letters, digits, dots, - and _, at most 32"
            yield Problem(f"{where}.user", f'"{person.user}" is no name of a UNIX user', hint)
        if (first := logins.setdefault(person.login, where)) != where:
            yield Problem(f"{where}.login", f'"{person.login}" stands at {first} already')
        if (first := users.setdefault(person.user, where)) != where:
            what = f'"{person.user}" has its mailbox opened by {first} already'
            yield Problem(f"{where}.user", what, "each mailbox has one login")
