"""Mail that travels: from outside to a mailbox, from an account to the outside, and away again."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, localtime

from . import judge, mailbox, tls
from .dialogues_smtp import label, offer_envelope
from .model import Check, Group, Mailbox, Promise, Target, Verdict, broken, kept, skipped
from .names import mail_exchangers
from .sendmail import Envelope, hand_over
from .smtp import Smtp
from .transcript import Transcript

# Later look-ups of a message that one mailbox has shown need not be patient.
SECOND_LOOK_SECONDS = 15.0


@dataclass
class Journey:
    """One test message on its way; the checks of a group share it, in their order."""

    sender: str
    recipient: str
    helo: str
    token: str = field(default_factory=mailbox.new_token)
    left: float = 0.0
    arrived: bool = False
    figure: str = ""


def message(journey: Journey) -> bytes:
    """Return the test message: marked, and quiet towards auto-responders."""
    mail = EmailMessage()
    mail["From"] = journey.sender or f"postmaster@{journey.helo}"
    mail["To"] = journey.recipient
    mail["Subject"] = f"Test of this mail system ({journey.token})"
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = f"<{journey.token}@{journey.helo}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(
        "This message was sent to see whether mail arrives.\n"
        "The program that sent it removes it again; if you read this, you may too.\n"
    )
    return mail.as_bytes().replace(b"\n", b"\r\n")


def delivery(promise: Promise, target: Target) -> list[Group]:
    """Send from outside, fetch it in every way that is offered, remove it."""
    journey = Journey(promise.sender, promise.recipient, target.helo, figure="round_trip_seconds")
    by = " by the MX" if promise.by_mx else ""
    name = f"delivery:{promise.recipient}"
    sentence = f"Mail from outside is accepted{by} for {promise.recipient}"
    first = Check(name, sentence, _delivery_step(promise, journey, target), sends=True)
    return [(first, *_arrival_checks(promise, journey))]


def _delivery_step(
    promise: Promise, journey: Journey, target: Target
) -> Callable[[Transcript], Verdict]:
    def step(transcript: Transcript) -> Verdict:
        targets = mail_exchangers(promise.domain, target) if promise.by_mx else [target]
        with Smtp(targets[0], "smtp", transcript, tls.trusting()) as smtp:
            smtp.hello()
            if smtp.has_extn("starttls"):
                smtp.secure(tls.trusting())
            return _hand_over(smtp, journey)

    return step


def _hand_over(smtp: Smtp, journey: Journey) -> Verdict:
    code, text = offer_envelope(smtp, journey.sender, journey.recipient)
    if code >= 300:
        return broken(f"refused: {judge.shown(code, text)}")
    return _left(judge.acceptance(*smtp.deliver(message(journey))), journey)


def _left(verdict: Verdict, journey: Journey) -> Verdict:
    """Note when an accepted message left; its token lets another place look for it."""
    if not verdict.kept:
        return verdict
    journey.left = time.monotonic()
    return kept(verdict.detail, token=journey.token)


def submit(promise: Promise, target: Target) -> list[Group]:
    """Send to an address elsewhere: as an account, or without a login from a trusted host."""
    groups: list[Group] = []
    for service in promise.services:
        journey = Journey(promise.sender, promise.recipient, target.helo, figure="way_out_seconds")
        if promise.token:
            journey.token = promise.token
        suffix = f":{service}:{promise.as_user}" if promise.as_user else f":{service}"
        way = "the sendmail command" if service == "sendmail" else label(service, target)
        check = Check(
            f"submit{suffix}",
            f"{_who(promise)} sends to {promise.recipient} over {way}",
            _submit_step(service, promise, journey, target),
            sends=True,
        )
        groups.append((check, *_arrival_checks(promise, journey, suffix)))
    return groups


def _who(promise: Promise) -> str:
    if promise.account:
        return promise.account.login
    return f"The user {promise.as_user}" if promise.as_user else "A trusted host"


def local_delivery(promise: Promise, target: Target) -> list[Group]:
    """Send to a user of this host with its own command, look into the mailbox, remove it."""
    journey = Journey(
        promise.sender, promise.recipient, target.helo, figure="local_delivery_seconds"
    )
    name = f"local_delivery:{promise.recipient}"
    sentence = f"The host's own sendmail command takes mail for {promise.recipient}"
    first = Check(name, sentence, _submit_step("sendmail", promise, journey, target), sends=True)
    return [(first, *_arrival_checks(promise, journey, ":local_delivery"))]


def _submit_step(
    service: str, promise: Promise, journey: Journey, target: Target
) -> Callable[[Transcript], Verdict]:
    def step(transcript: Transcript) -> Verdict:
        if service == "sendmail":
            envelope = Envelope(journey.sender, journey.recipient, promise.as_user)
            return _left(hand_over(envelope, message(journey), transcript), journey)
        with Smtp(target, service, transcript) as smtp:
            smtp.hello()
            if promise.account or smtp.has_extn("starttls"):
                smtp.secure()
            if promise.account:
                code, text = smtp.authenticate(promise.account)
                if code != 235:
                    return broken(f"login refused: {judge.shown(code, text)}")
            return _hand_over(smtp, journey)

    return step


def arrival(promise: Promise, target: Target) -> list[Group]:
    """Look for a message that was sent before, by its token, and remove it."""
    journey = Journey("", "", target.helo, token=promise.token, left=time.monotonic())
    return [tuple(_arrival_checks(promise, journey))]


def _arrival_checks(promise: Promise, journey: Journey, suffix: str = "") -> list[Check]:
    """Return the checks that fetch the message in every mailbox, then remove it from each."""
    fetches = [
        Check(
            f"fetch:{where.service}{suffix}{_whose(where, promise)}",
            f"The message is there for {where.words}",
            _fetch_step(where, journey, promise.wait_seconds),
            sends=True,
        )
        for where in promise.mailboxes
    ]
    removals = [
        Check(
            f"removal:{where.service}{suffix}{_whose(where, promise)}",
            f"Nothing of the message is left for {where.words}",
            _removal_step(where, journey),
            sends=True,
        )
        for where in {where.place: where for where in reversed(promise.mailboxes)}.values()
    ]
    return [*fetches, *reversed(removals)]


def _whose(where: Mailbox, promise: Promise) -> str:
    """Return what tells the mailbox of somebody else than the first from the others."""
    return "" if where.place == promise.mailboxes[0].place else f":{where.owner}"


def _fetch_step(
    where: Mailbox, journey: Journey, wait_seconds: float
) -> Callable[[Transcript], Verdict]:
    def step(transcript: Transcript) -> Verdict:
        if not journey.left:
            return skipped("nothing was sent")
        wait = SECOND_LOOK_SECONDS if journey.arrived else wait_seconds
        found = mailbox.wait_for(where, journey.token, transcript, min(wait, wait_seconds))
        if found is None:
            return broken(f"not there after {wait_seconds:g} s")
        moment, size = found
        first, journey.arrived = not journey.arrived, True
        if not (first and journey.figure):
            return kept(f"fetched, {size} bytes")
        after = max(moment - journey.left, 0.0)
        return kept(
            f"fetched {after:.2f} s after it was sent, {size} bytes",
            **{journey.figure: round(after, 3)},
        )

    return step


def _removal_step(where: Mailbox, journey: Journey) -> Callable[[Transcript], Verdict]:
    def step(transcript: Transcript) -> Verdict:
        if not journey.left:
            return skipped("nothing was sent")
        left = mailbox.clear(where, journey.token, transcript)
        if left:
            return broken(f"{left} left after removal")
        return kept("removed" if journey.arrived else "nothing there to remove")

    return step
