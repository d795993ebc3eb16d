"""What nullmailer is told: smarthosts in the order of trial, names, addresses and times."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TLS_LEVELS = ("verify", "require", "none")
WRAPPED_PORT = 465  # TLS from the first byte; on any other port it starts by STARTTLS


@dataclass(frozen=True)
class Smarthost:
    """A server that takes this host's mail."""

    host: str
    port: int = 587
    tls: str = "verify"
    username: str = ""
    password: str = field(default="", repr=False)

    @property
    def key(self) -> str:
        """What tells one smarthost from another, and its password from others."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Nullmailer:
    """All of nullmailer's control files."""

    smarthosts: tuple[Smarthost, ...]
    hostname: str
    default_host: str
    default_domain: str
    admin_addresses: tuple[str, ...] = ()
    sender: str = ""
    pause_seconds: int = 60
    max_pause_seconds: int = 900
    send_timeout_seconds: int = 600
    queue_lifetime_seconds: int = 604800


def nullmailer(spec: Mapping[str, Any]) -> Nullmailer:
    """Return what a module call describes; values are checked elsewhere."""
    passwords: Mapping[str, Any] = spec.get("passwords") or {}
    return Nullmailer(
        smarthosts=tuple(_smarthost(entry, passwords) for entry in spec["smarthosts"]),
        hostname=spec["hostname"],
        default_host=spec.get("default_host") or spec["hostname"],
        default_domain=spec.get("default_domain") or spec["hostname"].partition(".")[2],
        admin_addresses=tuple(spec.get("admin_addresses") or ()),
        sender=spec.get("sender") or "",
        pause_seconds=spec["pause_seconds"],
        max_pause_seconds=spec["max_pause_seconds"],
        send_timeout_seconds=spec["send_timeout_seconds"],
        queue_lifetime_seconds=spec["queue_lifetime_seconds"],
    )


def _smarthost(entry: Mapping[str, Any], passwords: Mapping[str, Any]) -> Smarthost:
    bare = Smarthost(entry["host"], entry["port"], entry["tls"], entry.get("username") or "")
    password = passwords.get(bare.key)
    return Smarthost(
        bare.host, bare.port, bare.tls, bare.username, "" if password is None else str(password)
    )
