"""Behaviour of the schemes: which ready hashes are taken, what a scheme may cost."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._accounts.schemes import (
    HASH,
    SCHEMES,
    rounds_hint,
    too_long,
)

TAKEN = [
    "$6$" + "a" * 8 + "$" + "b" * 86,
    "$6$rounds=20000$" + "a" * 16 + "$" + "b" * 86,
    "$5$rounds=5000$" + "a" * 16 + "$" + "b" * 43,
    "$y$j9T$" + "a" * 22 + "$" + "b" * 43,
    "$2b$12$" + "a" * 53,
    "$2y$10$" + "a" * 53,
]
FOREIGN = [
    "$1$abc$" + "b" * 22,
    "$apr1$abc$" + "b" * 22,
    "{SSHA}abcdefgh",
    "{SHA512-CRYPT}$6$" + "a" * 8 + "$" + "b" * 86,
    "$argon2id$v=19$m=65536,t=3,p=4$" + "a" * 22 + "$" + "b" * 43,
    "5f4dcc3b5aa765d61d8327deb882cf99",
    "*",
    "",
    TAKEN[0] + "\n",
    "x" + TAKEN[0],
]


@pytest.mark.parametrize("hashed", TAKEN)
def test_what_every_consumer_takes_is_taken(hashed: str) -> None:
    assert HASH.fullmatch(hashed)


@pytest.mark.parametrize("hashed", FOREIGN)
def test_a_foreign_or_weak_hash_is_not(hashed: str) -> None:
    assert not HASH.fullmatch(hashed)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_scheme_takes_its_own_cost(scheme: str) -> None:
    assert rounds_hint(scheme, SCHEMES[scheme].rounds) == ""
    assert rounds_hint(scheme, SCHEMES[scheme].most_rounds + 1)


def test_bytes_are_counted_and_not_letters() -> None:
    assert too_long("bcrypt", "ä" * 37)
    assert not too_long("bcrypt", "a" * 72)
    assert not too_long("sha512_crypt", "a" * 999)
