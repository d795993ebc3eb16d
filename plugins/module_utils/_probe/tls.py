"""TLS contexts of the probe, and what the handshake said."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import errno
import socket
import ssl
import warnings
from pathlib import Path

from .model import SERVICES, Target
from .transcript import Transcript


def verifying(target: Target, *, names: bool = True) -> ssl.SSLContext:
    """Return a context that trusts the target's CA, or the system's when none is given."""
    if target.ca_file and not Path(target.ca_file).is_file():
        raise FileNotFoundError(errno.ENOENT, "no such file of certificates", target.ca_file)
    context = ssl.create_default_context(cafile=target.ca_file, cadata=target.ca_certificates)
    context.check_hostname = names
    return context


def trusting() -> ssl.SSLContext:
    """Return a context that takes any certificate, to look at it or as mail servers do."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def outdated() -> ssl.SSLContext:
    """Return a context that speaks nothing newer than TLS 1.1."""
    context = trusting()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def connect(
    target: Target, service: str, transcript: Transcript, context: ssl.SSLContext | None = None
) -> socket.socket:
    """Connect to a service, and begin TLS at once where it does; without a context, verify."""
    port = target.port(service)
    transcript.remark(f"connect to {target.address} port {port}")
    sock = socket.create_connection((target.address, port), target.timeout_seconds)
    if SERVICES[service].implicit_tls:
        return wrap(sock, context or verifying(target), target, transcript)
    return sock


def wrap(
    sock: socket.socket, context: ssl.SSLContext, target: Target, transcript: Transcript
) -> ssl.SSLSocket:
    """Begin TLS on a connected socket and note what was agreed on."""
    secured = context.wrap_socket(sock, server_hostname=target.server)
    note(secured, transcript)
    return secured


def note(secured: ssl.SSLSocket, transcript: Transcript) -> None:
    """Note protocol and cipher of a connection."""
    transcript.remark(agreed(secured))


def agreed(secured: ssl.SSLSocket) -> str:
    """Return protocol and cipher of a connection in words."""
    cipher = secured.cipher()
    return f"{secured.version()} with {cipher[0] if cipher else 'no cipher'}"
