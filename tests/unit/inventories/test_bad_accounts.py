"""Bad accounts and stores are refused, each with its place and what is expected there."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.judge import (
    judge_beside,
    judge_roles,
)
from ansible_collections.postern.mail.plugins.plugin_utils.specs import role_options, site_options
from ansible_collections.postern.mail.tests.unit.site_models import (
    good,
    problems_of,
    site_of,
)

ACCOUNTS = good()["mail_accounts"]
SIZE = "is not a size; write it like 2GiB"
FOREIGN = (
    "mail_accounts[1].password_hash: is not a hash that every store takes; SHA-512 ($6$),"
    " SHA-256 ($5$), yescrypt ($y$) or bcrypt ($2b$), such as mkpasswd -m sha-512"
)
NO_ADDRESS = "is not the name of an address; write it like alice or a@b.example"
NO_ACCOUNT = (
    "is not an account's name; use letters, digits, dots, hyphens and underscores, without the"
    " domain"
)


def changed(number: int, **change: Any) -> dict[str, Any]:
    accounts = [*ACCOUNTS]
    accounts[number] = {**accounts[number], **change}
    return {"mail_accounts": accounts}


def added(**account: Any) -> dict[str, Any]:
    return {"mail_accounts": [*ACCOUNTS, {"password": "fake", **account}]}


def name(text: str, expected: str) -> tuple[str, dict[str, Any], str]:
    shown = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return f"name {shown}", added(name=text), f'mail_accounts[3].name: "{shown}" {expected}'


def quota(value: object) -> tuple[str, dict[str, Any], str]:
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    return f"quota {value}", changed(0, quota=value), f"mail_accounts[0].quota: {shown} {SIZE}"


def hashed(text: str) -> tuple[str, dict[str, Any], str]:
    return f"hash {text[:12]}", changed(1, password_hash=text), FOREIGN


BAD: list[tuple[str, dict[str, Any], str]] = [
    # Names that Maildir or IMAP can't carry.
    name("a/b", NO_ACCOUNT),
    name(".alice", NO_ADDRESS),
    name("alice.", NO_ADDRESS),
    name("al..ice", NO_ADDRESS),
    name("..", NO_ADDRESS),
    name("al%ice", NO_ACCOUNT),
    name("al*ice", NO_ACCOUNT),
    name("al+ice", NO_ACCOUNT),
    name("-alice", NO_ACCOUNT),
    name("al ice", NO_ADDRESS),
    name("al\tice", NO_ADDRESS),
    name("alice\n", NO_ADDRESS),
    name("al:ice", NO_ADDRESS),
    name('al\\ice', NO_ADDRESS),
    name("alice@example.org", NO_ADDRESS),
    name("", NO_ADDRESS),
    name("a" * 65, NO_ADDRESS),
    ("name älice", added(name="älice"), 'mail_accounts[3].name: "älice" is not ASCII;'
     " addresses before the @ are ASCII here"),
    ("no name", added(), "mail_accounts[3].name: is missing"),
    # Sizes.
    quota("5 gigs"),
    quota("2GB"),
    quota("1.5GiB"),
    quota("0GiB"),
    quota("-1GiB"),
    quota("unlimited"),
    quota(2048),
    ("quota list", changed(0, quota=["2GiB"]), f"mail_accounts[0].quota: the value {SIZE}"),
    # Hashes of a foreign format.
    hashed("$1$abcdefgh$" + "b" * 22),
    hashed("{SSHA}abcdefgh"),
    hashed("{SHA512-CRYPT}$6$salt$" + "b" * 86),
    hashed("$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$" + "b" * 43),
    hashed("5f4dcc3b5aa765d61d8327deb882cf99"),
    hashed("!"),
    # Passwords.
    ("both", changed(0, password_hash=ACCOUNTS[1]["password_hash"]),
     "mail_accounts[0]: has both password and password_hash; keep one of them"),
    ("neither", {"mail_accounts": [*ACCOUNTS, {"name": "erin"}]},
     "mail_accounts[3]: has no password and no password_hash; give one of them"),
    ("two lines", changed(0, password="a\nb"), "mail_accounts[0].password: has a line break in it"),
    ("a list", changed(0, password=["x"]), "mail_accounts[0].password: a list is not text"),
    # Addresses and domains.
    ("twice", added(name="Carol"),
     'mail_accounts[3]: "carol@example.org" is declared twice; first at mail_accounts[1]'),
    ("an alias of another", added(name="sales"),
     'mail_accounts[0].aliases[0]: "sales@example.org" is declared twice;'
     " first at mail_accounts[3]"),
    ("an alias twice", added(name="erin", aliases=["sales"]),
     'mail_accounts[3].aliases[0]: "sales@example.org" is declared twice;'
     " first at mail_accounts[0].aliases[0]"),
    ("a domain of others", added(name="erin", domain="example.com"),
     'mail_accounts[3]: "example.com" is not a domain of this site;'
     " name it in mail_domains, or use one of: example.net, example.org"),
    ("no full domain", added(name="erin", domain="local"),
     'mail_accounts[3].domain: "local" is not a full domain; write it like example.org'),
    ("a domain in its own letters", added(name="erin", domain="müller.example"),
     'mail_accounts[3].domain: "müller.example" is not an ASCII name;'
     " write it as xn--mller-kva.example"),
    # Renamed.
    ("its own name", changed(0, formerly="alice"),
     'mail_accounts[0].formerly: "alice@example.org" is its name now; leave it out'),
    ("still somebody's", changed(0, formerly="carol"),
     'mail_accounts[0].formerly: "carol@example.org" is still an account;'
     " rename or remove mail_accounts[1] first"),
    ("of another domain", changed(0, formerly="alice@example.com"),
     'mail_accounts[0].formerly: "example.com" is not a domain of this site;'
     " rename its accounts before you take a domain out"),
    ("no name before", changed(0, formerly="a/b"),
     f'mail_accounts[0].formerly: "a/b" {NO_ACCOUNT}'),
    ("no text before", changed(0, formerly=["x"]), "mail_accounts[0].formerly: a list is not text"),
    # Stores.
    ("a foreign store", {"mail_store": "dovecot"},
     'mail_store: "dovecot" is not a choice; choose one of: cyrus, courier, popa3d, none'),
    ("a store with nobody", {"mail_domains": [], "mail_aliases": {}, "mail_accounts": []},
     "mail_domains: is empty, but mail_store is cyrus; name the domains whose mail ends here,"
     " or set mail_store: none"),
    ("locked in words", changed(2, locked="soon"),
     'mail_accounts[2].locked: "soon" is not a boolean; write true or false'),
    ("unknown key", changed(0, former="carol"),
     'mail_accounts[0].former: no such key; did you mean "formerly"?'),
]  # fmt: skip


def test_there_are_thirty_and_more() -> None:
    assert len(BAD) >= 30


@pytest.mark.parametrize(("change", "said"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
def test_a_bad_account_is_refused_with_its_place(change: dict[str, Any], said: str) -> None:
    assert problems_of(good(**change)) == [said]


def test_two_heirs_of_one_name_are_refused() -> None:
    both = [
        {"name": "erin", "password": "fake", "formerly": "eve"},
        {"name": "frank", "password": "fake", "formerly": "eve@example.org"},
    ]
    assert problems_of(good(mail_accounts=[*ACCOUNTS, *both])) == [
        'mail_accounts[4].formerly: "eve@example.org" is claimed twice;'
        " first at mail_accounts[3].formerly; one mailbox moves to one account"
    ]


def test_two_who_would_change_places_are_refused() -> None:
    swapped = [{**ACCOUNTS[0], "formerly": "carol"}, {**ACCOUNTS[1], "formerly": "alice"}]
    assert problems_of(good(mail_accounts=[*swapped, ACCOUNTS[2]])) == [
        'mail_accounts[0].formerly: "carol@example.org" is still an account;'
        " rename or remove mail_accounts[1] first",
        'mail_accounts[1].formerly: "alice@example.org" is still an account;'
        " rename or remove mail_accounts[0] first",
    ]


def test_a_former_name_may_go_on_as_an_alias() -> None:
    renamed = {"name": "erin", "password": "fake", "formerly": "eve", "aliases": ["eve"]}
    assert problems_of(good(mail_accounts=[*ACCOUNTS, renamed])) == []


POLICIES: list[tuple[dict[str, Any], str]] = [
    (
        {"accounts_rounds": 10},
        "accounts_rounds: 10 is not a cost of sha512_crypt; sha512_crypt takes 1000 to 10000000",
    ),
    (
        {"accounts_scheme": "bcrypt", "accounts_rounds": 100_000},
        "accounts_rounds: 100000 is not a cost of bcrypt; bcrypt takes 4 to 16, powers of two",
    ),
]


@pytest.mark.parametrize(("variables", "said"), POLICIES)
def test_a_policy_that_no_scheme_has_is_refused(variables: dict[str, Any], said: str) -> None:
    problems, _warnings = judge_beside(site_of(good()), role_options(), variables)
    assert [str(problem) for problem in problems] == [said]


def test_a_password_that_bcrypt_would_cut_is_refused() -> None:
    site = site_of(good(**changed(0, password="x" * 73)))
    problems, _warnings = judge_beside(site, role_options(), {"accounts_scheme": "bcrypt"})
    assert [str(problem) for problem in problems] == [
        "mail_accounts[0].password: is longer than the 72 bytes that bcrypt reads;"
        " shorten it, or choose sha512_crypt"
    ]


def test_an_unknown_scheme_is_refused_with_those_that_are_known() -> None:
    said = judge_roles(role_options(), {"accounts_scheme": "md5_crypt"})
    assert [str(problem) for problem in said] == [
        'accounts_scheme: "md5_crypt" is not a choice;'
        " choose one of: sha512_crypt, sha256_crypt, bcrypt"
    ]
    assert site_options()["mail_store"]["choices"] == ["cyrus", "courier", "popa3d", "none"]
