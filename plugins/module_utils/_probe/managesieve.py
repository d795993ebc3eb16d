"""ManageSieve connections that write down what is said; Python has no library for it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import re
import socket
import ssl

from . import tls
from .model import Account, Target
from .transcript import Transcript

_END = re.compile(rb"(OK|NO|BYE)\b", re.IGNORECASE)
_CAPABILITY = re.compile(r'"([^"]*)"(?: "([^"]*)")?')
_MOST_BYTES = 1 << 16


class SieveError(Exception):
    """The server says no; the message is its own words."""


class ManageSieve:
    """A connection that begins in clear text; TLS begins before a login."""

    def __init__(
        self,
        target: Target,
        service: str,
        transcript: Transcript,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._target = target
        self._transcript = transcript
        self._context = context
        self.sock: socket.socket = tls.connect(target, service, transcript, context)
        self.greeting = ""
        self.capabilities = self._listen()

    def secure(self) -> None:
        """Begin TLS; raises SieveError where the server does not offer it."""
        if "STARTTLS" not in self.capabilities:
            raise SieveError("STARTTLS is not offered")
        self._say(b"STARTTLS")
        self._listen()
        context = self._context or tls.verifying(self._target)
        self.sock = tls.wrap(self.sock, context, self._target, self._transcript)
        self.capabilities = self._listen()

    def login_as(self, account: Account) -> None:
        """Log in under TLS; raises SieveError with the server's words when it refuses."""
        if not isinstance(self.sock, ssl.SSLSocket):
            self.secure()
        self.authenticate(account)

    def authenticate(self, account: Account) -> None:
        """Say a login and a password, whether there is TLS or not."""
        words = base64.b64encode(f"\0{account.login}\0{account.password}".encode())
        self._say(b'AUTHENTICATE "PLAIN" "' + words + b'"', b'AUTHENTICATE "PLAIN" (a password)')
        self._listen()

    def logout(self) -> None:
        """End the session."""
        self._say(b"LOGOUT")
        self.shutdown()

    def shutdown(self) -> None:
        """Hang up."""
        self.sock.close()

    def _say(self, line: bytes, shown: bytes = b"") -> None:
        self._transcript.sent((shown or line) + b"\r\n")
        self.sock.sendall(line + b"\r\n")

    def _listen(self) -> dict[str, str]:
        """Read an answer, and return the capabilities that it names, if any."""
        found: dict[str, str] = {}
        while True:
            line = self._line()
            self._transcript.received(line)
            text = line.decode("utf-8", "replace").strip()
            if end := _END.match(line):
                if end[1].upper() != b"OK":
                    raise SieveError(text)
                return found
            if said := _CAPABILITY.match(text):
                found[said[1].upper()] = said[2] or ""
                if said[1].upper() == "IMPLEMENTATION" and not self.greeting:
                    self.greeting = said[2] or ""

    def _line(self) -> bytes:
        """Return a line and read not a byte further: what follows may be TLS."""
        line = b""
        while not line.endswith(b"\n"):
            piece = self.sock.recv(1)
            if not piece or len(line) > _MOST_BYTES:
                raise ConnectionError("the server hung up")
            line += piece
        return line
