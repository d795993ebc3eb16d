"""A role's variable that would undo what the site says is refused beside it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.judge import judge_beside
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of

ROLES: dict[str, dict[str, dict[str, Any]]] = {
    "firewall": {"firewall_enabled": {"type": "bool", "default": True, "required": True}},
    "pop_before_smtp": {
        "pop_before_smtp_enabled": {"type": "bool", "default": False},
        "pop_before_smtp_lifetime_seconds": {"type": "int", "default": 1800},
        "pop_before_smtp_addresses": {"type": "int", "default": 100000},
        "pop_before_smtp_never": {"type": "list", "elements": "str", "default": []},
    },
    "postfix": {
        "postfix_recipient_bcc": {"type": "dict", "default": {}},
        "postfix_sender_relays": {
            "type": "list",
            "elements": "dict",
            "options": {
                "sender": {"type": "str", "required": True},
                "host": {"type": "str"},
                "username": {"type": "str"},
            },
        },
        "postfix_sender_relay_passwords": {"type": "dict", "default": {}, "no_log": True},
        "postfix_tls_policies": {"type": "dict", "default": {}},
        "postfix_extra_parameters": {"type": "dict", "default": {}},
        "postfix_milters": {
            "type": "list",
            "elements": "dict",
            "options": {"socket": {"type": "str", "required": True}},
        },
    },
    "sendmail": {"sendmail_mode": {"type": "str", "choices": ["queue", "daemon"]}},
}
CLEAR = good(mail_openings={"smtp": "everyone", "imap": ["10.20.1.0/24"]})
SENDMAIL = good(mail_transfer_agent="sendmail")


def said(raw: dict[str, Any], **variables: Any) -> tuple[list[str], list[str]]:
    problems, warnings = judge_beside(site_of(raw), ROLES, variables)
    return [str(problem) for problem in problems], [str(warning) for warning in warnings]


@pytest.mark.parametrize("written", [False, "no", 0])
def test_passwords_in_clear_text_need_the_firewall(written: object) -> None:
    assert said(CLEAR, firewall_enabled=written) == (
        [
            "firewall_enabled: false would show imap passwords in clear text to everyone;"
            " let the firewall guard mail_openings.imap, or open imaps instead"
        ],
        [],
    )
    assert said(CLEAR) == said(CLEAR, firewall_enabled=True) == ([], [])


def test_what_is_open_to_some_is_open_to_all_without_the_firewall() -> None:
    raw = good(mail_openings={"smtp": "everyone", "submission": ["10.20.0.0/16"]})
    assert said(raw, firewall_enabled=False) == (
        [],
        [
            "firewall_enabled: false lets everyone reach submission, whatever"
            " mail_openings.submission says; be sure that something else keeps them out"
        ],
    )


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        (SENDMAIL, "mail_domains and mail_openings need"),
        ({**SENDMAIL, "mail_openings": {"imaps": "everyone"}}, "mail_domains needs"),
        (
            send_only(
                mail_transfer_agent="sendmail",
                mail_relay_domains=[{"name": "branch.example", "host": "mail.branch.example"}],
            ),
            "mail_relay_domains needs",
        ),
        (
            send_only(mail_transfer_agent="sendmail", mail_openings={"smtp": ["10.0.0.0/8"]}),
            "mail_openings needs",
        ),
    ],
)
def test_a_queue_listens_for_no_mail(raw: dict[str, Any], names: str) -> None:
    assert said(raw, sendmail_mode="queue") == (
        [
            f"sendmail_mode: queue listens for no mail, which {names};"
            " leave it out, or set sendmail_mode: daemon"
        ],
        [],
    )
    assert said(raw, sendmail_mode="daemon") == said(raw) == ([], [])


def test_a_mode_of_sendmail_is_no_matter_to_other_agents_or_to_hosts_that_only_send() -> None:
    assert said(good(), sendmail_mode="queue") == ([], [])
    raw = send_only(mail_transfer_agent="sendmail", mail_local_users="mbox")
    assert said(raw, sendmail_mode="queue") == ([], [])
    assert not site_of(raw).receives


def test_what_a_filter_of_postfix_would_refuse_later_is_refused_at_once() -> None:
    wrong: dict[str, Any] = {
        "postfix_sender_relays": [{"sender": "news", "host": "out.example.com"}],
        "postfix_recipient_bcc": {"carol@example.org": 5},
        "postfix_tls_policies": {1: "verify", "bank.example": {"tls": "verify", "names": 5}},
    }
    assert said(good(), **wrong) == (
        [
            'postfix_tls_policies["1"]: is a number, not text',
            'postfix_tls_policies["bank.example"].names: is a number, not a list',
            'postfix_sender_relays[0].sender: "news" is no sender;'
            " write it like news@example.org or @example.org",
            'postfix_recipient_bcc["carol@example.org"]: is a number, not text',
        ],
        [],
    )
    assert said(SENDMAIL, **wrong) == ([], [])


def test_parameters_do_not_lead_past_the_filter() -> None:
    given: dict[str, Any] = {
        "smtpd_milters": "inet:127.0.0.1:8891",
        "milter_default_action": "accept",
        "content_filter": "",
        "receive_override_options": "no_milters",
        "smtpd_banner": "welcome",
    }
    undone = "would undo how mail_filter has mail searched"
    own = "give your own in postfix_milters"
    searched = good(mail_filter={"virus": True})
    problems, warnings = said(searched, postfix_extra_parameters=given)
    assert warnings == []
    assert problems == [
        f'postfix_extra_parameters.content_filter: "" {undone}; leave it out',
        f'postfix_extra_parameters.milter_default_action: "accept" {undone}; '
        "give each milter of your own a default_action in postfix_milters",
        f'postfix_extra_parameters.receive_override_options: "no_milters" {undone}; leave it out',
        f'postfix_extra_parameters.smtpd_milters: "inet:127.0.0.1:8891" {undone}; {own}',
    ]
    to_postfix, _warnings = said(searched, postfix_extra_parameters={"content_filter": None})
    assert len(to_postfix) == 1
    assert said(good(), postfix_extra_parameters=given) == ([], [])
    by_sendmail = {**searched, "mail_transfer_agent": "sendmail"}
    assert said(by_sendmail, postfix_extra_parameters=given) == ([], [])


def test_a_milter_is_judged_before_hosts_are_touched() -> None:
    problems, _warnings = said(good(), postfix_milters=[{"socket": "/run/dkim"}])
    assert problems == [
        'postfix_milters[0].socket: "/run/dkim" is no socket;'
        " write it like unix:run/dkim/milter or inet:127.0.0.1:8891"
    ]


def test_what_is_wrong_in_its_structure_is_not_said_twice() -> None:
    assert said(good(), postfix_sender_relays=[{"host": "out.example.com"}]) == ([], [])


def test_a_login_of_a_sender_needs_its_password_and_no_other() -> None:
    relays = [{"sender": "news@example.org", "host": "out.example.com", "username": "shop"}]
    where = "postfix_sender_relay_passwords"
    passwords = {"news@example.org": "hidden"}
    fine: dict[str, Any] = {"postfix_sender_relays": relays, where: passwords}
    assert said(good(), **fine) == ([], [])
    assert said(good(), postfix_sender_relays=relays) == ([], [])  # may be in what needs facts
    assert said(good(), **{**fine, where: {"carol@example.org": "hidden"}}) == (
        [
            f'{where}: has none for "news@example.org"; name it as in postfix_sender_relays',
            f'{where}: "carol@example.org" has no username in postfix_sender_relays',
        ],
        [],
    )


def test_a_server_is_reached_in_one_way_only() -> None:
    relay = {"host": "mail.branch.example", "port": 25, "tls": "verify"}
    found, _warnings = said(
        good(mail_relay=relay),
        postfix_sender_relays=[{"sender": "news@example.org", "host": "mail.branch.example"}],
        postfix_tls_policies={"[mail.branch.example]:25": "opportunistic"},
    )
    assert [line.partition(": ")[2] for line in found] == [
        'another tls for "[mail.branch.example]:25" than at mail_relay.tls; one server, one way'
    ]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (
            send_only(mail_openings={"smtp": "everyone"}),
            "nobody logs in to a host without a mail store; leave it out",
        ),
        (
            good(mail_openings={"smtp": "everyone", "submission": "everyone"}),
            "nobody can log in to read mail;"
            " open imaps or pop3s or imap or pop3 in mail_openings, or leave it out",
        ),
        (
            good(mail_openings={"submission": "everyone", "pop3s": "everyone"}),
            "nobody can send through port 25, the only one that it is for;"
            " open smtp in mail_openings, or leave it out",
        ),
    ],
)
def test_relaying_after_a_login_needs_a_place_to_log_in_and_one_to_send(
    raw: dict[str, Any], told: str
) -> None:
    problems = [f"pop_before_smtp_enabled: {told}"]
    assert said(raw, pop_before_smtp_enabled=True) == (problems, [])
    assert said(raw, pop_before_smtp_enabled=False) == ([], [])
    assert said(good(), pop_before_smtp_enabled="yes") == ([], [])


def test_who_only_sends_relays_for_nobody() -> None:
    raw = send_only(mail_transfer_agent="nullmailer")
    problems, _warnings = said(raw, pop_before_smtp_enabled=True)
    assert "pop_before_smtp_enabled: nullmailer relays for nobody; leave it out" in problems


def test_relaying_after_a_login_has_values_that_grant_something() -> None:
    values = {"lifetime_seconds": 0, "addresses": -1, "never": ["10.0.0.1/8", "10.1.0.0/16", "lan"]}
    given = {f"pop_before_smtp_{name}": value for name, value in values.items()}
    assert said(good(), pop_before_smtp_enabled=True, **given) == (
        [
            "pop_before_smtp_lifetime_seconds: 0 grants nothing; leave it out for the default",
            "pop_before_smtp_addresses: -1 grants nothing; leave it out for the default",
            'pop_before_smtp_never[0]: "10.0.0.1/8" has host bits set; write it as 10.0.0.0/8',
            'pop_before_smtp_never[2]: "lan" is not a network; write it like 10.20.0.0/16',
        ],
        [],
    )
