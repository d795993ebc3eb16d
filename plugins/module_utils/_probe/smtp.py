"""An SMTP connection that writes down what is said."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import smtplib
import socket
import ssl

from . import tls
from .model import SERVICES, Account, Target
from .transcript import Transcript


class Smtp(smtplib.SMTP):
    """A connection to one service of a target; TLS from the start where the service has it."""

    def __init__(
        self,
        target: Target,
        service: str,
        transcript: Transcript,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._target = target
        self._context = context
        self._transcript = transcript
        self._service = service
        self._implicit = SERVICES[service].implicit_tls
        self.greeting = ""
        super().__init__(
            target.server,
            target.port(service),
            local_hostname=target.helo,
            timeout=target.timeout_seconds,
        )

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return tls.connect(self._target, self._service, self._transcript, self._context)

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: object = None
    ) -> tuple[int, bytes]:
        """Connect and keep the greeting."""
        code, text = super().connect(host, port)
        self.greeting = f"{code} {text.decode('utf-8', 'replace')}"
        return code, text

    def send(self, s: str | bytes) -> None:  # type: ignore[override]
        """Send, and write down."""
        self._transcript.sent(s if isinstance(s, bytes) else s.encode("utf-8"))
        super().send(s if isinstance(s, bytes) else s.encode("utf-8"))

    def getreply(self) -> tuple[int, bytes]:
        """Receive, and write down."""
        code, text = super().getreply()
        for line in text.split(b"\n"):
            self._transcript.received(f"{code} ".encode() + line)
        return code, text

    def secure(self, context: ssl.SSLContext | None = None) -> None:
        """Begin TLS by STARTTLS where the service doesn't have it already, and greet again."""
        self.hello()
        if self._implicit:
            return
        self.starttls(context=context or self._context or tls.verifying(self._target))
        self._transcript.remark(self.agreed())
        self.hello()

    def agreed(self) -> str:
        """Return what TLS agreed on."""
        return tls.agreed(self.sock) if isinstance(self.sock, ssl.SSLSocket) else "no TLS"

    def upgraded_and_listened(self, seconds: float) -> tuple[bool, str]:
        """Begin TLS and listen whether the server answers something it was not asked within."""
        if self.sock is None:
            return False, "the connection was closed"
        try:
            secured = tls.wrap(self.sock, tls.trusting(), self._target, self._transcript)
            self.sock, self.file = secured, None
            secured.settimeout(seconds)
            data = secured.recv(400)
        except TimeoutError:
            return False, "forgotten"
        except OSError as error:
            self._transcript.remark(str(error))
            return False, "the server ends the connection"
        self._transcript.received(data)
        return bool(data), data.decode("utf-8", "replace").strip() or "the server hangs up"

    def hello(self) -> None:
        """Greet with EHLO; raises SMTPException when even that is refused."""
        code, text = self.ehlo()
        if code != 250:
            raise smtplib.SMTPHeloError(code, text)

    def ask(self, command: str) -> tuple[int, str]:
        """Send one command and return code and text of the reply."""
        code, text = self.docmd(command)
        return code, text.decode("utf-8", "replace")

    def mechanisms(self) -> tuple[str, ...]:
        """Return the AUTH mechanisms that EHLO offered."""
        return tuple(self.esmtp_features.get("auth", "").split())

    def authenticate(self, account: Account) -> tuple[int, str]:
        """Log in by PLAIN, or by LOGIN where PLAIN isn't offered; return the last reply."""
        if "LOGIN" in self.mechanisms() and "PLAIN" not in self.mechanisms():
            self.ask("AUTH LOGIN")
            self.ask(_base64(account.login))
            return self.ask(_base64(account.password))
        words = _base64(f"\0{account.login}\0{account.password}")
        return self.ask(f"AUTH PLAIN {words}")

    def deliver(self, message: bytes) -> tuple[int, str]:
        """Send the message's content and return the last reply."""
        code, text = self.data(message)
        return code, text.decode("utf-8", "replace")

    def leave(self) -> None:
        """Say good-bye without caring for the answer."""
        try:
            self.quit()
        except (smtplib.SMTPException, OSError):
            self.close()

    def __exit__(self, *_args: object) -> None:
        self.leave()


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
