"""The certificate that a port serves, beside the one that lies on the disk."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import imaplib
import poplib
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from .._core.problems import Problem

_Connect: TypeAlias = "Callable[[str, int, float], Any]"
_Upgrade: TypeAlias = "Callable[[Any, ssl.SSLContext], object]"
_Fetch: TypeAlias = "Callable[[str, int, ssl.SSLContext, float], bytes | None]"

# How TLS starts where it does not start with the first byte.
STARTTLS = {25: "smtp", 110: "pop3", 143: "imap", 587: "smtp", 4190: "sieve"}


def first_certificate(text: str) -> bytes:
    """Return the first certificate of a PEM file in DER form."""
    end = "-----END CERTIFICATE-----"
    start = text.index("-----BEGIN CERTIFICATE-----")
    return ssl.PEM_cert_to_DER_cert(text[start : text.index(end, start) + len(end)])


def fetch(host: str, port: int, timeout_seconds: float) -> bytes:
    """Return the certificate that a port serves, whatever it says; OSError when it serves none."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        served = _FETCH[STARTTLS.get(port, "")](host, port, context, timeout_seconds)
    except (smtplib.SMTPException, imaplib.IMAP4.error, poplib.error_proto) as refused:
        raise OSError(str(refused)) from refused
    if not served:
        raise OSError("no certificate")
    return served


def problems_of(
    wanted: bytes,
    ports: Sequence[int],
    fetch_one: Callable[[int], bytes],
    patience_seconds: float,
) -> list[Problem]:
    """Ask every port until it serves the wanted certificate or the patience is at its end."""
    deadline = time.monotonic() + patience_seconds
    wrong: Mapping[int, Problem] = {port: Problem("", "") for port in ports}
    while wrong:
        wrong = {port: said for port in wrong if (said := _ask(wanted, port, fetch_one))}
        if not wrong or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    return sorted(wrong.values())


def _ask(wanted: bytes, port: int, fetch_one: Callable[[int], bytes]) -> Problem | None:
    try:
        served = fetch_one(port)
    except OSError as error:
        return Problem(f"port {port}", f"serves no certificate: {error}")
    if served == wanted:
        return None
    what = f"serves the certificate {_colons(served)}"
    return Problem(f"port {port}", what, f"the file's is {_colons(wanted)}")


def _colons(certificate: bytes) -> str:
    return hashlib.sha256(certificate).digest().hex(":").upper()


def _direct(host: str, port: int, context: ssl.SSLContext, timeout: float) -> bytes | None:
    with (
        socket.create_connection((host, port), timeout) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        return secure.getpeercert(True)


def _upgraded(connect: _Connect, upgrade: _Upgrade, close: Callable[[Any], None]) -> _Fetch:
    """Return how to fetch the certificate where TLS starts with a command of the protocol."""

    def fetch_upgraded(
        host: str, port: int, context: ssl.SSLContext, timeout: float
    ) -> bytes | None:
        client = connect(host, port, timeout)
        try:
            upgrade(client, context)
            return _certificate(client.sock)
        finally:
            close(client)

    return fetch_upgraded


def _certificate(connection: object) -> bytes | None:
    return connection.getpeercert(True) if isinstance(connection, ssl.SSLSocket) else None


def _smtp(host: str, port: int, timeout: float) -> smtplib.SMTP:
    return smtplib.SMTP(host, port, timeout=timeout)


def _starttls(client: smtplib.SMTP, context: ssl.SSLContext) -> None:
    client.starttls(context=context)


def _sieve(host: str, port: int, context: ssl.SSLContext, timeout: float) -> bytes | None:
    """Python has no library for ManageSieve: wait for OK, ask for TLS, wait for OK."""
    with socket.create_connection((host, port), timeout) as plain:
        _wait_for_ok(plain)
        plain.sendall(b"STARTTLS\r\n")
        _wait_for_ok(plain)
        with context.wrap_socket(plain, server_hostname=host) as secure:
            return secure.getpeercert(True)


def _wait_for_ok(plain: socket.socket) -> None:
    """Read up to the line that ends an answer, and not a byte further."""
    line = b""
    while not line.upper().startswith(b"OK") or not line.endswith(b"\n"):
        if line.endswith(b"\n"):
            line = b""
        piece = plain.recv(1)
        line += piece
        if not piece or line.upper().startswith((b"NO", b"BYE")):
            raise OSError(f"no TLS: {line.decode('utf-8', 'replace').strip()}")


_FETCH: Mapping[str, _Fetch] = {
    "": _direct,
    "sieve": _sieve,
    "smtp": _upgraded(_smtp, _starttls, smtplib.SMTP.close),
    "imap": _upgraded(imaplib.IMAP4, imaplib.IMAP4.starttls, imaplib.IMAP4.shutdown),
    "pop3": _upgraded(poplib.POP3, poplib.POP3.stls, poplib.POP3.close),
}
