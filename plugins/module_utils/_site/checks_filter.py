"""Checks of the filter: what would stop everything, or nothing at all."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._site.findings import (
    Findings,
    problem,
    warning,
)
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site


def _attachments(site: Site) -> Findings:
    where, kept = "mail_filter.attachments", site.filter
    if kept.policy == "allow_only" and not kept.types:
        yield problem(f"{where}.types", "is empty, so no attachment would pass", "name some")
    if kept.policy == "allow_all" and kept.types:
        hint = "set policy: allow_only, or policy: block"
        yield problem(f"{where}.types", "is not used with policy allow_all", hint)
    first: dict[str, int] = {}
    for number, ending in enumerate(kept.types):
        earlier = first.setdefault(ending, number)
        if earlier != number:
            what = f'"{ending}" is named twice'
            yield problem(f"{where}.types[{number}]", what, f"first at {where}.types[{earlier}]")


def _agent(site: Site) -> Findings:
    if site.filter.searches and site.transfer_agent == "nullmailer":
        hint = "its smarthost has to; leave mail_filter out on this host"
        yield problem("mail_filter", "nullmailer hands over what it is given, unsearched", hint)


def _exemptions(site: Site) -> Findings:
    handled = site.domain_names | site.relay_domain_names
    for one in site.filter.exemptions:
        domain = one.recipient.rpartition("@")[2]
        if domain not in handled and site.complete:
            what = f'"{domain}" is no domain of this host'
            yield problem(f"{one.where}.recipient", what, "name one of its own recipients")
        if "virus" in one.found:
            what = f"{one.recipient} gets viruses delivered"
            yield warning(f"{one.where}.found", what, "be sure that nobody opens them")


def _senders(site: Site) -> Findings:
    if site.filter.warn_senders == "everybody" and site.filter.searches:
        hint = "viruses forge their senders, so strangers get these notices; set warn_senders: own"
        yield warning(
            "mail_filter.warn_senders", "everybody makes this host send backscatter", hint
        )


FILTER_CHECKS = [_attachments, _agent, _exemptions, _senders]
