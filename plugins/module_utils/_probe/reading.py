"""IMAP and POP3 connections that write down what is said, and find one message."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import imaplib
import poplib
import socket
import ssl
from collections.abc import Callable
from typing import TypeAlias

from . import tls
from .managesieve import ManageSieve
from .model import SERVICES, Account, Target
from .transcript import Transcript

# A message is looked for among the newest of a POP3 mailbox, which knows no search.
POP3_NEWEST = 200


class _Session:
    """What both kinds of connection begin with: a socket and greeting that are written down."""

    def __init__(
        self,
        target: Target,
        service: str,
        transcript: Transcript,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._transcript = transcript
        self._make: Callable[[], socket.socket] = lambda: tls.connect(
            target, service, transcript, context
        )
        # The library's own class comes next; it connects and reads the greeting.
        super().__init__(target.server, target.port(service), target.timeout_seconds)  # type: ignore[call-arg]

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._make()


class Imap(_Session, imaplib.IMAP4):
    """An IMAP connection, TLS from the start on imaps."""

    def send(self, data: bytes) -> None:  # type: ignore[override]
        """Send, and write down."""
        self._transcript.sent(data)
        super().send(data)

    def readline(self) -> bytes:
        """Receive a line, and write it down."""
        line = super().readline()
        self._transcript.received(line)
        return line

    @property
    def greeting(self) -> str:
        """The server's first line."""
        return self.welcome.decode("utf-8", "replace")

    def login_as(self, account: Account) -> None:
        """Log in; raises imaplib.IMAP4.error with the server's words when it refuses."""
        if "AUTH=PLAIN" in self.capabilities:
            words = f"\0{account.login}\0{account.password}".encode()
            self.authenticate("PLAIN", lambda _challenge: words)
        else:
            self.login(account.login, account.password)
        # A server may tell more to those who have logged in.
        _status, told = self.capability()
        self.capabilities = tuple(told[0].decode("ascii", "replace").upper().split())

    def find(self, token: str) -> list[str]:
        """Return the UIDs of the messages in INBOX whose Message-ID holds the token."""
        self.select("INBOX")
        return self._search("HEADER", "Message-ID", token)

    def _search(self, *words: str) -> list[str]:
        _status, found = self.uid("SEARCH", *words)
        return [uid.decode() for part in found if part for uid in part.split()]

    def message_id(self, uid: str) -> str:
        """Return the Message-ID of a message."""
        _status, found = self.uid("FETCH", uid, "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
        parts = [part[1] for part in found if isinstance(part, tuple)]
        return b"".join(parts).decode("utf-8", "replace")

    def fetch_text(self, uid: str) -> bytes:
        """Return a whole message without marking it as read."""
        _status, found = self.uid("FETCH", uid, "(BODY.PEEK[])")
        return b"".join(part[1] for part in found if isinstance(part, tuple))

    def remove(self, uids: list[str]) -> None:
        """Remove messages for good, and never others that their owner has marked as deleted.

        A server without UIDPLUS removes all that is marked: then ours stay when others are.
        """
        if not uids:
            return
        chosen = ",".join(uids)
        self.uid("STORE", chosen, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self.capabilities:
            self.uid("EXPUNGE", chosen)
        elif set(self._search("DELETED")) <= set(uids):
            self.expunge()


class Pop3(_Session, poplib.POP3):
    """A POP3 connection, TLS from the start on pop3s."""

    def _putline(self, line: bytes) -> None:
        self._transcript.sent(line)
        super()._putline(line)  # type: ignore[misc]

    def _getline(self) -> tuple[bytes, int]:
        line, size = super()._getline()  # type: ignore[misc]
        self._transcript.received(line)
        return line, size

    @property
    def greeting(self) -> str:
        """The server's first line."""
        return self.getwelcome().decode("utf-8", "replace")

    def login_as(self, account: Account) -> None:
        """Log in; raises poplib.error_proto with the server's words when it refuses."""
        self.user(account.login)
        self.pass_(account.password)

    def find(self, token: str) -> list[str]:
        """Return the numbers of the newest messages whose header holds the token."""
        count, _size = self.stat()
        newest = range(count, max(0, count - POP3_NEWEST), -1)
        with self._transcript.quiet(f"look at the headers of {len(newest)} messages"):
            return [str(number) for number in newest if self._has(number, token)]

    def message_id(self, number: str) -> str:
        """Return the header of a message, where its Message-ID stands."""
        with self._transcript.quiet(f"look at the header of message {number}"):
            return self._header(int(number)).decode("utf-8", "replace")

    def fetch_text(self, number: str) -> bytes:
        """Return a whole message."""
        with self._transcript.quiet(f"read message {number}"):
            return b"\r\n".join(self.retr(int(number))[1])

    def remove(self, numbers: list[str]) -> None:
        """Mark messages for removal, which QUIT carries out."""
        for number in numbers:
            self.dele(int(number))

    def logout(self) -> None:
        """End the session, so that removals take effect."""
        self.quit()

    def _has(self, number: int, token: str) -> bool:
        """Whether the token is in a message's header; the message may be gone by now."""
        try:
            return token.encode() in self._header(number)
        except poplib.error_proto:
            return False

    def _header(self, number: int) -> bytes:
        return b"\r\n".join(self.top(number, 0)[1])


Reading: TypeAlias = "Imap | Pop3"
Session: TypeAlias = "Reading | ManageSieve"


def open_reading(
    target: Target,
    service: str,
    transcript: Transcript,
    context: ssl.SSLContext | None = None,
) -> Reading:
    """Connect to a service from which mail is fetched."""
    if SERVICES[service].protocol == "imap":
        return Imap(target, service, transcript, context)
    return Pop3(target, service, transcript, context)


def open_session(
    target: Target,
    service: str,
    transcript: Transcript,
    context: ssl.SSLContext | None = None,
) -> Session:
    """Connect to a service that people log in to, mail or not."""
    if SERVICES[service].protocol == "sieve":
        return ManageSieve(target, service, transcript, context)
    return open_reading(target, service, transcript, context)
