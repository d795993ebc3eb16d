"""Bad models are refused, each with the message that a person reads."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.spec import UNREAD
from ansible_collections.postern.mail.plugins.module_utils._site.judge import (
    gather,
    judge_host,
    judge_roles,
    masked,
    secrets_of,
    unknown_names,
)
from ansible_collections.postern.mail.plugins.plugin_utils.specs import site_options
from ansible_collections.postern.mail.tests.unit.site_models import (
    good,
    problems_of,
    send_only,
    warnings_of,
)

ALIASES = good()["mail_aliases"]
ACCOUNTS = good()["mail_accounts"]
DOMAINS = good()["mail_domains"]


def accounts(**change: Any) -> dict[str, Any]:
    return {"mail_accounts": [{**ACCOUNTS[0], **change}, *ACCOUNTS[1:]]}


def aliases(**change: Any) -> dict[str, Any]:
    return {"mail_aliases": {**ALIASES, **change}}


def opened(**change: Any) -> dict[str, Any]:
    return {"mail_openings": {**good()["mail_openings"], **change}}


def relay(**change: Any) -> dict[str, Any]:
    return {"mail_relay": {"host": "smart.example.com", **change}}


# The line that makes the model bad -> everything that is said about it.
BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"mail_domain": None}, ["mail_domain: is missing"]),
    (
        {"mail_hostname": "mail"},
        ['mail_hostname: "mail" is not a full domain; write it like example.org'],
    ),
    (
        {"mail_hostname": "example.net"},
        [
            'mail_hostname: "example.net" is one of mail_domains; give the host a name of its own,'
            " such as mail.example.net"
        ],
    ),
    (
        {"mail_domains": [*DOMAINS, {"name": "müller.example"}]},
        [
            'mail_domains[2].name: "müller.example" is not an ASCII name;'
            " write it as xn--mller-kva.example"
        ],
    ),
    (
        {"mail_accounts": {"alice": "fake-alice"}},
        ["mail_accounts: is a mapping, not a list"],
    ),
    (
        {"mail_accounts": ["alice:fake-alice", *ACCOUNTS]},
        ["mail_accounts[0]: is text, not a mapping"],
    ),
    (
        accounts(quota="2 gigs"),
        ['mail_accounts[0].quota: "2 gigs" is not a size; write it like 2GiB'],
    ),
    (accounts(quota=2048), ["mail_accounts[0].quota: 2048 is not a size; write it like 2GiB"]),
    (
        accounts(password=None),
        ["mail_accounts[0]: has no password and no password_hash; give one of them"],
    ),
    (accounts(password="  "), ["mail_accounts[0].password: is empty"]),
    (
        accounts(password=1234567),
        ["mail_accounts[0].password: a number is not text; put it in quotes"],
    ),
    (
        accounts(password_hash="$1$abc$def"),
        [
            "mail_accounts[0]: has both password and password_hash; keep one of them",
            "mail_accounts[0].password_hash: is not a hash that every store takes; SHA-512 ($6$),"
            " SHA-256 ($5$), yescrypt ($y$) or bcrypt ($2b$), such as mkpasswd -m sha-512",
        ],
    ),
    (
        accounts(locked="perhaps"),
        ['mail_accounts[0].locked: "perhaps" is not a boolean; write true or false'],
    ),
    (accounts(qouta="2GiB"), ['mail_accounts[0].qouta: no such key; did you mean "quota"?']),
    (
        accounts(name="alice@example.org"),
        [
            'mail_accounts[0].name: "alice@example.org" is not the name of an address;'
            " write it like alice or a@b.example"
        ],
    ),
    (
        accounts(name="al%ce"),
        [
            'mail_accounts[0].name: "al%ce" is not an account\'s name;'
            " use letters, digits, dots, hyphens and underscores, without the domain"
        ],
    ),
    (
        {"mail_relay": {"username": "u", "password": "p"}},
        ["mail_relay.host: is missing; name the smarthost"],
    ),
    (relay(username="fleet"), ["mail_relay: has username but no password"]),
    (
        relay(username="fleet", password="fake", tls="opportunistic"),
        ["mail_relay.tls: opportunistic may send the password in clear; set tls: verify"],
    ),
    (
        relay(port=465, tls="opportunistic"),
        [
            "mail_relay.tls: opportunistic does not fit port 465, which is TLS;"
            " set tls: verify or tls: require"
        ],
    ),
    (
        relay(port="submission"),
        ['mail_relay.port: "submission" is not a number'],
    ),
    (
        relay(tls="maybe"),
        ['mail_relay.tls: "maybe" is not a choice; choose one of: verify, require, opportunistic'],
    ),
    (
        relay(host="mail.example.org"),
        ['mail_relay.host: "mail.example.org" is this host itself; mail would loop'],
    ),
    (
        {"mail_tls": {"source": "files", "key": "/etc/ssl/key.pem"}},
        ["mail_tls.certificate: is missing; source files needs both files"],
    ),
    (
        {"mail_store": "courier", "mail_openings": {"smtp": "everyone", "sieve": "everyone"}},
        [
            "mail_openings.sieve: nothing answers there, Courier has no Sieve; remove it, or set"
            " mail_store: cyrus"
        ],
    ),
    (
        {"mail_store": "dovecot"},
        ['mail_store: "dovecot" is not a choice; choose one of: cyrus, courier, popa3d, none'],
    ),
    (
        {"mail_store": "none", "mail_openings": {"smtp": "everyone"}},
        [
            "mail_store: none keeps no mailboxes, but this host has mail_domains and mail_accounts;"
            " set mail_domains: [] to send everything through mail_relay, or mail_store: cyrus"
        ],
    ),
]


@pytest.mark.parametrize(("change", "said"), BAD, ids=[lines[0].split(";")[0] for _, lines in BAD])
def test_a_bad_model_is_refused_with_its_place_and_what_is_expected(
    change: dict[str, Any], said: list[str]
) -> None:
    assert problems_of(good(**change)) == sorted(said)


def test_the_good_models_hold() -> None:
    assert problems_of(good()) == []
    assert problems_of(send_only()) == []
    assert warnings_of(good()) == []


def test_a_send_only_host_needs_a_relay_and_none_of_the_people() -> None:
    people = {name: good()[name] for name in ("mail_accounts", "mail_aliases")}
    assert problems_of(send_only(**people)) == []
    assert problems_of(send_only(mail_relay={})) == [
        "mail_relay: is missing on a host where no mail ends; set mail_relay, or name mail_domains"
    ]
    assert problems_of(send_only(mail_openings={"imaps": "everyone"})) == [
        "mail_openings.imaps: nothing answers there with mail_store none;"
        " remove it, or set mail_store"
    ]


def test_problems_of_all_kinds_are_said_at_once() -> None:
    said = problems_of(
        good(
            mail_trusted_networks=["0.0.0.0/0"],
            mail_aliases={**ALIASES, "team": "nobody.here"},
            mail_openings={"imap": "everyone", "smpt": "everyone"},
            **accounts(quota="big", pasword="x"),
        )
    )
    assert [line.split(":")[0] for line in said] == [
        "mail_accounts[0].pasword",
        "mail_accounts[0].quota",
        "mail_aliases.team",
        "mail_openings.imap",
        "mail_openings.smpt",
        "mail_trusted_networks[0]",
    ]


def test_an_entry_that_cannot_be_read_is_not_said_to_be_missing_elsewhere() -> None:
    assert problems_of(good(**accounts(name="al ice"))) == [
        'mail_accounts[0].name: "al ice" is not the name of an address;'
        " write it like alice or a@b.example"
    ]
    unread = [Problem("mail_accounts[0].password", "can't be read")]
    raw = good(**accounts(password=UNREAD))
    assert list(judge_host(site_options(), raw, unread).problems) == unread


WARNED: list[tuple[dict[str, Any], str]] = [
    (
        {"mail_trusted_networks": ["203.0.113.7"]},
        'mail_trusted_networks[0]: "203.0.113.7/32" is public: whoever holds it may send to'
        " anywhere; be sure that it is yours",
    ),
    (
        {"mail_trusted_networks": ["2001:db8:1::/64"]},
        'mail_trusted_networks[0]: "2001:db8:1::/64" is public: whoever holds it may send to'
        " anywhere; be sure that it is yours",
    ),
    (
        aliases(root="admin@example.com"),
        'mail_aliases.root: ends at "admin@example.com", outside this site;'
        " be sure that a person reads it",
    ),
    (
        {"mail_domains": [DOMAINS[0], {"name": "example.net", "catch_all": "me@example.com"}]},
        "mail_domains[1].catch_all: sends all unknown mail, spam included, on to"
        ' "me@example.com"; name an account here',
    ),
    (
        {"mail_openings": {"imaps": "everyone"}},
        "mail_openings: has no smtp, so mail from other servers can't arrive;"
        " set smtp: everyone unless another host takes it in",
    ),
    (
        relay(host="192.0.2.9"),
        'mail_relay.host: "192.0.2.9" is rarely in a certificate;'
        " give its name, or set tls: require",
    ),
    (
        {"mail_access": [{"recipient": "example.net", "action": "relay"}]},
        'mail_access[0].recipient: "example.net" needs no relaying, its mail ends here',
    ),
    (
        {"mail_tls": {"key": "/srv/key.pem"}},
        "mail_tls.key: is not used with source own_ca; set source: files to use it",
    ),
]


@pytest.mark.parametrize(("change", "said"), WARNED, ids=[line.split(":")[0] for _, line in WARNED])
def test_what_cannot_be_known_is_a_warning(change: dict[str, Any], said: str) -> None:
    assert warnings_of(good(**change)) == [said]


ROLES: dict[str, dict[str, dict[str, Any]]] = {
    "postfix": {"postfix_banner": {"type": "str"}, "postfix_limit": {"type": "int"}},
    "firewall": {"firewall_openings": {"type": "list", "elements": "dict"}},
}


def test_a_misspelt_variable_is_offered_its_nearest_name() -> None:
    names = ["mail_domian", "postfix_baner", "firewall_xyz", "mailbox", "other_x", "postfix_limit"]
    assert [str(problem) for problem in unknown_names(site_options(), ROLES, names)] == [
        'mail_domian: no such variable; did you mean "mail_domain"?',
        'postfix_baner: no such variable; did you mean "postfix_banner"?',
        "firewall_xyz: no such variable",
    ]


SLIPS = [
    ("mial_domain", "mail_domain"),
    ("mali_domain", "mail_domain"),
    ("mal_accounts", "mail_accounts"),
    ("maill_relay", "mail_relay"),
    ("amil_store", "mail_store"),
    ("mial_acounts", "mail_accounts"),
    ("postifx_banner", "postfix_banner"),
    ("posfix_limit", "postfix_limit"),
    ("postfux_limit", "postfix_limit"),
    ("fierwall_openings", "firewall_openings"),
]


@pytest.mark.parametrize(("written", "meant"), SLIPS)
def test_a_slip_in_the_first_word_is_offered_the_nearest_name(written: str, meant: str) -> None:
    assert [str(problem) for problem in unknown_names(site_options(), ROLES, [written])] == [
        f'{written}: no such variable; did you mean "{meant}"?'
    ]


@pytest.mark.parametrize(
    "name", ["email_domain", "main_domain", "nail_store", "mial_colour", "mial", "lab_domain"]
)
def test_a_name_of_somebody_elses_is_left_alone(name: str) -> None:
    assert list(unknown_names(site_options(), ROLES, [name])) == []


def test_role_variables_are_checked_in_their_structure() -> None:
    values = {"postfix_limit": "many", "postfix_banner": "hi"}
    assert [str(problem) for problem in judge_roles(ROLES, values)] == [
        'postfix_limit: "many" is not a number'
    ]


def test_what_is_the_same_everywhere_is_said_once_and_the_rest_names_its_hosts() -> None:
    common, own = Problem("mail_domain", "is missing"), Problem("mail_hostname", "is missing")
    hosts = ["a", "b", "c", "d", "e"]
    said = {host: [common, own] if host != "e" else [common] for host in hosts}
    assert [str(p) for p in gather(said, lambda host, path: f"{path}.yml:1")] == [
        "mail_domain (mail_domain.yml:1): is missing",
        "a, b, c and 1 more: mail_hostname (mail_hostname.yml:1): is missing",
    ]


def test_no_secret_is_quoted_even_where_it_was_written_by_mistake() -> None:
    raw = good(**accounts(quota="fake-dave"))
    secrets = set(secrets_of(site_options(), raw))
    assert {'"fake-alice"', '"fake-dave"'} <= secrets
    assert [masked(line, secrets) for line in problems_of(raw)] == [
        'mail_accounts[0].quota: "********" is not a size; write it like 2GiB'
    ]


@pytest.mark.parametrize("secret", ['qu"ote', "back\\slash", "x" * 99, 'x", "y'])
def test_an_odd_secret_is_not_quoted_either(secret: str) -> None:
    raw = good(**accounts(password=secret, quota=secret, name=secret))
    secrets = set(secrets_of(site_options(), raw))
    lines = [masked(line, secrets) for line in problems_of(raw)]
    assert len(lines) == 2
    assert all(line.count('"********"') == 1 and secret[:4] not in line for line in lines)


def test_ten_thousand_accounts_are_judged_in_seconds() -> None:
    many = [{"name": f"u{n}", "password": "x", "aliases": [f"a{n}"]} for n in range(10_000)]
    assert problems_of(good(mail_accounts=[*ACCOUNTS, *many])) == []
