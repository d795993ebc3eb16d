"""Small servers with a probe that holds promises with them, for tests."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._probe.model import (
    Account,
    Mailbox,
    Promise,
    Result,
    Target,
)
from ansible_collections.postern.mail.plugins.module_utils._probe.run import Manner, probe
from ansible_collections.postern.mail.tests.unit.mail_certificates import authority, leaf
from ansible_collections.postern.mail.tests.unit.mail_servers import (
    PEOPLE,
    Behaviour,
    Imap,
    Line,
    Pop3,
    Sieve,
    Smtp,
    running,
)

ALICE = Account("alice@example.org", PEOPLE["alice@example.org"])
LOGINS = ("submission", "submissions", "imaps", "pop3s", "sieve")
RELAY: dict[str, Any] = {
    "domain": "example.org",
    "recipient": "bob@example.com",
    "sender": "eve@example.com",
}
KINDS: dict[str, tuple[type[Line], bool]] = {
    "smtp": (Smtp, False),
    "submission": (Smtp, False),
    "submissions": (Smtp, True),
    "imap": (Imap, False),
    "imaps": (Imap, True),
    "pop3": (Pop3, False),
    "pop3s": (Pop3, True),
    "sieve": (Sieve, False),
}
MANNER = Manner(secrets=tuple(PEOPLE.values()))


class Servers:
    """Starts servers for a test and holds promises with them."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.ports: dict[str, int] = {}
        self.mail: list[bytes] = []

    def start(self, *services: str, **behaviour: Any) -> None:
        for service in services:
            kind, implicit = KINDS[service]
            wanted: dict[str, Any] = {"tls": leaf().context(), "mail": self.mail, **behaviour}
            port = running(kind, Behaviour(implicit_tls=implicit, **wanted))
            self.ports[service] = self._stack.enter_context(port)

    @property
    def target(self) -> Target:
        return Target(
            "mail.example.org",
            "127.0.0.1",
            ports=self.ports,
            ca_certificates=authority().pem,
            helo="outside.example.com",
            timeout_seconds=3,
        )

    def hold(self, kind: str, **words: Any) -> list[Result]:
        return probe([Promise(kind, **words)], self.target, MANNER)

    def states(self, kind: str, **words: Any) -> list[str]:
        return [result.verdict.state for result in self.hold(kind, **words)]


def delivery(servers: Servers, *services: str, **words: Any) -> list[Result]:
    boxes = tuple(Mailbox(service, servers.target, ALICE) for service in services)
    wanted = {"recipient": ALICE.login, "mailboxes": boxes, "wait_seconds": 0.5, **words}
    return servers.hold("delivery", **wanted)
