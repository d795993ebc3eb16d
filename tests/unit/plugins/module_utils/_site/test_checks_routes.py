"""Relay domains, copies and further senders: what would loop, vanish or be forged is refused."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.checks_routes import is_address
from ansible_collections.postern.mail.tests.unit.site_models import (
    good,
    problems_of,
    send_only,
    warnings_of,
)

ACCOUNTS = good()["mail_accounts"]
ALIASES = good()["mail_aliases"]
KNOWN = ["postmaster", "abuse", "info"]
BRANCH = {"name": "branch.example", "host": "mail.branch.example", "recipients": KNOWN}


def accounts(**change: Any) -> dict[str, Any]:
    return {"mail_accounts": [{**ACCOUNTS[0], **change}, *ACCOUNTS[1:]]}


def aliases(**change: Any) -> dict[str, Any]:
    return {"mail_aliases": {**ALIASES, **change}}


def branch(**change: Any) -> dict[str, Any]:
    return {"mail_relay_domains": [{**BRANCH, **change}]}


def edge(**change: Any) -> dict[str, Any]:
    """A host that takes mail in for others, and keeps none."""
    opened = {"mail_openings": {"smtp": "everyone"}}
    return send_only(mail_relay={}, **{**opened, **branch(), **change})


# The line that makes the model bad -> everything that is said about it.
BAD: list[tuple[dict[str, Any], list[str]]] = [
    (
        branch(name="EXAMPLE.org", recipients=[]),
        [
            'mail_relay_domains[0].name: "example.org" is one of mail_domains too, whose mail ends'
            " here; keep it in one of them"
        ],
    ),
    (
        {"mail_relay_domains": [BRANCH, {**BRANCH, "recipients": []}]},
        [
            'mail_relay_domains[1].name: "branch.example" is declared twice;'
            " first at mail_relay_domains[0]"
        ],
    ),
    (
        branch(name="mail.example.org"),
        [
            'mail_hostname: "mail.example.org" is one of mail_relay_domains;'
            " give the host a name of its own, such as mail.mail.example.org"
        ],
    ),
    (
        branch(host="Mail.example.org"),
        ['mail_relay_domains[0].host: "mail.example.org" is this host itself; mail would loop'],
    ),
    (
        branch(host="127.0.0.1"),
        ['mail_relay_domains[0].host: "127.0.0.1" is this host itself; mail would loop'],
    ),
    (
        branch(host="::1"),
        ['mail_relay_domains[0].host: "::1" is this host itself; mail would loop'],
    ),
    (
        branch(host="localhost"),
        ['mail_relay_domains[0].host: "localhost" is not a full domain; write it like example.org'],
    ),
    (
        branch(host="mail.branch.example:25"),
        [
            'mail_relay_domains[0].host: "mail.branch.example:25" is not a domain;'
            " write it like example.org"
        ],
    ),
    (branch(host=None), ["mail_relay_domains[0].host: is missing"]),
    (branch(name=None), ["mail_relay_domains[0].name: is missing"]),
    (
        branch(port=0),
        ["mail_relay_domains[0].port: 0 is not a port; give a number from 1 to 65535"],
    ),
    (branch(port="smtp"), ['mail_relay_domains[0].port: "smtp" is not a number']),
    (
        branch(tls="yes"),
        [
            'mail_relay_domains[0].tls: "yes" is not a choice;'
            " choose one of: opportunistic, require, verify"
        ],
    ),
    (
        branch(recipients=[*KNOWN, "info@example.com"]),
        [
            'mail_relay_domains[0].recipients[3]: "info@example.com" is not in "branch.example";'
            " list it with its own domain"
        ],
    ),
    (
        branch(recipients=[*KNOWN, "@branch.example"]),
        [
            'mail_relay_domains[0].recipients[3]: "@branch.example" has nothing before the @;'
            " write it like alice@example.org"
        ],
    ),
    (
        branch(recipients=[*KNOWN, "Info@branch.example"]),
        [
            'mail_relay_domains[0].recipients[3]: "info@branch.example" is declared twice;'
            " first at mail_relay_domains[0].recipients[2]"
        ],
    ),
    (branch(recipients="info"), ["mail_relay_domains[0].recipients: is text, not a list"]),
    (
        branch(recipients=["postmaster", "info"]),
        [
            'mail_relay_domains[0]: "abuse@branch.example" is missing; RFC 2142 requires it;'
            " add it to the recipients"
        ],
    ),
    (
        branch(recipient=["info"]),
        ['mail_relay_domains[0].recipient: no such key; did you mean "recipients"?'],
    ),
    (
        branch(recipients_file=["a.txt"]),
        ["mail_relay_domains[0].recipients_file: a list is not a path"],
    ),
    ({"mail_relay_domains": ["branch.example"]}, ["mail_relay_domains[0]: is text, not a mapping"]),
    (
        {"mail_relay_domains": {"branch.example": "mail.branch.example"}},
        ["mail_relay_domains: is a mapping, not a list"],
    ),
    (
        {**branch(), **aliases(**{"info@branch.example": "alice"})},
        [
            'mail_aliases["info@branch.example"]: "info@branch.example" is declared twice;'
            " first at mail_relay_domains[0].recipients[2]"
        ],
    ),
    (
        {**branch(), **aliases(team="inof@branch.example")},
        [
            'mail_aliases.team: leads to "inof@branch.example", which nobody has;'
            ' did you mean "info@branch.example"?'
        ],
    ),
    (
        {
            **branch(),
            **aliases(
                **{"a@branch.example": "b@branch.example", "b@branch.example": "a@branch.example"}
            ),
        },
        [
            'mail_aliases["a@branch.example"]: leads back to itself:'
            " a@branch.example -> b@branch.example -> a@branch.example"
        ],
    ),
    (
        accounts(backup=True),
        ["mail_accounts[0].backup: has no address for the copies; name it in mail_backup"],
    ),
    (
        accounts(backup="daily"),
        ['mail_accounts[0].backup: "daily" is not a boolean; write true or false'],
    ),
    (
        {**accounts(backup=True), "mail_backup": "alice"},
        [
            'mail_accounts[0].backup: "alice@example.org" gets the copies itself, and they would be'
            " copied again; leave it out, or change mail_backup"
        ],
    ),
    (
        {**accounts(backup=True), **aliases(copies=["carol", "sales"]), "mail_backup": "copies"},
        [
            'mail_accounts[0].backup: "alice@example.org" gets the copies itself, and they would be'
            " copied again; leave it out, or change mail_backup"
        ],
    ),
    (
        {**accounts(backup=True), "mail_backup": "carrol"},
        [
            'mail_backup: leads to "carrol@example.org", which nobody has;'
            ' did you mean "carol@example.org"?'
        ],
    ),
    (
        {**accounts(backup=True), "mail_backup": "backup@mail.example.org"},
        [
            'mail_backup: leads to "backup@mail.example.org", which is this host itself;'
            " name the address of who reads it"
        ],
    ),
    (
        {**accounts(backup=True), "mail_backup": "|/usr/bin/archive -a"},
        [
            'mail_backup: "|/usr/bin/archive -a" is not the name of an address;'
            " write it like alice or a@b.example"
        ],
    ),
    (
        {**accounts(backup=True), "mail_backup": ["carol", "dave"]},
        [
            "mail_backup: a list is not text",
        ],
    ),
    (
        {"mail_journal": "journal"},
        ['mail_journal: leads to "journal@example.org", which nobody has'],
    ),
    (
        {"mail_journal": "journal@archive"},
        ['mail_journal: "archive" is not a full domain; write it like example.org'],
    ),
    (
        {"mail_journal": True},
        ["mail_journal: true is not text; put it in quotes"],
    ),
    (
        accounts(sends_as=["press@example.com"]),
        [
            'mail_accounts[0].sends_as[0]: "example.com" is not a domain of this site;'
            " name it in mail_domains, or use one of: example.net, example.org"
        ],
    ),
    (
        accounts(sends_as=["@exmaple.net"]),
        [
            'mail_accounts[0].sends_as[0]: "exmaple.net" is not a domain of this site;'
            " name it in mail_domains, or use one of: example.net, example.org"
        ],
    ),
    (
        accounts(sends_as=["Carol"]),
        [
            'mail_accounts[0].sends_as[0]: "Carol" is somebody else, "carol@example.org";'
            " write the full address if that is what you want"
        ],
    ),
    (
        accounts(sends_as=["press", "@example.net", "PRESS"]),
        ['mail_accounts[0].sends_as[2]: "press@example.org" is listed twice'],
    ),
    (
        accounts(sends_as=["alice,carol"]),
        [
            'mail_accounts[0].sends_as[0]: "alice,carol" is not the name of an address;'
            " write it like alice or a@b.example"
        ],
    ),
    (
        accounts(sends_as=["@"]),
        ['mail_accounts[0].sends_as[0]: "" is not a domain; write it like example.org'],
    ),
    (accounts(sends_as="press"), ["mail_accounts[0].sends_as: is text, not a list"]),
    (
        accounts(send_as=["press"]),
        ['mail_accounts[0].send_as: no such key; did you mean "sends_as"?'],
    ),
]


@pytest.mark.parametrize(("change", "said"), BAD, ids=[str(number) for number in range(len(BAD))])
def test_a_bad_model_is_refused_with_its_place_and_what_is_expected(
    change: dict[str, Any], said: list[str]
) -> None:
    assert problems_of(good(**change)) == sorted(said)


# The model -> the only warning about it.
WARNED: list[tuple[dict[str, Any], str]] = [
    (
        edge(**branch(recipients=[])),
        "mail_relay_domains[0]: knows no recipients, so it takes in what is then returned to"
        " forged senders; give it recipients or a recipients_file",
    ),
    (
        edge(**branch(host="192.0.2.9", tls="verify")),
        'mail_relay_domains[0].host: "192.0.2.9" is rarely in a certificate;'
        " give its name, or set tls: require",
    ),
    (
        edge(mail_openings={}),
        "mail_openings: has no smtp, so mail from other servers can't arrive;"
        " set smtp: everyone unless another host takes it in",
    ),
    (
        edge(mail_access=[{"recipient": "info@branch.example", "action": "relay"}]),
        'mail_access[0].recipient: "info@branch.example" needs no relaying,'
        " mail_relay_domains names its domain",
    ),
    (good(mail_backup="carol"), "mail_backup: gets no copies; set backup: true on an account"),
]


@pytest.mark.parametrize(("raw", "said"), WARNED, ids=[line.split(":")[0] for _, line in WARNED])
def test_what_cannot_be_known_is_a_warning(raw: dict[str, Any], said: str) -> None:
    assert warnings_of(raw) == [said]


HOLDS: list[dict[str, Any]] = [
    edge(),
    edge(mail_accounts=ACCOUNTS, mail_aliases=ALIASES),
    edge(mail_aliases={"sales@branch.example": ["info@branch.example", "me@example.com"]}),
    edge(**branch(host="127.0.0.1", port=8025)),
    edge(**branch(recipients=["postmaster", "abuse@Branch.example"])),
    edge(
        **branch(recipients=["postmaster"]), mail_aliases={"abuse@branch.example": "me@a.example"}
    ),
    good(**branch(), **aliases(info="info@branch.example")),
    good(**accounts(backup=True), mail_backup="carol"),
    good(**accounts(backup=True), mail_backup="archive@elsewhere.example"),
    good(**accounts(backup=True), **aliases(copies=["carol"]), mail_backup="copies"),
    good(mail_journal="journal@archive.example"),
    good(mail_journal="carol"),
    send_only(mail_journal="journal@archive.example", mail_backup="carol"),
    good(**accounts(sends_as=["press", "@example.net", "carol@example.org", "abuse"])),
    good(**branch(), **accounts(sends_as=["boss@branch.example"])),
    good(mail_local_users="mbox", **aliases(root="admin@mail.example.org")),
]


@pytest.mark.parametrize("raw", HOLDS, ids=[str(number) for number in range(len(HOLDS))])
def test_what_holds_passes_without_a_word(raw: dict[str, Any]) -> None:
    assert warnings_of(raw) == []


def test_an_address_is_known_from_a_name() -> None:
    assert [is_address(host) for host in ("192.0.2.1", "::1", "mx.example.org")] == [
        True,
        True,
        False,
    ]
