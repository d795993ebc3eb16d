"""A filter that stops everything, or nothing, is refused; one that hurts others is warned of."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.tests.unit.site_models import (
    good,
    problems_of,
    send_only,
    warnings_of,
)

ALIASES = {**good()["mail_aliases"], "virusalert": "alice"}


def searched(**wanted: Any) -> dict[str, Any]:
    return good(mail_filter={"virus": True, **wanted}, mail_aliases=ALIASES)


def test_a_filter_passes_for_both_agents() -> None:
    attachments = {"policy": "allow_only", "types": ["pdf", "PNG"]}
    exemptions = [{"recipient": "carol", "found": ["attachments"]}]
    raw = searched(spam=True, attachments=attachments, exemptions=exemptions)
    assert problems_of(raw) == []
    assert warnings_of(raw) == warnings_of(good())
    assert problems_of({**raw, "mail_transfer_agent": "sendmail"}) == []


@pytest.mark.parametrize(
    ("attachments", "problem"),
    [
        (
            {"policy": "allow_only"},
            "mail_filter.attachments.types: is empty, so no attachment would pass; name some",
        ),
        (
            {"types": ["pdf"]},
            "mail_filter.attachments.types: is not used with policy allow_all;"
            " set policy: allow_only, or policy: block",
        ),
        (
            {"policy": "block", "types": ["exe", "js", "EXE"]},
            'mail_filter.attachments.types[2]: "exe" is named twice;'
            " first at mail_filter.attachments.types[0]",
        ),
    ],
)
def test_types_that_do_not_fit_the_policy_are_refused(
    attachments: dict[str, Any], problem: str
) -> None:
    assert problems_of(searched(attachments=attachments)) == [problem]


def test_blocking_needs_no_types() -> None:
    assert problems_of(searched(attachments={"policy": "block"})) == []


def test_nullmailer_searches_nothing() -> None:
    raw = send_only(mail_transfer_agent="nullmailer", mail_filter={"virus": True})
    assert problems_of(raw) == [
        "mail_filter: nullmailer hands over what it is given, unsearched;"
        " its smarthost has to; leave mail_filter out on this host"
    ]


@pytest.mark.parametrize("recipient", ["x@elsewhere.example", "elsewhere.example"])
def test_an_exemption_is_for_own_recipients(recipient: str) -> None:
    exemptions = [{"recipient": recipient, "found": ["spam"]}]
    assert problems_of(searched(exemptions=exemptions)) == [
        'mail_filter.exemptions[0].recipient: "elsewhere.example" is no domain of this host;'
        " name one of its own recipients"
    ]


def test_domains_that_are_relayed_may_be_exempt() -> None:
    exemptions = [{"recipient": "branch.example", "found": ["spam"]}]
    relayed = [{"name": "branch.example", "host": "mail.branch.example"}]
    assert problems_of({**searched(exemptions=exemptions), "mail_relay_domains": relayed}) == []


def test_who_gets_viruses_is_a_reason_for_a_warning() -> None:
    exemptions = [{"recipient": "carol", "found": ["spam", "virus"]}]
    assert (
        "mail_filter.exemptions[0].found: carol@example.org gets viruses delivered;"
        " be sure that nobody opens them"
    ) in warnings_of(searched(exemptions=exemptions))


def test_warnings_to_strangers_are_a_reason_for_one() -> None:
    said = (
        "mail_filter.warn_senders: everybody makes this host send backscatter;"
        " viruses forge their senders, so strangers get these notices; set warn_senders: own"
    )
    assert said in warnings_of(searched(warn_senders="everybody"))
    assert said not in warnings_of(searched(warn_senders="nobody"))
    assert said not in warnings_of(good(mail_filter={"warn_senders": "everybody"}))


@pytest.mark.parametrize("wanted", [{"spam": True}, {"attachments": {"policy": "block"}}])
def test_whatever_is_searched_for_somebody_reads_virusalert(wanted: dict[str, Any]) -> None:
    assert problems_of(good(mail_filter=wanted)) == [
        "mail_aliases.virusalert: is missing; add it with who reads it"
    ]
