"""Looking up where a domain's mail goes."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

from .model import Check, Group, Promise, Target, Verdict, broken, kept
from .transcript import Transcript

try:
    import dns.exception
    import dns.resolver

    HAS_DNSPYTHON = True
except ImportError:
    HAS_DNSPYTHON = False


class NoSuchName(Exception):
    """A look-up had no useful answer; the message says why."""


def mail_exchanger_names(domain: str) -> list[str]:
    """Return the names of a domain's mail exchangers, the preferred one first."""
    if not HAS_DNSPYTHON:
        raise NoSuchName("dnspython (python3-dnspython) is not installed on the probing host")
    try:
        answer = dns.resolver.resolve(domain, "MX")
    except dns.exception.DNSException as error:
        raise NoSuchName(f"no MX of {domain}: {error}") from error
    entries = sorted((entry.preference, entry.exchange.to_text()) for entry in answer)
    return [name.rstrip(".").lower() for _preference, name in entries]


def mail_exchangers(domain: str, target: Target) -> list[Target]:
    """Return the domain's mail exchangers, found as any other mail server would."""
    return [replace(target, server=name, address=name) for name in mail_exchanger_names(domain)]


def mx(promise: Promise, target: Target) -> list[Group]:
    """Look up whether the domain's mail is led to this server."""

    def step(transcript: Transcript) -> Verdict:
        found = mail_exchanger_names(promise.domain)
        transcript.remark(f"MX of {promise.domain}: {' '.join(found)}")
        if target.server.lower() in found:
            return kept(", ".join(found))
        return broken(f"leads to {', '.join(found)}")

    sentence = f"Mail for {promise.domain} is led to {target.server} (MX)"
    return [(Check(f"mx:{promise.domain}", sentence, step),)]
