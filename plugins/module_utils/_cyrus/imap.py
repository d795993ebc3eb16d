"""Speaking IMAP to Cyrus as an administrator, through its UNIX socket, many commands at a time."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import imaplib
import re
import socket
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType

_AT_ONCE = 100  # so many commands and their answers fit into the buffers on the way
_LITERAL = re.compile(rb"\{(\d+)\}\r\n$")
_TAGGED = re.compile(rb"(\d+) (OK|NO|BAD)(?: \[[^\]]*\])? ?(.*)", re.DOTALL)


class Refusal(Exception):
    """Cyrus does not do it; the message is its own words."""


class _UnixIMAP4(imaplib.IMAP4):
    """IMAP over a UNIX socket, whose path stands where a host's name would."""

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(60 if timeout is None else timeout)
        client.connect(self.host)
        return client


class Administrator:
    """One connection, from login to logout."""

    def __init__(self, path: str, name: str, secret: str) -> None:
        self._path = path
        self._name = name
        self._secret = secret

    def __enter__(self) -> Administrator:
        try:
            self._imap = _UnixIMAP4(self._path)
            self._imap.login(self._name, self._secret)
        except (OSError, imaplib.IMAP4.error) as error:
            raise Refusal(f"no login as {self._name} at {self._path}: {_plain(error)}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._imap.logout()
        except (OSError, imaplib.IMAP4.error):
            if kind is None:
                raise

    def ask(self, commands: Iterable[str], unless: bytes = b"") -> list[list[bytes]]:
        """Send all commands, many before their answers; return what each was told, line by line.

        The first that Cyrus refuses raises Refusal, once what was sent is answered. One that is
        refused in the words of `unless` was told nothing.
        """
        waiting = list(commands)
        told: list[list[bytes]] = []
        for start in range(0, len(waiting), _AT_ONCE):
            some = waiting[start : start + _AT_ONCE]
            lines = (f"{number} {line}\r\n" for number, line in enumerate(some))
            self._imap.send("".join(lines).encode())
            told += self._answers(some, unless)
        return told

    def _answers(self, commands: Sequence[str], unless: bytes) -> Iterator[list[bytes]]:
        refused = ""
        for command in commands:
            lines: list[bytes] = []
            while not (end := _TAGGED.fullmatch(line := self._line(command).rstrip(b"\r\n"))):
                lines.append(line.removeprefix(b"* "))
            if end[2] != b"OK" and not (unless and unless in end[3].lower()):
                refused = refused or f"{command}: {end[3].decode('utf-8', 'replace')}"
            yield lines
        if refused:
            raise Refusal(refused)

    def _line(self, command: str) -> bytes:
        """Return a line of an answer, with what it announces within quotes."""
        try:
            line: bytes = self._imap.readline()
            while announced := _LITERAL.search(line):
                said: bytes = self._imap.read(int(announced[1]))
                line = line[: announced.start()] + b'"' + said + b'"' + self._imap.readline()
        except (OSError, imaplib.IMAP4.error) as error:
            raise Refusal(f"{command}: {_plain(error)}") from error
        if not line or line.startswith(b"* BYE"):
            words = line.decode("utf-8", "replace").strip() or "Cyrus hung up"
            raise Refusal(f"{command}: {words}")
        return line


def _plain(error: Exception) -> str:
    first = error.args[0] if error.args else ""
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(error)
