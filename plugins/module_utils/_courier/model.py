"""What a host with Courier shall be: settings, listeners, and the owner of all Maildirs."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, nearest

from . import words
from .mailboxes import Mailbox, Removal, mailboxes_of, removals_of
from .shared import SharedFolder, shared_of

Settings = Mapping[str, str]

# A value stands between double quotes in a file that a shell reads.
_UNSAFE = re.compile(r"[\"\\`$\x00-\x1f\x7f]")
_OWNER = re.compile(r"[a-z_][a-z0-9_-]{0,30}")
_FOLDER = re.compile(r"[^./~\s\x00-\x1f\x7f*%&]+")
_KNOWN = {"authdaemon": words.AUTHDAEMON, "imap": words.IMAP, "pop3": words.POP3}
_LISTENS = ("ADDRESS", "MAXDAEMONS", "MAXPERIP", "PORT")


@dataclass(frozen=True)
class Listener:
    """Where one of the two daemons waits; an empty address is all of the host's."""

    protocol: str
    address: str
    port: int

    @property
    def place(self) -> str:
        """Return it as couriertcpd takes it."""
        return f"{self.address}.{self.port}" if self.address else str(self.port)


@dataclass(frozen=True)
class Tree:
    """Where all mail lies, and the one system user whose it is."""

    folder: str
    owner: str
    owner_id: int


@dataclass(frozen=True)
class Courier:
    """All of it."""

    tree: Tree
    listeners: tuple[Listener, ...] = ()
    authdaemon: Settings = field(default_factory=dict)
    imap: Settings = field(default_factory=dict)
    pop3: Settings = field(default_factory=dict)
    mailboxes: tuple[Mailbox, ...] = ()
    removals: tuple[Removal, ...] = ()
    shared: tuple[SharedFolder, ...] = ()
    special_folders: tuple[str, ...] = ()

    def serves(self, protocol: str) -> bool:
        """Say whether anybody can reach that protocol."""
        return any(listener.protocol == protocol for listener in self.listeners)


def parse_courier(params: Mapping[str, Any]) -> tuple[Courier, list[Problem]]:
    """Return the model that the module's options say, and every problem of theirs."""
    listeners = tuple(_listener(raw, params["backend_address"]) for raw in params["listeners"])
    mailboxes, removals = mailboxes_of(params["mailboxes"]), removals_of(params["removed"])
    courier = Courier(
        Tree(params["folder"].rstrip("/"), params["owner"], params["owner_id"]),
        listeners,
        _texts(params["authdaemon_settings"]),
        {**_texts(params["imap_settings"]), **_waits(params, listeners, "imap")},
        {**_texts(params["pop3_settings"]), **_waits(params, listeners, "pop3")},
        mailboxes.found,
        removals.found,
        (shared := shared_of(params["shared_folders"])).found,
        tuple(params["special_folders"]),
    )
    problems = [*mailboxes.problems, *removals.problems, *shared.problems]
    return courier, [*_problems(courier, params), *problems]


def _listener(raw: Mapping[str, Any], backend: str) -> Listener:
    """Return a listener: one behind a TLS wrapper has the host's own address."""
    return Listener(raw["protocol"], backend if raw["behind_tls"] else "", raw["port"])


def _waits(
    params: Mapping[str, Any], listeners: tuple[Listener, ...], protocol: str
) -> dict[str, str]:
    """Return where a daemon waits, and for how many; one without a listener never starts."""
    places = [listener.place for listener in listeners if listener.protocol == protocol]
    return {
        "ADDRESS": "0",
        "PORT": ",".join(places) or "0",
        "MAXDAEMONS": str(params["max_connections"]),
        "MAXPERIP": str(params["connections_per_address"]),
    }


def _texts(raw: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): _text(value) for name, value in raw.items() if value is not None}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (list, tuple)):
        return " ".join(_text(item) for item in value)
    return str(value)


def _problems(courier: Courier, params: Mapping[str, Any]) -> Iterator[Problem]:
    for daemon, known in _KNOWN.items():
        yield from _setting_problems(f"{daemon}_settings", getattr(courier, daemon), known)
    for daemon in ("imap", "pop3"):
        for name in set(_LISTENS) & set(params[f"{daemon}_settings"]):
            hint = "it follows from listeners and the limits of connections"
            yield Problem(f"{daemon}_settings.{name}", "is not to be said here", hint)
    for limit in ("max_connections", "connections_per_address"):
        if params[limit] < 1:
            yield Problem(limit, f"{params[limit]} lets nobody in", "give a number above 0")
    yield from _tree_problems(courier.tree)
    for number, name in enumerate(courier.special_folders):
        if not _FOLDER.fullmatch(name) or not name.isascii():
            what = f'"{name}" is no name of a folder'
            yield Problem(f"special_folders[{number}]", what, "letters and digits, without a dot")


def _tree_problems(tree: Tree) -> Iterator[Problem]:
    if not re.fullmatch(r"(/[A-Za-z0-9_][A-Za-z0-9._-]*)+", tree.folder):
        yield Problem("folder", f'"{tree.folder}" is no place for mail', "write it like /srv/vmail")
    if not _OWNER.fullmatch(tree.owner) or tree.owner == "root" or tree.owner_id < 1:
        yield Problem("owner", f'"{tree.owner}" can\'t own mail', "a system user of its own")


def _setting_problems(where: str, settings: Settings, known: frozenset[str]) -> Iterator[Problem]:
    for name, value in settings.items():
        if name not in known:
            yield Problem(f"{where}.{name}", "Courier has no such setting", nearest(name, known))
        if _UNSAFE.search(value):
            what = f"{value!r} can't stand between quotes"
            yield Problem(f"{where}.{name}", what, 'no quotes, backslashes, "$" or line breaks')
