"""Bad addresses are refused, in words a person reads."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.tests.unit.site_models import good, problems_of

ALIASES = good()["mail_aliases"]
ACCOUNTS = good()["mail_accounts"]
DOMAINS = good()["mail_domains"]


def accounts(**change: Any) -> dict[str, Any]:
    return {"mail_accounts": [{**ACCOUNTS[0], **change}, *ACCOUNTS[1:]]}


def aliases(**change: Any) -> dict[str, Any]:
    return {"mail_aliases": {**ALIASES, **change}}


# The line that makes the model bad -> everything that is said about it.
BAD: list[tuple[dict[str, Any], list[str]]] = [
    (
        {"mail_domains": [*DOMAINS, {"name": "EXAMPLE.org"}]},
        ['mail_domains[2].name: "example.org" is declared twice; first at mail_domains[0]'],
    ),
    (
        {"mail_domains": []},
        [
            "mail_domains: is empty, but mail_store is cyrus; name the domains whose mail ends"
            " here, or set mail_store: none",
            'mail_accounts[0]: "example.org" is not a domain of this site; name it in mail_domains',
            'mail_accounts[1]: "example.org" is not a domain of this site; name it in mail_domains',
            'mail_accounts[2]: "example.net" is not a domain of this site; name it in mail_domains',
            'mail_accounts[0].aliases[0]: "example.org" is not a domain of this site;'
            " name it in mail_domains",
        ],
    ),
    (
        {"mail_domains": [DOMAINS[0], {"name": "example.net", "catch_all": "carlo"}]},
        [
            'mail_domains[1].catch_all: leads to "carlo@example.org", which nobody has;'
            ' did you mean "carol@example.org"?'
        ],
    ),
    (
        {"mail_domains": [DOMAINS[0], {"name": "example.net", "catch_all": "x@example.net"}]},
        ['mail_domains[1].catch_all: leads to "x@example.net", which nobody has'],
    ),
    (
        {"mail_accounts": [*ACCOUNTS, {"name": "eve", "domain": "example.com", "password": "x"}]},
        [
            'mail_accounts[3]: "example.com" is not a domain of this site;'
            " name it in mail_domains, or use one of: example.net, example.org"
        ],
    ),
    (
        {"mail_accounts": [*ACCOUNTS, {"name": "ALICE", "password": "x"}]},
        ['mail_accounts[3]: "alice@example.org" is declared twice; first at mail_accounts[0]'],
    ),
    (
        accounts(aliases=["Carol"]),
        [
            'mail_accounts[0].aliases[0]: "carol@example.org" is declared twice;'
            " first at mail_accounts[1]"
        ],
    ),
    (
        aliases(sales="carol"),
        [
            'mail_accounts[0].aliases[0]: "sales@example.org" is declared twice;'
            " first at mail_aliases.sales"
        ],
    ),
    (
        aliases(**{"Root@example.net": "carol"}),
        [
            'mail_aliases["Root@example.net"]: "root@example.net" is declared twice;'
            " first at mail_aliases.root"
        ],
    ),
    (
        aliases(**{"info@example.com": "carol"}),
        [
            'mail_aliases["info@example.com"]: "example.com" is not a domain of this site;'
            " name it in mail_domains, or use one of: example.net, example.org"
        ],
    ),
    (
        aliases(team="alcie"),
        [
            'mail_aliases.team: leads to "alcie@example.org", which nobody has;'
            ' did you mean "alice@example.org"?'
        ],
    ),
    (
        aliases(team="zzz@example.net"),
        ['mail_aliases.team: leads to "zzz@example.net", which nobody has'],
    ),
    (
        aliases(team="carol@mail.example.org"),
        [
            'mail_aliases.team: leads to "carol@mail.example.org", which is this host itself;'
            " name the address of who reads it"
        ],
    ),
    (aliases(team=[]), ["mail_aliases.team: leads nowhere; name a target"]),
    (
        aliases(team="|/usr/bin/vacation -x"),
        [
            'mail_aliases.team: "|/usr/bin/vacation -x" is not the name of an address;'
            " write it like alice or a@b.example"
        ],
    ),
    (
        aliases(ping="pong@example.org", **{"pong@example.org": ["carol", "ping"]}),
        [
            "mail_aliases.ping: leads back to itself:"
            " ping@example.org -> pong@example.org -> ping@example.org"
        ],
    ),
    (
        {"mail_aliases": {"root": "alice", "postmaster": "alice"}},
        ["mail_aliases.abuse: is missing; RFC 2142 requires it; add it with who reads it"],
    ),
    (
        {
            "mail_aliases": {
                "root": "alice",
                "abuse": "alice",
                "postmaster@example.org": "alice",
            }
        },
        [
            'mail_domains[1]: "postmaster@example.net" is left to the catch-all;'
            " RFC 2142 requires it; add it to mail_aliases with who reads it"
        ],
    ),
    (
        {"mail_aliases": {"postmaster": "alice", "abuse": "alice"}},
        ["mail_aliases.root: is missing; add it with who reads it"],
    ),
    (
        aliases(root="dave@example.net"),
        [
            'mail_aliases.root: ends in a locked account, "dave@example.net";'
            " name somebody who can read it"
        ],
    ),
    (
        {"mail_local_users": "mbox", **aliases(root="root@mail.example.org")},
        [
            'mail_aliases.root: ends at "root@mail.example.org", a mailbox that nobody opens;'
            " name a person"
        ],
    ),
    (
        {"mail_local_users": "maildir", **aliases(x="y@mail.example.org", y="x@mail.example.org")},
        [
            "mail_aliases.x: leads back to itself:"
            " x@mail.example.org -> y@mail.example.org -> x@mail.example.org"
        ],
    ),
    (
        {"mail_filter": {"virus": True}},
        ["mail_aliases.virusalert: is missing; add it with who reads it"],
    ),
]


@pytest.mark.parametrize(("change", "said"), BAD, ids=[lines[0].split(";")[0] for _, lines in BAD])
def test_a_bad_model_is_refused_with_its_place_and_what_is_expected(
    change: dict[str, Any], said: list[str]
) -> None:
    assert problems_of(good(**change)) == sorted(said)
