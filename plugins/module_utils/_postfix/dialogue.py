"""Short SMTP dialogues with Postfix on this host: does it take mail under a configuration?"""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import os
import smtplib
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .model import Configuration, Service

TIMEOUT_SECONDS = 20
STRANGER = "192.0.2.1"  # a network for documentation: nobody trusts it, nothing answers there
Reply = tuple[int, bytes]


@dataclass(frozen=True)
class Listener:
    """Where a service answers on this host, and how TLS begins there."""

    host: str
    port: str
    tls: bool
    wrapped: bool


class _Piped(smtplib.SMTP):
    """SMTP over a socket that is open already."""

    def __init__(self, own: socket.socket) -> None:
        self._own = own
        super().__init__(timeout=TIMEOUT_SECONDS)

    def _get_socket(self, host: object, port: object, timeout: object) -> socket.socket:
        return self._own


def listeners(wanted: Configuration, interfaces: str) -> list[Listener]:
    """Return where the SMTP services of a configuration can be spoken to from this host."""
    main = dict(wanted.parameters)
    found = []
    for service in wanted.services:
        settings = {**main, **dict(service.options)}
        proxied = any(settings.get(f"{name}_upstream_proxy_protocol") for name in _SERVERS)
        if service.type == "inet" and service.command in _SERVERS and not proxied:
            host, port = _address(service.name, interfaces)
            tls = settings.get("smtpd_tls_security_level", "none") not in ("", "none")
            wrapped = settings.get("smtpd_tls_wrappermode") == "yes"
            found.append(Listener(host, port, tls, wrapped))
    return found


_SERVERS = ("smtpd", "postscreen")


def _address(name: str, interfaces: str) -> tuple[str, str]:
    host, _colon, port = name.rpartition(":")
    first = interfaces.replace(",", " ").split()[:1] or ["all"]
    if not host:
        host = "localhost" if first[0] in ("all", "loopback-only") else first[0]
    return host.strip("[]"), port


def converse(smtp: smtplib.SMTP, recipients: Sequence[str]) -> list[str]:
    """Begin a message without sending one, so that restrictions are evaluated; return refusals."""
    replies = [smtp.docmd("MAIL", "FROM:<>")]
    replies += [smtp.docmd("RCPT", f"TO:<{recipient}>") for recipient in recipients]
    replies.append(smtp.docmd("RSET"))
    return [_shown(reply) for reply in replies if is_refusal(reply)]


def is_refusal(reply: Reply) -> bool:
    """Whether a reply says that Postfix itself is at fault: 421 or 451 with 4.3.0 or 4.3.5."""
    return reply[0] in (421, 451) and reply[1].startswith((b"4.3.0", b"4.3.5"))


def _shown(reply: Reply) -> str:
    return f"{reply[0]} {reply[1].decode('utf-8', 'replace')}"


def try_listener(listener: Listener, recipients: Sequence[str]) -> list[str]:
    """Speak to a service that runs; return what is wrong with its answers."""
    place = f"{listener.host} port {listener.port}"
    try:
        with contextlib.closing(_connected(listener)) as smtp:
            smtp.ehlo("localhost")
            if listener.tls and not listener.wrapped:
                smtp.starttls(context=_unverified())
                smtp.ehlo("localhost")
            found = converse(smtp, recipients)
            smtp.quit()
    except (smtplib.SMTPException, OSError) as error:
        return [f"{place}: {error}"]
    return [f"{place}: {words}" for words in found]


def _connected(listener: Listener) -> smtplib.SMTP:
    """Connect; a service that has just been added gets some seconds to appear."""
    deadline = time.monotonic() + 5
    port = int(listener.port) if listener.port.isdigit() else _port(listener.port)
    while True:
        try:
            if not listener.wrapped:
                return smtplib.SMTP(listener.host, port, timeout=TIMEOUT_SECONDS)
            context = _unverified()
            return smtplib.SMTP_SSL(listener.host, port, timeout=TIMEOUT_SECONDS, context=context)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _port(name: str) -> int:
    return socket.getservbyname(name, "tcp")


def _unverified() -> ssl.SSLContext:
    """Whether the certificate is good is not asked here, only whether TLS begins."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def try_staged(
    program: str, service: Service, stage: str, token: str, recipients: Sequence[str]
) -> list[str]:
    """Let smtpd answer a stranger under the staged configuration; return its refusals."""
    options = {
        **dict(service.options),
        "smtpd_authorized_xclient_hosts": "127.0.0.1",
        "smtpd_tls_security_level": "none",
        "smtpd_tls_wrappermode": "no",
        "smtpd_upstream_proxy_protocol": "",
        "syslog_name": token,
    }
    argv = [program, "-S", *(word for pair in options.items() for word in ("-o", "=".join(pair)))]
    try:
        with _smtpd(argv, {"MAIL_CONFIG": stage, "MAIL_LOGTAG": token}) as smtp:
            code, words = smtp.connect("localhost")
            if code != 220:
                return [_shown((code, words))]
            smtp.docmd("XCLIENT", f"NAME=[UNAVAILABLE] ADDR={STRANGER}")
            smtp.ehlo(f"[{STRANGER}]")
            return converse(smtp, recipients)
    except (smtplib.SMTPException, OSError):
        return ["smtpd ended without a greeting or in the middle of a dialogue"]


@contextlib.contextmanager
def _smtpd(argv: Sequence[str], surroundings: Mapping[str, str]) -> Iterator[smtplib.SMTP]:
    """Run smtpd on a socket as Postfix's own user: only then it treats us as from a network."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(TIMEOUT_SECONDS)
        process = subprocess.Popen(
            list(argv),
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            stderr=subprocess.DEVNULL,
            env={**os.environ, **surroundings},
            user="postfix",
            group="postfix",
            extra_groups=[],
        )
        theirs.close()
        try:
            with contextlib.closing(_Piped(ours)) as smtp:
                yield smtp
        finally:
            _ended(process)


def _ended(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
