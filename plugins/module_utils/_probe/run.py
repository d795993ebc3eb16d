"""Holding the dialogues: every promise becomes results, whatever the network does."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from . import delivery, dialogues_access, dialogues_smtp, dialogues_tls, listeners, names, ports
from .model import BROKEN, SKIPPED, Check, Group, Promise, Result, Target, broken, skipped
from .transcript import Transcript, mask

DIALOGUES: dict[str, Callable[[Promise, Target], list[Group]]] = {
    "arrival": delivery.arrival,
    "banner": dialogues_tls.banner,
    "certificate": dialogues_tls.certificate,
    "delivery": delivery.delivery,
    "elsewhere": ports.elsewhere,
    "forging_refused": dialogues_smtp.forging_refused,
    "local_delivery": delivery.local_delivery,
    "login": dialogues_access.login,
    "mx": names.mx,
    "no_listener": listeners.no_listener,
    "old_tls_refused": dialogues_tls.old_tls_refused,
    "plaintext_login_refused": dialogues_access.plaintext_login_refused,
    "ports": ports.ports,
    "recipient_accepted": dialogues_smtp.recipient_accepted,
    "relay_refused": dialogues_smtp.relay_refused,
    "starttls": dialogues_smtp.starttls,
    "submit": delivery.submit,
    "unknown_recipient_refused": dialogues_smtp.unknown_recipient_refused,
    "verbs_off": dialogues_smtp.verbs_off,
    "wrong_password_refused": dialogues_access.wrong_password_refused,
}


@dataclass(frozen=True)
class Manner:
    """How a probe is held: what must not be shown, whether it may send, how much at once."""

    secrets: tuple[str, ...] = ()
    may_send: bool = True
    at_once: int = 6
    seen_from: str = ""


def probe(promises: Iterable[Promise], target: Target, manner: Manner) -> list[Result]:
    """Hold every dialogue and return what came of each, in the order of the promises."""
    groups = [group for promise in promises for group in DIALOGUES[promise.kind](promise, target)]
    results: dict[int, list[Result]] = {}

    def hold(at: int) -> None:
        results[at] = [result_of(check, target.server, manner) for check in groups[at]]

    for last in (False, True):
        with ThreadPoolExecutor(max_workers=max(1, manner.at_once)) as pool:
            list(pool.map(hold, (at for at, group in enumerate(groups) if _late(group) is last)))
    return [result for at in range(len(groups)) for result in results[at]]


def _late(group: Group) -> bool:
    """Whether a server may hold it against us and answer slowly afterwards."""
    return group[0].name.partition(":")[0] in ("wrong_password_refused", "plaintext_login_refused")


def result_of(check: Check, server: str, manner: Manner) -> Result:
    """Hold one dialogue; whatever goes wrong on the way becomes a broken promise."""
    transcript = Transcript(manner.secrets)
    began = time.monotonic()
    if check.sends and not manner.may_send:
        verdict = skipped("check mode: nothing is sent")
    else:
        try:
            verdict = check.step(transcript)
        except Exception as error:
            verdict = broken(reason(error))
    return Result(
        name=check.name,
        promise=check.sentence,
        server=server,
        verdict=replace(verdict, detail=mask(verdict.detail, manner.secrets)),
        seconds=time.monotonic() - began,
        evidence=transcript.lines,
        seen_from=manner.seen_from,
    )


def reason(error: Exception) -> str:
    """Return in words why a dialogue came to no end."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate not accepted: {error.verify_message}"
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        return f"{error.smtp_code} {words}"
    if isinstance(error, socket.gaierror):
        return f"the name does not resolve: {error.strerror}"
    if isinstance(error, TimeoutError):
        return f"no answer in time: {error}" if str(error) != "timed out" else "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return f"{dialogues_access.words(error)}" or type(error).__name__


def broken_names(results: Iterable[Result]) -> list[str]:
    """Return the names of the promises that were broken."""
    return [result.name for result in results if result.verdict.state == BROKEN]


def counts(results: Sequence[Result]) -> dict[str, int]:
    """Return how many promises were kept, broken and skipped."""
    states = [result.verdict.state for result in results]
    return {
        "kept": len(states) - states.count(BROKEN) - states.count(SKIPPED),
        "broken": states.count(BROKEN),
        "skipped": states.count(SKIPPED),
    }
