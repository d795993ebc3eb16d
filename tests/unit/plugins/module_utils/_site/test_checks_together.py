"""What one host hands to another is taken there, and comes back to nobody."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.checks_together import (
    judge_together,
)
from ansible_collections.postern.mail.plugins.module_utils._site.lists import Lists, NameList
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of

EVERYBODY = ["postmaster", "abuse", "alice", "carol"]
HANDED = {"name": "example.org", "host": "mail.example.org", "recipients": EVERYBODY}


def edge(**change: Any) -> dict[str, Any]:
    return send_only(
        mail_hostname="mx.example.org",
        mail_openings={"smtp": "everyone"},
        mail_relay={},
        mail_relay_domains=[{**HANDED, **change}],
    )


def said(**models: dict[str, Any]) -> list[str]:
    sites = {host: site_of(raw) for host, raw in models.items()}
    return [
        f"{host}: {'' if finding.fatal else 'warning: '}{finding.problem}"
        for host, finding in judge_together(sites)
    ]


def test_hosts_are_judged_together() -> None:
    server, twin = site_of(good()), site_of(good())
    web = site_of(send_only())
    assert list(judge_together({"mail": server, "web": web})) == []
    assert [(host, str(one.problem)) for host, one in judge_together({"a": server, "b": twin})] == [
        ("b", 'mail_hostname: "mail.example.org" is the name of a too; give each host its own')
    ]


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (
            {"username": "alcie@example.org"},
            'mail_relay.username: is no account of mail; did you mean "alice@example.org"?',
        ),
        ({"username": "dave@example.net"}, "mail_relay.username: is a locked account of mail"),
        (
            {"port": 465},
            "mail_relay.port: 465 is not open on mail;"
            " open it in that host's mail_openings, or use another port",
        ),
    ],
)
def test_a_relay_within_the_site_answers_and_knows_the_login(
    change: dict[str, Any], refused: str
) -> None:
    web = send_only()
    web["mail_relay"].update(change)
    found = judge_together({"mail": site_of(good()), "web": site_of(web)})
    assert [(host, str(one.problem)) for host, one in found] == [("web", refused)]


def test_an_edge_that_knows_who_exists_on_the_next_host_holds() -> None:
    assert said(mail=good(), mx=edge()) == []
    assert said(mail=good(), mx=edge(recipients=[])) == []


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (
            {"name": "example.com"},
            [
                'mx: mail_relay_domains[0].host: mail takes no mail for "example.com";'
                " name it in that host's mail_domains"
            ],
        ),
        (
            {"port": 465},
            [
                "mx: mail_relay_domains[0].port: 465 is not open on mail;"
                " open it in that host's mail_openings, or use another port"
            ],
        ),
        (
            {"recipients": [*EVERYBODY, "sales", "carlo"]},
            [
                'mx: mail_relay_domains[0].recipients[5]: "carlo@example.org" is nobody on mail;'
                ' did you mean "carol@example.org"?'
            ],
        ),
        (
            {"recipients": ["postmaster", "abuse", "carol"]},
            [
                "mx: warning: mail_relay_domains[0].recipients: lacks alice@example.org, whose mail"
                " is refused here and kept on mail; add who is to get mail from outside"
            ],
        ),
    ],
)
def test_an_edge_hands_over_what_the_next_host_takes(
    change: dict[str, Any], lines: list[str]
) -> None:
    assert said(mail=good(), mx=edge(**change)) == lines


def test_a_catch_all_on_the_next_host_takes_any_recipient() -> None:
    domains = [{"name": "example.org", "catch_all": "alice"}, {"name": "example.net"}]
    recipients = [*EVERYBODY, "whoever"]
    assert said(mail=good(mail_domains=domains), mx=edge(recipients=recipients)) == []


def test_a_list_of_recipients_counts_on_the_edge() -> None:
    mx = replace(
        site_of(edge(recipients=["postmaster", "abuse"])),
        lists=Lists(recipients={"example.org": NameList(frozenset((b"alice", b"carol")))}),
    )
    assert list(judge_together({"mail": site_of(good()), "mx": mx})) == []


def test_hosts_that_hand_mail_to_each_other_are_refused() -> None:
    one = edge(host="two.example.org")
    two = {**edge(host="mx.example.org"), "mail_hostname": "two.example.org"}
    assert said(mx=one, two=two) == [
        "mx: mail_relay_domains[0].host: mail would go round: mx -> two -> mx;"
        " let one of them keep it"
    ]
    relay = {"host": "web.example.org", "port": 25}
    server = good(mail_relay=relay)
    web = send_only(mail_openings={"smtp": ["10.0.0.0/8"]})
    assert said(mail=server, web=web) == [
        "mail: mail_relay.host: mail would go round: mail -> web -> mail; let one of them keep it"
    ]
