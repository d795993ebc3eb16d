"""A server with Courier, and people who read their mail there from outside."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import imaplib
import json
import poplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from dialogues.mail import BOB, new_token
from dialogues.scenario import Said, Scenario, wait_for


def _context(scenario: Scenario) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(scenario.state / "ca" / "ca.crt"))


class _Imap(imaplib.IMAP4_SSL):
    """IMAP over TLS to an address, with the name of the host that is meant verified."""

    meant = ""

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        plain = imaplib.IMAP4._create_socket(self, timeout)  # type: ignore[attr-defined]
        wrapped: ssl.SSLSocket = self.ssl_context.wrap_socket(plain, server_hostname=self.meant)
        return wrapped


@dataclass(frozen=True)
class Server:
    """One of the two, and what people do with it."""

    scenario: Scenario
    host: str

    def shell(self, script: str) -> str:
        """Run a shell script on it, which must end well."""
        return self.scenario.shell(self.host, script)

    def connect(self) -> imaplib.IMAP4_SSL:
        """Open IMAPS, the host's name verified."""
        context, address = _context(self.scenario), self.scenario.address(self.host)
        meant = type("_Meant", (_Imap,), {"meant": f"{self.host}.example.org"})
        opened: imaplib.IMAP4_SSL = meant(address, 993, ssl_context=context, timeout=30)
        return opened

    @contextlib.contextmanager
    def mailbox(self, login: str) -> Iterator[imaplib.IMAP4_SSL]:
        """Open a person's inbox over IMAPS."""
        imap = self.connect()
        try:
            imap.login(login, self.scenario.secret("alice"))
            imap.select("INBOX")
            yield imap
        finally:
            with contextlib.suppress(Exception):
                imap.logout()

    def pop(self, login: str) -> tuple[int, bytes]:
        """Return how many messages a person has over POP3S, and the last one."""
        context = _context(self.scenario)
        context.check_hostname = False  # poplib asks for the address; IMAPS has verified the name
        pop = poplib.POP3_SSL(self.scenario.address(self.host), 995, context=context, timeout=30)
        try:
            pop.user(login)
            pop.pass_(self.scenario.secret("alice"))
            count, _size = pop.stat()
            return count, b"\n".join(pop.retr(count)[1]) if count else b""
        finally:
            pop.quit()

    def count(self, login: str, token: str) -> int:
        """Return how many messages in a person's inbox bear a token in their subject."""
        with self.mailbox(login) as imap:
            _kind, found = imap.search(None, "SUBJECT", f'"{token}"')
        return len(found[0].split())

    def receives(self, login: str, token: str, times: int = 1) -> None:
        """Wait until a person has the message with that token, so many times and no more."""
        what = f"{login} has {token} on {self.host}"
        wait_for(what, lambda: self.count(login, token) >= times, 30)
        assert self.count(login, token) == times

    def gets(self, *recipients: str, size: int = 10) -> str:
        """Let a stranger's server bring a message for these; return the token in its subject."""
        token = new_token()
        said = self.scenario.run(
            "outside",
            "swaks",
            *("--server", self.scenario.address(self.host), "--timeout", "20", "--from", BOB),
            *("--to", ",".join(recipients), "--header", f"Subject: {token}"),
            *("--body", "-"),
            stdin=f"{'Words. ' * 10}\n" * (size // 70 + 1),
        )
        assert said.rc == 0, said.text
        return token

    def keeps_waiting(self, recipient: str) -> None:
        """Wait until a delivery to somebody has failed for now."""
        reason = "temporary failure|denied" if self.host == "mail" else "EX_TEMPFAIL"
        log = f"journalctl -o cat --since -2min | grep -E 'to=<?{recipient}.*({reason})'"
        wait_for("it waits", lambda: self.scenario.run(self.host, "sh", "-c", log).rc == 0, 30)
        assert recipient in self.shell("mailq")

    def try_again(self) -> None:
        """Let the agent try at once what waits."""
        self.shell("postqueue -f" if self.host == "mail" else "sendmail -q")

    def converge(self, playbook: str = "", **variables: object) -> Said:
        """Run the scenario's playbook, or another, with some variables changed, as a user would."""
        words = ("--limit", self.host, "-e", json.dumps(variables))
        said = self.scenario.playbook(*words, name=playbook)
        assert said.rc == 0, said.text
        return said
