"""Where each service of cyrus.conf answers, and with which greeting."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .model import Entry, Layout

_GREETINGS = {"imapd": b"* ", "pop3d": b"+OK", "lmtpd": b"220", "timsieved": b'"'}
_ADDRESS = re.compile(r"(?:\[(?P<v6>[^\]]+)\]|(?P<host>[^:]*)):(?P<port>[^:]+)")


@dataclass(frozen=True)
class Endpoint:
    """A service's place: a UNIX path, or a host and a port; and how its greeting begins."""

    service: str
    path: str
    host: str
    port: str
    greeting: bytes


def endpoints(layout: Layout) -> Iterator[Endpoint]:
    """Yield the place of each service that greets who connects."""
    for service in layout.services:
        greeting = _GREETINGS.get(service.word("cmd").partition(" ")[0].rpartition("/")[2])
        if greeting is not None and not service.word("proto").startswith("udp"):
            yield _endpoint(service, greeting)


def _endpoint(service: Entry, greeting: bytes) -> Endpoint:
    listen = service.word("listen")
    if listen.startswith("/"):
        return Endpoint(service.name, listen, "", "", greeting)
    if found := _ADDRESS.fullmatch(listen):
        host = found["v6"] or found["host"]
        host = "127.0.0.1" if host in ("", "*") else host
        return Endpoint(service.name, "", host, found["port"], greeting)
    return Endpoint(service.name, "", "127.0.0.1", listen, greeting)
