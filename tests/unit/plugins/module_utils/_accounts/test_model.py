"""Behaviour of the accounts' arguments: what is refused, all at once, and never with a secret."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._accounts.model import (
    parse_accounts,
)

SHA512 = "$6$rounds=20000$" + "a" * 16 + "$" + "b" * 86


def problems_of(
    entries: Sequence[dict[str, Any]], machines: Sequence[dict[str, str]] = (), **policy: Any
) -> list[str]:
    options = {"entries": entries, "machine_accounts": machines, **policy}
    return [str(problem) for problem in parse_accounts(options)[1]]


def test_a_password_or_a_hash_is_enough() -> None:
    entries: list[dict[str, Any]] = [
        {"name": "alice@example.org", "password": "secret"},
        {"name": "carol@example.org", "password_hash": SHA512, "locked": True},
    ]
    assert problems_of(entries, [{"name": "admin", "secret_file": "/etc/x.secret"}]) == []


def test_all_problems_are_told_together() -> None:
    entries: list[dict[str, Any]] = [
        {"name": "a b", "password": ""},
        {"name": "x"},
        {"name": "x", "password": "y"},
    ]
    found = "\n".join(problems_of(entries, [{"name": "x", "secret_file": "here"}]))
    assert 'entries[0].name: "a b" is no login name' in found
    assert "entries[0].password: a b's is empty" in found
    assert "entries[1]: x has neither" in found
    assert 'entries[2].name: "x" stands here twice' in found
    assert 'machine_accounts[0].name: "x" stands here twice' in found
    assert 'machine_accounts[0].secret_file: "here" is not a whole path' in found


@pytest.mark.parametrize(
    "foreign",
    [
        "{SSHA}abcdefgh",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "$1$abc$def",
        "!",
        SHA512 + ":x",
        "x\ny",
    ],
)
def test_a_foreign_hash_is_refused_without_showing_it(foreign: str) -> None:
    found = problems_of([{"name": "alice@example.org", "password_hash": foreign}], [])
    assert len(found) == 1
    assert found[0].startswith("entries[0].password_hash: alice@example.org's is not a hash")
    assert foreign not in found[0]


@pytest.mark.parametrize("name", ["a:b@example.org", "a\n", "", "a/b@example.org", "a b@x"])
def test_a_name_that_would_break_the_file_is_refused(name: str) -> None:
    assert problems_of([{"name": name, "password": "x"}], [])


def test_secrets_are_not_in_a_repr() -> None:
    accounts, _none = parse_accounts(
        {"entries": [{"name": "a", "password": "hush-hush"}], "machine_accounts": []}
    )
    assert "hush-hush" not in repr(accounts)


def test_a_cost_that_the_scheme_does_not_have_is_refused() -> None:
    assert problems_of([], scheme="sha512_crypt", rounds=100) == [
        "rounds: 100 is not a cost of sha512_crypt; sha512_crypt takes 1000 to 10000000"
    ]
    assert problems_of([], scheme="bcrypt", rounds=100_000) == [
        "rounds: 100000 is not a cost of bcrypt; bcrypt takes 4 to 16, powers of two"
    ]


def test_a_password_of_which_bcrypt_would_read_the_beginning_alone_is_refused() -> None:
    entries = [{"name": "alice@example.org", "password": "ä" * 37}]
    assert problems_of(entries) == []
    assert problems_of(entries, scheme="bcrypt") == [
        "entries[0].password: alice@example.org's is longer than bcrypt reads; at most 72 bytes"
    ]
