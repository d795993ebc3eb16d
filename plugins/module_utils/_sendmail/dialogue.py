"""Short SMTP dialogues with Sendmail on this host: does it take mail as it is configured?"""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import os
import re
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence

from .greeting import Endpoint

TIMEOUT_SECONDS = 30  # greet_pause makes a caller wait that is not excepted
Reply = tuple[int, bytes]
# What Sendmail says when it is at fault itself, and not the caller, the load or a full
# disk; nor does it refuse to relay what this host itself hands over.
_FAULT = re.compile(
    rb"4\.3\.0|4\.3\.5|5\.3\.0|5\.3\.5|.*(?:system failure|Relaying denied)", re.DOTALL
)


class _Piped(smtplib.SMTP):
    """SMTP over a socket that is open already."""

    def __init__(self, own: socket.socket) -> None:
        self._own = own
        super().__init__(timeout=TIMEOUT_SECONDS)

    def _get_socket(self, host: object, port: object, timeout: object) -> socket.socket:
        return self._own


def is_fault(reply: Reply) -> bool:
    """Say whether a reply means that Sendmail itself, or its configuration, is at fault."""
    return reply[0] >= 400 and bool(_FAULT.match(reply[1]))


def converse(smtp: smtplib.SMTP, recipients: Sequence[str]) -> list[str]:
    """Begin a message without sending one, so that every table is asked; return the faults."""
    replies = [smtp.docmd("MAIL", "FROM:<>")]
    replies += [smtp.docmd("RCPT", f"TO:<{recipient}>") for recipient in recipients]
    replies.append(smtp.docmd("RSET"))
    return [_shown(reply) for reply in replies if is_fault(reply)]


def _shown(reply: Reply) -> str:
    return f"{reply[0]} {reply[1].decode('utf-8', 'replace')}"


def try_endpoint(place: Endpoint, recipients: Sequence[str]) -> list[str]:
    """Speak to a listener that runs; return what is wrong with its answers."""
    name = f"{place.host} port {place.port}"
    try:
        with contextlib.closing(_connected(place)) as smtp:
            smtp.ehlo("localhost")
            if smtp.has_extn("starttls"):
                smtp.starttls(context=_unverified())
                smtp.ehlo("localhost")
            found = converse(smtp, recipients)
            smtp.quit()
    except (smtplib.SMTPException, OSError) as error:
        return [f"{name}: {error}"]
    return [f"{name}: {words}" for words in found]


def _connected(place: Endpoint) -> smtplib.SMTP:
    port = int(place.port) if place.port.isdigit() else socket.getservbyname(place.port, "tcp")
    if not place.tls:
        return smtplib.SMTP(place.host, port, timeout=TIMEOUT_SECONDS)
    return smtplib.SMTP_SSL(place.host, port, timeout=TIMEOUT_SECONDS, context=_unverified())


def _unverified() -> ssl.SSLContext:
    """Whether the certificate is good is not asked here, only whether TLS begins."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def try_staged(argv: Sequence[str], recipients: Sequence[str]) -> tuple[list[str], set[str]]:
    """Let Sendmail answer on a socket pair; return its faults, and what it offers."""
    try:
        with _sendmail(argv) as smtp:
            greeting = smtp.connect("localhost")
            if greeting[0] != 220:
                return [_shown(greeting)], set()
            smtp.ehlo("localhost")
            offered = set(smtp.esmtp_features)
            return converse(smtp, recipients), offered
    except (smtplib.SMTPException, OSError):
        return ["Sendmail ended without a greeting or in the middle of a dialogue"], set()


@contextlib.contextmanager
def _sendmail(argv: Sequence[str]) -> Iterator[smtplib.SMTP]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(TIMEOUT_SECONDS)
        process = subprocess.Popen(
            list(argv),
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},
        )
        theirs.close()
        try:
            with contextlib.closing(_Piped(ours)) as smtp:
                yield smtp
                smtp.docmd("QUIT")
        finally:
            _ended(process)


def _ended(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
