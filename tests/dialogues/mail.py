"""Mail as people send and read it: a stranger's transfer agent, swaks, and mailboxes over IMAP."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
import ssl
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from dialogues.scenario import Said, Scenario, wait_for

SERVER = "mail.example.org"
BOB = "bob@example.com"
WAIT_SECONDS = 60


class _Imap(imaplib.IMAP4_SSL):
    """IMAP over TLS to an address, with the server's name verified, as DNS would have led there."""

    name = SERVER

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        plain = imaplib.IMAP4._create_socket(self, timeout)  # type: ignore[attr-defined]
        # imaplib sends an APPEND in pieces; without this each waits for the last one's receipt.
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wrapped: ssl.SSLSocket = self.ssl_context.wrap_socket(plain, server_hostname=self.name)
        return wrapped


@contextlib.contextmanager
def opened(
    scenario: Scenario, host: str, name: str, login: str, password: str
) -> Iterator[imaplib.IMAP4_SSL]:
    """Open an inbox of a host over IMAPS, its name verified by the site's authority."""
    context = ssl.create_default_context(cafile=str(scenario.state / "ca" / "ca.crt"))
    imap = type("Named", (_Imap,), {"name": name})(
        scenario.address(host), 993, ssl_context=context, timeout=30
    )
    try:
        imap.login(login, password)
        imap.select("INBOX")
        yield imap
    finally:
        with contextlib.suppress(Exception):
            imap.logout()


@dataclass(frozen=True)
class People:
    """The people of a site scenario and what they do with mail."""

    scenario: Scenario

    def mailbox(
        self, account: str, domain: str = "example.org"
    ) -> contextlib.AbstractContextManager[imaplib.IMAP4_SSL]:
        """Open the inbox of a person whose password is a file of the scenario."""
        return self.inbox(f"{account}@{domain}", self.scenario.secret(account))

    @contextlib.contextmanager
    def inbox(self, login: str, password: str) -> Iterator[imaplib.IMAP4_SSL]:
        """Open a person's inbox over IMAPS, the site's authority verified."""
        with opened(self.scenario, "mail", SERVER, login, password) as imap:
            yield imap

    def count(self, account: str, token: str, domain: str = "example.org") -> int:
        """Return how many messages in a person's inbox bear a token in their subject."""
        with self.mailbox(account, domain) as imap:
            _, found = imap.search(None, "SUBJECT", f'"{token}"')
        return len(found[0].split())

    def receives(self, account: str, token: str, domain: str = "example.org") -> None:
        """Wait until a person has the message with that token."""
        wait_for(
            f"{account} has the message {token}",
            lambda: self.count(account, token, domain) > 0,
            WAIT_SECONDS,
        )

    def bob_receives(self, token: str) -> str:
        """Wait until the stranger has the message with that token; return its text."""
        find = f"grep -rl {token} /home/bob/Maildir/new /home/bob/Maildir/cur | head -n 1"
        arrived = partial(self.scenario.run, "outside", "sh", "-c", f"{find} | grep .")
        wait_for(f"bob has the message {token}", lambda: arrived().rc == 0, WAIT_SECONDS)
        return self.scenario.shell("outside", f"cat $({find})")

    def bob_writes(self, *recipients: str, token: str = "") -> str:
        """Send from the stranger's transfer agent, which finds the way by MX; return the token."""
        return self.sendmail("outside", BOB, *recipients, token=token)

    def sendmail(self, host: str, sender: str, *recipients: str, token: str = "") -> str:
        """Hand a message to a host's own transfer agent; return the token in its subject."""
        token = token or new_token()
        message = f"From: {sender}\nTo: {', '.join(recipients)}\nSubject: {token}\n\nWords.\n"
        said = self.scenario.run(
            host, "/usr/sbin/sendmail", "-f", sender, "--", *recipients, stdin=message
        )
        assert said.rc == 0, said.text
        return token

    def swaks(self, *arguments: str, token: str = "") -> Said:
        """Talk SMTP to the mail server from outside, with the dialogue as the answer."""
        words = ["--server", SERVER, "--timeout", "20", "--header", f"Subject: {token or 'none'}"]
        return self.scenario.run("outside", "swaks", *words, *arguments)

    def curl(self, account: str, url: str) -> Said:
        """Read mail from outside with curl, which trusts what the system trusts."""
        login = f"{account}@example.org:{self.scenario.secret(account)}"
        return self.scenario.run(
            "outside", "curl", "--silent", "--show-error", "--config", "-", url,
            stdin=f'user = "{login}"\n',
        )  # fmt: skip


def new_token() -> str:
    """Return a word that no other message bears."""
    return f"token{uuid.uuid4().hex[:16]}"


def replies(dialogue: Said, code: str) -> list[str]:
    """Return the server's replies of a swaks dialogue that begin with a code."""
    return re.findall(rf"^<[~*-]*\*?\*?\s+({code}.*)$", dialogue.text, re.MULTILINE)
