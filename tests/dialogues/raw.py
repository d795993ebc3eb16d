"""SMTP byte by byte: what no well-behaved library would send, and the exact answers."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

TIMEOUT_SECONDS = 20


class Raw:
    """A connection to an SMTP server on which everything can be said."""

    def __init__(self, address: str, port: int = 25, tls: bool = False) -> None:
        self._socket = socket.create_connection((address, port), TIMEOUT_SECONDS)
        self._kept = b""
        if tls:
            self.wrap()

    def wrap(self) -> None:
        """Go on under TLS, whoever the server is."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self._socket = context.wrap_socket(self._socket)

    def close(self) -> None:
        """End the connection without a word."""
        self._socket.close()

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._socket.sendall(data)

    def reply(self) -> str:
        """Return the next reply, its last line; an empty text when the server hung up."""
        while True:
            line = self._line()
            if line[3:4] != b"-":
                return line.decode("utf-8", "backslashreplace").rstrip()

    def _line(self) -> bytes:
        while b"\n" not in self._kept:
            with suppress(ConnectionError, ssl.SSLError):
                if piece := self._socket.recv(65536):
                    self._kept += piece
                    continue
            return b""
        line, self._kept = self._kept.split(b"\n", 1)
        return line

    def silent(self, seconds: float = 1.0) -> bool:
        """Say whether the server waits for more."""
        self._socket.settimeout(seconds)
        try:
            self._kept += self._socket.recv(65536)
        except TimeoutError:
            pass
        finally:
            self._socket.settimeout(TIMEOUT_SECONDS)
        return not self._kept

    def say(self, line: str | bytes) -> str:
        """Send one command and return its answer."""
        text = line.encode() if isinstance(line, str) else line
        self.send(text + b"\r\n")
        return self.reply()

    def starttls(self) -> str:
        """Ask for TLS, and go on under it where it is given."""
        said = self.say("STARTTLS")
        if said.startswith("220"):
            self.wrap()
        return said


@contextmanager
def connected(address: str, port: int = 25, tls: bool = False) -> Iterator[Raw]:
    """Connect, and hang up at the end whatever happened."""
    raw = Raw(address, port, tls)
    try:
        yield raw
    finally:
        raw.close()
