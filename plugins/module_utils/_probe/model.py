"""What is asked of a server and what came of it, as values."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .transcript import Transcript

KEPT = "kept"
BROKEN = "broken"
SKIPPED = "skipped"


@dataclass(frozen=True)
class Service:
    """A mail service by its usual port: its protocol, and when TLS begins."""

    name: str
    port: int
    protocol: str
    implicit_tls: bool


SERVICES = {
    service.name: service
    for service in (
        Service("smtp", 25, "smtp", implicit_tls=False),
        Service("submission", 587, "smtp", implicit_tls=False),
        Service("submissions", 465, "smtp", implicit_tls=True),
        Service("imap", 143, "imap", implicit_tls=False),
        Service("imaps", 993, "imap", implicit_tls=True),
        Service("pop3", 110, "pop3", implicit_tls=False),
        Service("pop3s", 995, "pop3", implicit_tls=True),
        Service("sieve", 4190, "sieve", implicit_tls=False),
    )
}


@dataclass(frozen=True)
class Account:
    """Who logs in."""

    login: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Target:
    """The server that is looked at, and how the probe presents itself to it."""

    server: str
    address: str
    ports: Mapping[str, int] = field(default_factory=dict)
    ca_file: str | None = None
    ca_certificates: str | None = None
    helo: str = "localhost"
    timeout_seconds: float = 15.0

    def port(self, service: str) -> int:
        """Return the port of a service on this server."""
        return self.ports.get(service, SERVICES[service].port)


@dataclass(frozen=True)
class Mailbox:
    """Where a message is looked for: an account on a server, or a place on this machine."""

    service: str
    target: Target
    account: Account | None = None
    path: str = ""

    @property
    def owner(self) -> str:
        """Whose it is: a login, or a path."""
        if self.path:
            return self.path
        return self.account.login if self.account else "nobody"

    @property
    def place(self) -> tuple[str, str]:
        """What tells it from the others, however it is reached."""
        return self.target.address, self.owner

    @property
    def words(self) -> str:
        """How a person calls it."""
        if self.path:
            return f"the {self.service.capitalize()} {self.path}"
        return f"{self.owner} over {self.service.upper()}"


@dataclass(frozen=True)
class Opening:
    """A port and who may reach it; sources None means everyone."""

    name: str
    port: int
    sources: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Promise:
    """One thing that shall hold, as it was asked for; each kind uses what it needs."""

    kind: str
    services: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    domain: str = ""
    recipient: str = ""
    sender: str = ""
    token: str = ""
    as_user: str = ""
    by_mx: bool = False
    days_left: int = 14
    wait_seconds: float = 60.0
    mailboxes: tuple[Mailbox, ...] = ()
    account: Account | None = None
    openings: tuple[Opening, ...] = ()
    closed: tuple[int, ...] = ()
    ignored: tuple[int, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Whether a promise was kept, and why; facts are figures for the reports."""

    state: str
    detail: str
    facts: Mapping[str, float | int | str] = field(default_factory=dict)

    @property
    def kept(self) -> bool:
        """Whether the promise was kept."""
        return self.state == KEPT


def kept(detail: str, **facts: float | int | str) -> Verdict:
    """Return the verdict of a promise that holds."""
    return Verdict(KEPT, detail, facts)


def broken(detail: str, **facts: float | int | str) -> Verdict:
    """Return the verdict of a promise that does not hold."""
    return Verdict(BROKEN, detail, facts)


def skipped(detail: str) -> Verdict:
    """Return the verdict of a promise that was not tried."""
    return Verdict(SKIPPED, detail)


@dataclass(frozen=True)
class Check:
    """One dialogue that can be held: its name, its promise in a sentence, and the dialogue."""

    name: str
    sentence: str
    step: Callable[[Transcript], Verdict]
    sends: bool = False


# Checks of one group are held one after the other, groups side by side.
Group = tuple[Check, ...]


@dataclass(frozen=True)
class Result:
    """What came of one check."""

    name: str
    promise: str
    server: str
    verdict: Verdict
    seconds: float
    evidence: tuple[str, ...]
    seen_from: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the result as the module and the reports hand it on."""
        return {
            "name": self.name,
            "promise": self.promise,
            "server": self.server,
            "state": self.verdict.state,
            "ok": self.verdict.kept,
            "detail": self.verdict.detail,
            "seconds": round(self.seconds, 3),
            "evidence": list(self.evidence),
            "facts": dict(self.verdict.facts),
            "seen_from": self.seen_from,
        }
