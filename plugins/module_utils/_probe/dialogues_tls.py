"""Dialogues about TLS and greetings: certificates, old protocols, banners."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime

from . import judge, tls
from .certificate import judge_certificate
from .der import read_certificate
from .dialogues_access import end
from .dialogues_smtp import label
from .managesieve import ManageSieve
from .model import SERVICES, Check, Group, Promise, Target, Verdict, broken, kept, skipped
from .reading import open_session
from .smtp import Smtp
from .transcript import Transcript

# Of OpenSSL's words, those that mean: this side has nothing old to offer.
_UNABLE = ("no protocols available", "no ciphers available", "no cipher match")


def certificate(promise: Promise, target: Target) -> list[Group]:
    """Look at the served certificate: names, chain, days left."""

    def step_for(service: str) -> Callable[[Transcript], Verdict]:
        def step(transcript: Transcript) -> Verdict:
            der = served(service, target, transcript, tls.trusting())
            transcript.remark("again, with the chain verified")
            try:
                served(service, target, transcript, tls.verifying(target, names=False))
                chain_fault = ""
            except ssl.SSLCertVerificationError as error:
                chain_fault = error.verify_message
            return judge_certificate(
                read_certificate(der),
                chain_fault,
                promise.names or (target.server,),
                promise.days_left,
                datetime.now(UTC),
            )

        return step

    return [
        (
            Check(
                f"certificate:{service}",
                f"The certificate on {label(service, target)} bears its names, verifies, and lasts",
                step_for(service),
            ),
        )
        for service in promise.services
    ]


def served(service: str, target: Target, transcript: Transcript, context: ssl.SSLContext) -> bytes:
    """Return the certificate that a service shows, in DER."""
    if SERVICES[service].protocol == "smtp":
        with Smtp(target, service, transcript, context) as smtp:
            smtp.secure(context)
            return _peer(smtp.sock, transcript)
    session = open_session(target, service, transcript, context)
    try:
        if isinstance(session, ManageSieve):
            session.secure()
        return _peer(session.sock, transcript)
    finally:
        end(session)


def _peer(sock: object, transcript: Transcript) -> bytes:
    der = sock.getpeercert(binary_form=True) if isinstance(sock, ssl.SSLSocket) else None
    if not der:
        raise ConnectionError("no certificate was shown")
    shown = read_certificate(der)
    transcript.remark(
        f"certificate {shown.serial}: {', '.join(shown.names)}, by {shown.issuer},"
        f" {shown.not_before:%Y-%m-%d} to {shown.not_after:%Y-%m-%d}"
    )
    return der


def old_tls_refused(promise: Promise, target: Target) -> list[Group]:
    """Offer TLS 1.0 and 1.1 only; the handshake has to fail."""

    def step_for(service: str) -> Callable[[Transcript], Verdict]:
        def step(transcript: Transcript) -> Verdict:
            try:
                served(service, target, transcript, tls.outdated())
            except (ssl.SSLError, ConnectionResetError) as error:
                transcript.remark(str(error))
                if any(words in str(error).lower() for words in _UNABLE):
                    return skipped("this machine's own TLS library cannot speak TLS 1.1")
                return kept("TLS 1.0 and 1.1 are refused")
            return broken("TLS 1.1 or older is accepted")

        return step

    return [
        (
            Check(
                f"old_tls_refused:{service}",
                f"TLS older than 1.2 is refused on {label(service, target)}",
                step_for(service),
            ),
        )
        for service in promise.services
    ]


def banner(promise: Promise, target: Target) -> list[Group]:
    """Read the greeting."""

    def step_for(service: str) -> Callable[[Transcript], Verdict]:
        return lambda transcript: judge.banner(_greeting(service, target, transcript))

    return [
        (
            Check(
                f"banner:{service}",
                f"The greeting on {label(service, target)} tells neither version nor system",
                step_for(service),
            ),
        )
        for service in promise.services
    ]


def _greeting(service: str, target: Target, transcript: Transcript) -> str:
    if SERVICES[service].protocol == "smtp":
        with Smtp(target, service, transcript, tls.trusting()) as smtp:
            return smtp.greeting
    session = open_session(target, service, transcript, tls.trusting())
    end(session)
    return session.greeting
