"""Long lists are judged beside the inventory: each name once, each target somebody."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.checks import check_site
from ansible_collections.postern.mail.plugins.module_utils._site.checks_lists import Wrong, tell
from ansible_collections.postern.mail.plugins.module_utils._site.lists import Lists, NameList
from ansible_collections.postern.mail.tests.unit.site_models import good, site_of

ALIASES = good()["mail_aliases"]
BRANCH = {"name": "branch.example", "host": "mail.branch.example", "recipients_file": "b.txt"}


def numbered(lines: Iterable[str], file: str) -> dict[str, str]:
    return {line.split(":")[0]: f"{file}:{number}" for number, line in enumerate(lines, 1)}


def said(*lines: str, recipients: tuple[str, ...] = (), **change: Any) -> list[str]:
    """Judge a model beside a list of aliases, and one of recipients of branch.example."""
    pairs = (line.partition(": ") for line in lines)
    lists = Lists(
        aliases={name.encode(): targets.encode() for name, _colon, targets in pairs},
        where=lambda _names: numbered(lines, "a.txt"),
        recipients={
            "branch.example": NameList(
                frozenset(name.encode() for name in recipients),
                lambda _names: numbered(recipients, "b.txt"),
            )
        },
    )
    problems, _warnings = check_site(replace(site_of(good(**change)), lists=lists))
    return sorted(str(problem) for problem in problems)


# Lines of the list -> everything that is said about them.
BAD: list[tuple[tuple[str, ...], list[str]]] = [
    (
        ("team: alice", "sales: carol"),
        ['a.txt:2: "sales@example.org" is declared twice; first at mail_accounts[0].aliases[0]'],
    ),
    (
        ("alice: carol",),
        ['a.txt:1: "alice@example.org" is declared twice; first at mail_accounts[0]'],
    ),
    (
        ("carol@example.org: alice",),
        ['a.txt:1: "carol@example.org" is declared twice; first at mail_accounts[1]'],
    ),
    (
        ("root: carol",),
        ['a.txt:1: "root@example.net" is declared twice; first at mail_aliases.root'],
    ),
    (
        ("root@example.net: carol",),
        ['a.txt:1: "root@example.net" is declared twice; first at mail_aliases.root'],
    ),
    (
        ("info@example.net: carol", "info: alice"),
        ['a.txt:1: "info@example.net" is declared twice; first at a.txt:2'],
    ),
    (
        ("info@example.com: carol",),
        ['a.txt:1: "example.com" is not a domain of this site; name it in mail_domains'],
    ),
    (
        ("team: alice, carlo",),
        [
            'a.txt:1: "team" leads to "carlo@example.org", which nobody has;'
            ' did you mean "carol@example.org"?'
        ],
    ),
    (
        ("team: zzz@example.net",),
        ['a.txt:1: "team" leads to "zzz@example.net", which nobody has'],
    ),
    (
        ("team: alice@mail.example.org",),
        ['a.txt:1: "team" leads to "alice@mail.example.org", which is this host itself'],
    ),
    (
        ("müller: alice",),
        ['a.txt:1: "müller" is not ASCII; addresses before the @ are ASCII here'],
    ),
    (
        ("team: alice, bob@exa_mple.c0m, eve@-x.example",),
        ['a.txt:1: "-x.example" is not a domain; write it like example.org'],
    ),
    (("self: self",), ["a.txt:1: leads back to itself: self -> self"]),
    (
        ("a: b@example.net", "b: alice, c", "c@example.org: a"),
        ["a.txt:1: leads back to itself: a -> b -> c@example.org -> a"],
    ),
]


@pytest.mark.parametrize(("lines", "refused"), BAD, ids=[lines[0] for lines, _said in BAD])
def test_a_bad_line_is_refused_with_its_place_and_what_is_expected(
    lines: tuple[str, ...], refused: list[str]
) -> None:
    assert said(*lines) == refused


def test_a_list_that_leads_to_people_aliases_and_others_elsewhere_holds() -> None:
    lines = ("team: alice, chief", "chief: carol@example.org, me@example.com, dave@example.net")
    assert said(*lines, "info@example.net: root, sales") == []


def test_a_loop_through_the_inventory_and_a_list_is_found_once() -> None:
    assert said("a: b", mail_aliases={**ALIASES, "b": "a"}) == [
        "a.txt:1: leads back to itself: a -> b -> a"
    ]


def test_the_inventory_may_lead_to_names_of_a_list() -> None:
    domains = [{"name": "example.org"}, {"name": "example.net", "catch_all": "helpdesk"}]
    change: dict[str, Any] = {
        "mail_domains": domains,
        "mail_aliases": {**ALIASES, "team": "helpdesk"},
    }
    assert said("helpdesk: alice", **change) == []
    assert len(said(**change)) == 2


def test_required_names_may_stand_in_a_list() -> None:
    lines = ("root: alice", "postmaster: alice", "abuse@example.org: carol")
    assert said(*lines, "abuse@example.net: carol", mail_aliases={}) == []
    assert said(*lines, mail_aliases={}) == [
        'mail_domains[1]: "abuse@example.net" is left to the catch-all; RFC 2142 requires it;'
        " add it to mail_aliases with who reads it"
    ]


def test_mail_of_the_system_is_followed_through_a_list() -> None:
    aliases = {"postmaster": "alice", "abuse": "alice", "root": "admins"}
    assert said("admins: dave@example.net", mail_aliases=aliases) == [
        'mail_aliases.root: ends in a locked account, "dave@example.net";'
        " name somebody who can read it"
    ]


def test_copies_that_come_back_through_a_list_are_refused() -> None:
    people = good()["mail_accounts"]
    accounts = [{**people[0], "backup": True}, *people[1:]]
    assert said("copies: alice", mail_accounts=accounts, mail_backup="copies") == [
        'mail_accounts[0].backup: "alice@example.org" gets the copies itself, and they would be'
        " copied again; leave it out, or change mail_backup"
    ]


def test_a_list_of_recipients_stays_in_its_domain_and_has_who_is_required() -> None:
    change = {"mail_relay_domains": [BRANCH]}
    names = ("postmaster", "abuse@branch.example", "info")
    assert said(recipients=names, **change) == []
    assert said(recipients=("postmaster", "info@branch.example.net", "info"), **change) == [
        'b.txt:2: "info@branch.example.net" is not in "branch.example";'
        " list it with its own domain",
        'mail_relay_domains[0]: "abuse@branch.example" is missing; RFC 2142 requires it;'
        " add it to the recipients",
    ]
    assert said("team: info@branch.example, x@branch.example", recipients=names, **change) == [
        'a.txt:1: "team" leads to "x@branch.example", which nobody has'
    ]


def test_the_first_twenty_are_told_and_the_rest_is_counted() -> None:
    wrong = said(*(f"n{number}: nobody{number}" for number in range(50)))
    assert len(wrong) == 21
    assert wrong[-1] == "mail_alias_files: and 30 more like these in the files"


def test_places_and_near_names_are_looked_up_only_for_what_is_told() -> None:
    asked: list[list[str]] = []

    def where(names: Iterable[str]) -> dict[str, str]:
        asked.append(list(names))
        return {}

    wrong = (Wrong(f"n{number}", "is wrong", first="first") for number in range(1000))
    assert len(list(tell(where, wrong, "lists"))) == 21
    assert len(asked) == 1
    assert len(asked[0]) == 40
    assert list(tell(where, iter(()), "lists")) == []
    assert len(asked) == 1
