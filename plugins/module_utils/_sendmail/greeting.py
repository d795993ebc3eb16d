"""Where Sendmail listens by its own sendmail.cf, and whether it greets there."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass

_PATIENCE_SECONDS = 20.0  # greet_pause makes every caller wait that is not excepted
_OPTION = re.compile(r"^O DaemonPortOptions=(.*)$", re.MULTILINE)
_KEYS = {"a": "address", "f": "family", "m": "modifiers", "p": "port"}
_ANY = {"inet": "127.0.0.1", "inet6": "::1"}


@dataclass(frozen=True)
class Endpoint:
    """A place where Sendmail answers: a UNIX path, or host and port, with TLS from the start."""

    path: str = ""
    host: str = ""
    port: str = ""
    tls: bool = False


def endpoints(text: str) -> list[Endpoint]:
    """Return where a sendmail.cf lets its daemon listen, TCP only."""
    found = []
    for line in _OPTION.findall(text):
        pairs = (part.partition("=")[::2] for part in line.split(","))
        values = {_KEYS.get(key.strip()[:1].lower(), ""): value.strip() for key, value in pairs}
        family = values.get("family", "inet")
        modifiers = values.get("modifiers", "")
        if family in _ANY and "O" not in modifiers:  # O: may be missing
            host = values.get("address", "").strip("[]").removeprefix("IPv6:")
            if not host.strip(".:0"):  # every address of the family
                host = _ANY[family]
            port = values.get("port", "smtp")
            found.append(Endpoint(host=host, port=port, tls="s" in modifiers))
    return found


def greets(place: Endpoint) -> str:
    """Return an empty string when Sendmail greets, else what it does."""
    name = place.path or f"{place.host} port {place.port}"
    try:
        with _connect(place) as client:
            client.settimeout(_PATIENCE_SECONDS)
            first = client.recv(512)
            client.sendall(b"QUIT\r\n")
    except (OSError, ValueError) as error:
        return f"Sendmail does not answer at {name}: {error}"
    return "" if first.startswith(b"220") else f"Sendmail says at {name} {first[:120]!r}"


def _connect(place: Endpoint) -> socket.socket:
    if place.path:
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(_PATIENCE_SECONDS)
        client.connect(place.path)
        return client
    port = int(place.port) if place.port.isdigit() else socket.getservbyname(place.port)
    client = socket.create_connection((place.host, port), timeout=_PATIENCE_SECONDS)
    if not place.tls:
        return client
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # whether it is the right one is the probe's to say
    return context.wrap_socket(client)
