"""What an agent can't do is refused by name, and what it can do passes."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.tests.unit.site_models import good, problems_of, send_only

BRANCH = {"name": "branch.example", "host": "mail.branch.example", "recipients": ["postmaster"]}


def nullmailer(**change: Any) -> dict[str, Any]:
    return send_only(mail_transfer_agent="nullmailer", **change)


# The whole model -> everything that is said about it.
BAD: list[tuple[dict[str, Any], list[str]]] = [
    (
        nullmailer(mail_store="cyrus"),
        [
            "mail_domains: is empty, but mail_store is cyrus; name the domains whose mail ends"
            " here, or set mail_store: none",
            "mail_store: cyrus gets no mail from nullmailer, which only sends;"
            " set mail_store: none, or set mail_transfer_agent: postfix",
        ],
    ),
    (
        nullmailer(mail_relay={}),
        [
            "mail_relay: is missing on a host where no mail ends;"
            " set mail_relay, or name mail_domains"
        ],
    ),
    (
        nullmailer(mail_relay={"host": "smart.example.com", "tls": "opportunistic"}),
        [
            "mail_relay.tls: opportunistic is more than nullmailer can try;"
            " write verify or require, or set mail_transfer_agent: postfix"
        ],
    ),
    (
        nullmailer(mail_relay={}, mail_local_users="mbox"),
        [
            "mail_local_users: mbox gets no mail from nullmailer, which only sends;"
            " leave it out, or set mail_transfer_agent: postfix",
            "mail_relay: is missing beside nullmailer, which only sends;"
            " name the host that takes its mail",
        ],
    ),
    (
        nullmailer(mail_relay_domains=[{**BRANCH, "recipients": ["postmaster", "abuse"]}]),
        [
            "mail_relay_domains: get no mail from nullmailer, which only sends;"
            " leave it out, or set mail_transfer_agent: postfix"
        ],
    ),
    (
        nullmailer(
            mail_domains=[{"name": "example.org"}],
            mail_aliases=dict.fromkeys(("root", "postmaster", "abuse"), "me@example.com"),
        ),
        [
            "mail_domains: get no mail from nullmailer, which only sends;"
            " leave it out, or set mail_transfer_agent: postfix"
        ],
    ),
    (
        nullmailer(mail_openings={"smtp": ["10.0.0.0/8"], "imaps": "everyone"}),
        [
            "mail_openings.imaps: nothing answers there with nullmailer, which only sends;"
            " remove it, or set mail_transfer_agent: postfix",
            "mail_openings.smtp: nothing answers there with nullmailer, which only sends;"
            " remove it, or set mail_transfer_agent: postfix",
        ],
    ),
    (
        nullmailer(mail_journal="journal@archive.example"),
        [
            "mail_journal: nullmailer can't keep a copy of every message;"
            " leave it out, or set mail_transfer_agent: postfix"
        ],
    ),
    (
        good(mail_transfer_agent="sendmail", mail_journal="carol"),
        [
            "mail_journal: sendmail can't keep a copy of every message;"
            " leave it out, or set mail_transfer_agent: postfix"
        ],
    ),
    (
        send_only(mail_transfer_agent="sendmail", mail_relay={"host": "a.example", "port": 465}),
        [
            "mail_relay.port: 465 begins with TLS, which Sendmail can't as a client;"
            " give one that begins with STARTTLS, such as 587"
        ],
    ),
    (
        good(
            mail_transfer_agent="sendmail",
            mail_relay_domains=[{**BRANCH, "recipients": ["postmaster", "abuse"], "port": 465}],
        ),
        [
            "mail_relay_domains[0].port: 465 begins with TLS, which Sendmail can't as a client;"
            " give one that begins with STARTTLS, such as 587"
        ],
    ),
    (
        good(mail_transfer_agent="exim"),
        [
            'mail_transfer_agent: "exim" is not a choice;'
            " choose one of: postfix, sendmail, nullmailer"
        ],
    ),
    (
        good(mail_local_users="Maildir"),
        ['mail_local_users: "Maildir" is not a choice; choose one of: none, mbox, maildir'],
    ),
    (good(mail_local_users=["mbox"]), ["mail_local_users: a list is not text"]),
]


@pytest.mark.parametrize(("raw", "said"), BAD, ids=[lines[0].split(";")[0] for _, lines in BAD])
def test_what_an_agent_cannot_do_is_refused(raw: dict[str, Any], said: list[str]) -> None:
    assert problems_of(raw) == sorted(said)


@pytest.mark.parametrize("agent", ["postfix", "sendmail", "nullmailer"])
def test_every_agent_sends_through_a_smarthost(agent: str) -> None:
    assert problems_of(send_only(mail_transfer_agent=agent)) == []


@pytest.mark.parametrize("agent", ["postfix", "nullmailer"])
def test_agents_that_can_begin_with_tls_may_send_to_its_port(agent: str) -> None:
    relay = {"host": "a.example", "port": 465}
    assert problems_of(send_only(mail_transfer_agent=agent, mail_relay=relay)) == []


@pytest.mark.parametrize("agent", ["postfix", "sendmail"])
@pytest.mark.parametrize("local_users", ["mbox", "maildir"])
def test_agents_that_deliver_serve_a_store_and_the_users_of_the_host(
    agent: str, local_users: str
) -> None:
    raw = good(mail_transfer_agent=agent, mail_local_users=local_users)
    assert problems_of(raw) == []
