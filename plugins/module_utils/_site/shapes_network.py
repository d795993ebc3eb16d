"""Shapes for the network side: listeners, TLS wrappers, openings and certificate names."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import PORTS, Site

# Where the store waits for stunnel: service -> (protocol, port that nobody reaches directly).
# Below 1024, so that no other user of the host can take the port while the store is away.
_BEHIND_TLS = {"imaps": ("imap", 943), "pop3s": ("pop3", 910)}


def openings(site: Site, names: Iterable[str]) -> list[dict[str, Any]]:
    """Return who may reach the named services, `everyone` or a list of networks."""
    found = []
    for name in names:
        if name not in PORTS:
            raise ValueError(f'"{name}" is not a service; choose from {", ".join(PORTS)}')
        if opening := site.opening(name):
            sources = opening.sources
            found.append(
                {
                    "name": name,
                    "port": opening.port,
                    "sources": "everyone" if sources is None else [str(s) for s in sources],
                }
            )
    return found


def cyrus_listeners(site: Site) -> list[dict[str, Any]]:
    """Return what Cyrus listens for: behind stunnel, in clear text, or with TLS of its own."""
    if site.store != "cyrus":
        return []
    # Nothing but Cyrus itself can begin TLS in the middle of ManageSieve.
    own = {"name": "sieve", "protocol": "sieve", "port": PORTS["sieve"], "behind_tls": False}
    return store_listeners(site) + ([own] if site.opening("sieve") else [])


def courier_listeners(site: Site) -> list[dict[str, Any]]:
    """Return what Courier listens for, as Cyrus does."""
    return store_listeners(site) if site.store == "courier" else []


def store_listeners(site: Site) -> list[dict[str, Any]]:
    """Return what the openings ask a store to listen for, whichever it is."""
    wrapped = [
        {"name": name, "protocol": protocol, "port": port, "behind_tls": True}
        for name, (protocol, port) in _BEHIND_TLS.items()
        if site.opening(name)
    ]
    clear = [
        {"name": name, "protocol": name, "port": PORTS[name], "behind_tls": False}
        for name in ("imap", "pop3")
        if site.opening(name)
    ]
    return wrapped + clear


def stunnel_services(site: Site) -> list[dict[str, Any]]:
    """Return the TLS services to wrap, each with the port behind it."""
    return [
        {
            "name": listener["name"],
            "port": PORTS[listener["name"]],
            "backend_port": listener["port"],
            "protocol": listener["protocol"],
        }
        for listener in (store_listeners(site) if site.store != "none" else ())
        if listener["behind_tls"]
    ]


def certificate_names(site: Site) -> list[str]:
    """Return the names in this host's certificate, its own name first."""
    return list(dict.fromkeys([site.hostname, *site.tls.names]))
