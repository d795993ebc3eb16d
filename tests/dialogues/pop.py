"""POP3 as people's programs speak it: over TLS, with the site's authority verified."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import json
import poplib
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from dialogues.scenario import Said, Scenario, wait_for

HOSTS = ("mail", "second")  # of the scenario popa3d: behind Postfix, behind Sendmail
PORT = 995
AUTHORITY = "/srv/site-ca.crt"
# Sends messages from a file of JSON: [address, [[recipient, text], ...]].
_SEND = """
import json, smtplib, sys
server, messages = json.load(sys.stdin)
with smtplib.SMTP(server, 25, timeout=120) as client:
    for recipient, text in messages:
        client.sendmail("bob@example.com", [recipient], text)
"""


class _Pop3(poplib.POP3_SSL):
    """POP3 over TLS to an address, with the server's name verified, as DNS would have led there."""

    def __init__(self, name: str, address: str, context: ssl.SSLContext) -> None:
        self._name, self._address = name, address
        super().__init__(name, PORT, context=context, timeout=60)

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        plain = socket.create_connection((self._address, PORT), timeout)
        return self.context.wrap_socket(plain, server_hostname=self._name)  # type: ignore[attr-defined,no-any-return]


@dataclass(frozen=True)
class Post:
    """A server with mailboxes, its people, and strangers who write to them."""

    scenario: Scenario
    host: str

    @property
    def name(self) -> str:
        """Its full name."""
        return f"{self.host}.example.org"

    @property
    def password(self) -> str:
        """Everybody's password."""
        return self.scenario.secret("alice")

    def connect(self) -> poplib.POP3_SSL:
        """Connect, and be greeted."""
        context = ssl.create_default_context(cafile=str(self.scenario.state / "ca" / "ca.crt"))
        return _Pop3(self.name, self.scenario.address(self.host), context)

    @contextlib.contextmanager
    def session(self, login: str) -> Iterator[poplib.POP3_SSL]:
        """Log in; the session ends with QUIT, which takes away what was deleted."""
        pop = self.connect()
        try:
            pop.user(login)
            pop.pass_(self.password)
            yield pop
            pop.quit()
        finally:
            pop.close()

    def send(self, *messages: tuple[str, str]) -> None:
        """Let a stranger send messages, (recipient, text), over one connection."""
        given = json.dumps([self.name, messages])
        said = self.scenario.run("outside", "python3", "-c", _SEND, stdin=given)
        assert said.rc == 0, said.text

    def texts(self, login: str) -> list[bytes]:
        """Return all messages of a mailbox."""
        with self.session(login) as pop:
            return [b"\n".join(pop.retr(n + 1)[1]) for n in range(pop.stat()[0])]

    def arrives(self, login: str, token: str) -> None:
        """Wait until a message with that token is there."""
        wait_for(
            f"{login} has {token} on {self.host}",
            lambda: any(token.encode() in text for text in self.texts(login)),
        )

    def empty(self, login: str) -> None:
        """Delete all mail of a mailbox."""
        with self.session(login) as pop:
            for number in range(pop.stat()[0]):
                pop.dele(number + 1)

    def curl(self, login: str, *words: str, scheme: str = "pop3s") -> Said:
        """Ask for a mailbox from outside with curl."""
        *options, path = words
        url = f"{scheme}://{self.name}/{path}"
        return self.scenario.run(
            "outside", "curl", "--silent", "--show-error", "--cacert", AUTHORITY, "--config", "-",
            *options, url, stdin=f'user = "{login}:{self.password}"\n',
        )  # fmt: skip

    def log(self, since: str, pattern: str) -> list[tuple[str, str]]:
        """Return unit and message of what popa3d said since then."""
        argv = ["journalctl", "-q", "-o", "json", f"--since=@{since}", "-t", "popa3d"]
        lines = (json.loads(line) for line in self.scenario.run(self.host, *argv).text.splitlines())
        return [
            (str(line.get("_SYSTEMD_UNIT")), str(line["MESSAGE"]))
            for line in lines
            if re.search(pattern, str(line["MESSAGE"]))
        ]

    def waiting(self) -> int:
        """Return how many messages the transfer agent still has."""
        folders = "/var/spool/postfix/active /var/spool/postfix/deferred /var/spool/mqueue"
        script = f"find {folders} -type f -name '[0-9A-Fq]*' 2>/dev/null | grep -cv /df || true"
        return int(self.scenario.shell(self.host, script))

    def now(self) -> str:
        """Return the server's time, for its log."""
        return self.scenario.shell(self.host, "date +%s").strip()
