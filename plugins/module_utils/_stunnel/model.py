"""Model of one stunnel instance: what it listens on, where it connects to, which TLS it speaks."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import NamedTuple

# What stunnel can negotiate in clear text before TLS starts, and the word for the PROXY header.
STARTTLS_PROTOCOLS = ("imap", "pop3", "smtp")
PROXY = "proxy"
EVERY_IPV4 = "0.0.0.0"  # noqa: S104
EVERY_IPV6 = "::"


class Endpoint(NamedTuple):
    """An address and a port."""

    address: str
    port: int

    @property
    def is_ipv6(self) -> bool:
        """Whether the address is an IPv6 address."""
        return ip_address(self.address).version == 6

    def __str__(self) -> str:
        return f"{self.address}:{self.port}"


@dataclass(frozen=True)
class Listener:
    """One section of stunnel's file: a port with TLS, and the backend behind it.

    transparent: the backend sees the client's own address.
    protocol:    what stunnel itself speaks beside TLS, one of STARTTLS_PROTOCOLS, PROXY or "".
    """

    name: str
    accept: Endpoint
    connect: Endpoint
    transparent: bool = False
    protocol: str = ""


@dataclass(frozen=True)
class Instance:
    """All that one stunnel process is told."""

    certificate: str
    key: str
    listeners: tuple[Listener, ...]
    minimum_tls: str
    ciphers: str
    ciphersuites: str
    curves: str
    idle_seconds: int
    log_level: str
    libwrap: bool = False

    @property
    def endpoints(self) -> frozenset[Endpoint]:
        """Where this instance listens."""
        return frozenset(listener.accept for listener in self.listeners)

    @property
    def routed(self) -> tuple[Endpoint, ...]:
        """The backends whose answers must find back to stunnel instead of to the client."""
        return tuple(sorted({one.connect for one in self.listeners if one.transparent}))

    @property
    def routed_families(self) -> tuple[int, ...]:
        """The IP versions of those backends."""
        return tuple(sorted({6 if endpoint.is_ipv6 else 4 for endpoint in self.routed}))
