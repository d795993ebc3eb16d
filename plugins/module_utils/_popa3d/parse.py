"""Reading popa3d's units and the people of its sessions as they stand."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator

from .model import Popa3d, Reader, Server
from .render import SPOOL


def parse(socket: str, service: str, people: str) -> Popa3d:
    """Return what the files say; what they don't say is what systemd would take."""
    settings = list(_settings(socket))
    numbers = {name: int(value) for name, value in settings if value.isdecimal()}
    server, uids = parse_people(people)
    return Popa3d(
        tuple(value for name, value in settings if name == "ListenStream"),
        numbers.get("MaxConnections", 64),
        numbers.get("MaxConnectionsPerSource", 0),
        tuple(Reader(login, user, uids[login]) for user, login in _binds(service) if login in uids),
        server,
    )


def parse_people(text: str) -> tuple[Server | None, dict[str, int]]:
    """Return popa3d's own user, and the numbers of the people by their logins."""
    server = None
    uids: dict[str, int] = {}
    for line in text.splitlines():
        fields = line.split(":")
        if len(fields) != 7 or not (fields[2].isdecimal() and fields[3].isdecimal()):
            continue
        if fields[0] == "popa3d":
            server = Server(int(fields[2]), int(fields[3]))
        else:
            uids[fields[0]] = int(fields[2])
    return server, uids


def _binds(service: str) -> Iterator[tuple[str, str]]:
    """Yield the UNIX user and the login of each mailbox."""
    for name, value in _settings(service):
        source, colon, target = value.removeprefix("-").partition(":")
        if name == "BindPaths" and colon:
            yield source.removeprefix(f"{SPOOL}/"), target.removeprefix(f"{SPOOL}/")


def _settings(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        name, sign, value = line.partition("=")
        if sign and not line.startswith(("#", ";")):
            yield name.strip(), value.strip()
