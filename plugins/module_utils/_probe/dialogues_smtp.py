"""Dialogues with an SMTP service: what it must refuse, and what it must not tell."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import secrets
from collections.abc import Callable

from . import judge, tls
from .model import SERVICES, Account, Check, Group, Promise, Target, Verdict, broken, kept
from .smtp import Smtp
from .transcript import Transcript

RELAY_FORMS = {
    "plain": "a plain address",
    "empty_sender": "an empty sender",
    "forged_sender": "a sender of the site's own domain",
    "percent": "the percent form user%other@site",
    "source_route": "the source route @site:user@other",
    "bang": "the bang path other!user@site",
    "quoted": 'the quoted form "user@other"@site',
    "nested": "the nested form user@other@site",
}
LISTEN_SECONDS = 0.7
# Services on which nobody may relay without a login speak only of a plain address.
_ROUTED = ("percent", "source_route", "bang", "quoted", "nested")


def label(service: str, target: Target) -> str:
    """Return how a person calls a service."""
    return f"{service} (port {target.port(service)})"


def relay_envelope(form: str, promise: Promise) -> tuple[str, str]:
    """Return sender and recipient of one form of a relay attempt, without brackets."""
    user, _at, other = promise.recipient.rpartition("@")
    site = promise.domain
    sender = promise.sender
    recipients = {
        "percent": f"{user}%{other}@{site}",
        "source_route": f"@{site}:{user}@{other}",
        "bang": f"{other}!{user}@{site}",
        "quoted": f'"{user}@{other}"@{site}',
        "nested": f"{user}@{other}@{site}",
    }
    if form == "empty_sender":
        sender = ""
    if form == "forged_sender":
        sender = f"postmaster@{site}"
    return sender, recipients.get(form, promise.recipient)


def relay_refused(promise: Promise, target: Target) -> list[Group]:
    """Try to send to a foreign address through the server, in every form."""
    return [
        (
            Check(
                f"relay_refused:{service}:{form}",
                f"No relaying on {label(service, target)}: {RELAY_FORMS[form]}",
                _relay_step(service, relay_envelope(form, promise), target),
            ),
        )
        for service in promise.services
        for form in promise.forms or RELAY_FORMS
        if service == "smtp" or form not in _ROUTED
    ]


def _relay_step(
    service: str, envelope: tuple[str, str], target: Target
) -> Callable[[Transcript], Verdict]:
    def step(transcript: Transcript) -> Verdict:
        with Smtp(target, service, transcript, tls.trusting()) as smtp:
            smtp.hello()
            if service == "submission":
                smtp.secure(tls.trusting())
            return judge.refusal(*offer_envelope(smtp, *envelope))

    return step


def offer_envelope(smtp: Smtp, sender: str, recipient: str) -> tuple[int, str]:
    """Name sender and recipient; return the first refusal, or the answer to the recipient."""
    code, text = smtp.ask(f"MAIL FROM:<{sender}>")
    if code >= 400:
        return code, text
    return smtp.ask(f"RCPT TO:<{recipient}>")


def unknown_recipient_refused(promise: Promise, target: Target) -> list[Group]:
    """Name a recipient that nobody has: the refusal must come in the dialogue, not as a bounce."""

    def step(transcript: Transcript) -> Verdict:
        nobody = f"postern-probe-{secrets.token_hex(6)}@{promise.domain}"
        with Smtp(target, "smtp", transcript, tls.trusting()) as smtp:
            smtp.hello()
            return judge.refusal(*offer_envelope(smtp, promise.sender, nobody))

    sentence = f"An unknown recipient in {promise.domain} is refused at once, without a bounce"
    return [(Check(f"unknown_recipient_refused:{promise.domain}", sentence, step),)]


def recipient_accepted(promise: Promise, target: Target) -> list[Group]:
    """Name a recipient that must exist, such as postmaster, without sending anything."""

    def step(transcript: Transcript) -> Verdict:
        with Smtp(target, "smtp", transcript, tls.trusting()) as smtp:
            smtp.hello()
            return judge.acceptance(*offer_envelope(smtp, promise.sender, promise.recipient))

    sentence = f"Mail for {promise.recipient} is accepted"
    return [(Check(f"recipient_accepted:{promise.recipient}", sentence, step),)]


def verbs_off(promise: Promise, target: Target) -> list[Group]:
    """Ask VRFY and EXPN for a known and an invented name."""

    def step_for(verb: str, service: str) -> Callable[[Transcript], Verdict]:
        def step(transcript: Transcript) -> Verdict:
            with Smtp(target, service, transcript, tls.trusting()) as smtp:
                smtp.hello()
                if service == "submission":
                    smtp.secure(tls.trusting())
                known = smtp.ask(f"{verb} {promise.recipient}")
                nobody = f"postern-probe-{secrets.token_hex(6)}@{promise.domain}"
                return judge.verification(verb, known, smtp.ask(f"{verb} {nobody}"))

        return step

    return [
        (
            Check(
                f"verbs_off:{service}:{verb.lower()}",
                f"{verb} on {label(service, target)} tells nobody who exists",
                step_for(verb, service),
            ),
        )
        for service in promise.services
        for verb in ("VRFY", "EXPN")
    ]


def plaintext_auth(service: str, target: Target) -> Callable[[Transcript], Verdict]:
    """Try to log in without TLS, with an invented name and password."""

    def step(transcript: Transcript) -> Verdict:
        with Smtp(target, service, transcript) as smtp:
            smtp.hello()
            invented = Account("postern-probe", secrets.token_hex(8))
            offered = smtp.mechanisms()
            return judge.plain_auth(offered, *smtp.authenticate(invented))

    return step


def starttls(promise: Promise, target: Target) -> list[Group]:
    """Upgrade to TLS and go on speaking; what was slipped in before must be forgotten."""
    services = [name for name in promise.services if not SERVICES[name].implicit_tls]
    works = [
        Check(
            f"starttls:{service}",
            f"STARTTLS is offered and works on {label(service, target)}",
            _starttls_step(service, target),
        )
        for service in services
    ]
    forgets = [
        Check(
            f"starttls_injection:{service}",
            f"Commands slipped in before TLS are forgotten on {label(service, target)}",
            _injection_step(service, target),
        )
        for service in services
    ]
    return [(check,) for check in (*works, *forgets)]


def _starttls_step(service: str, target: Target) -> Callable[[Transcript], Verdict]:
    def step(transcript: Transcript) -> Verdict:
        with Smtp(target, service, transcript, tls.trusting()) as smtp:
            smtp.hello()
            if not smtp.has_extn("starttls"):
                return broken("STARTTLS is not offered")
            smtp.secure(tls.trusting())
            if smtp.has_extn("starttls"):
                return broken("STARTTLS is offered again after STARTTLS")
            return kept(smtp.agreed())

    return step


def _injection_step(service: str, target: Target) -> Callable[[Transcript], Verdict]:
    def step(transcript: Transcript) -> Verdict:
        with Smtp(target, service, transcript, tls.trusting()) as smtp:
            smtp.hello()
            smtp.send(b"STARTTLS\r\nNOOP\r\n")
            code, text = smtp.getreply()
            if code != 220:
                return judge.injected(False, judge.shown(code, text.decode("utf-8", "replace")))
            return judge.injected(*smtp.upgraded_and_listened(LISTEN_SECONDS))

    return step


def forging_refused(promise: Promise, target: Target) -> list[Group]:
    """Log in as one account and write as another."""
    account = promise.account or Account("", "")

    def step_for(service: str) -> Callable[[Transcript], Verdict]:
        def step(transcript: Transcript) -> Verdict:
            with Smtp(target, service, transcript) as smtp:
                smtp.secure()
                code, text = smtp.authenticate(account)
                if code != 235:
                    return broken(f"{account.login} cannot log in: {judge.shown(code, text)}")
                return judge.refusal(*offer_envelope(smtp, promise.sender, promise.recipient))

        return step

    return [
        (
            Check(
                f"forging_refused:{service}",
                f"{account.login} cannot write as {promise.sender} on {label(service, target)}",
                step_for(service),
            ),
        )
        for service in promise.services
    ]
