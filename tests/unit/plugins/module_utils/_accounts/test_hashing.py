"""Behaviour of hashing: what fits stays, what lags behind the policy doesn't."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._accounts.hashing import (
    NoHasher,
    PolicyHasher,
)
from ansible_collections.postern.mail.plugins.module_utils._accounts.schemes import HASH

pytest.importorskip("passlib")


def test_a_hash_fits_its_password_alone() -> None:
    hasher = PolicyHasher("sha512_crypt", 1000)
    hashed = hasher.hash("wörd : $")
    assert hashed.startswith("$6$rounds=1000$")
    assert hasher.fits("wörd : $", hashed)
    assert not hasher.fits("word", hashed)


def test_another_number_of_rounds_does_not_fit() -> None:
    hashed = PolicyHasher("sha512_crypt", 1000).hash("x")
    assert not PolicyHasher("sha512_crypt", 1001).fits("x", hashed)


@pytest.mark.parametrize("broken", ["", "*", "$6$", "$6$rounds=x$a$b", "$1$a$b", "$6$a$short"])
def test_a_broken_hash_does_not_fit(broken: str) -> None:
    assert not PolicyHasher("sha512_crypt", 1000).fits("x", broken)


def test_the_stand_in_fits_nothing() -> None:
    hasher = NoHasher()
    assert not hasher.fits("x", hasher.hash("x"))


@pytest.mark.parametrize(("scheme", "prefix"), [("sha512_crypt", "$6$"), ("sha256_crypt", "$5$")])
def test_each_scheme_makes_hashes_that_are_taken_ready_too(scheme: str, prefix: str) -> None:
    hasher = PolicyHasher(scheme, 1000)
    hashed = hasher.hash("words")
    assert hashed.startswith(prefix)
    assert HASH.fullmatch(hashed)
    assert hasher.fits("words", hashed)
    assert not PolicyHasher("sha512_crypt", 1001).fits("words", hashed)
