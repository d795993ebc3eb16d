"""Behaviour of seals: nothing that was verified is verified again, and nothing else is believed."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.postern.mail.plugins.module_utils._accounts.hashing import (
    MISSING,
    PolicyHasher,
)
from ansible_collections.postern.mail.plugins.module_utils._accounts.seals import (
    Claim,
    Seals,
    parse_seals,
    render_seals,
)
from hypothesis import given
from hypothesis import strategies as st

from .test_credentials import CountingHasher


def claims(number: int) -> list[Claim]:
    return [Claim(f"u{n}@example.org", f"p{n}", f"p{n}#0") for n in range(number)]


def names(them: list[Claim]) -> set[str]:
    return {claim.name for claim in them}


def sealed(them: list[Claim]) -> dict[str, str]:
    return Seals({}, CountingHasher()).of(them)


def test_without_seals_each_is_verified() -> None:
    hasher = CountingHasher()
    them = [*claims(40), Claim("wrong@example.org", "guess", "p#0")]
    assert Seals({}, hasher).fitting(them) == names(them) - {"wrong@example.org"}
    assert hasher.asked == 41


def test_one_look_is_enough_where_nothing_changed() -> None:
    hasher = CountingHasher()
    seals = Seals(sealed(claims(1000)), hasher)
    assert seals.fitting(reversed(claims(1000))) == names(claims(1000))
    assert seals.of(claims(1000)) == sealed(claims(1000))
    assert (hasher.asked, hasher.made) == (1, 0)


CHANGES = {
    "password": {"password": "new"},
    "hash": {"hash": "other#0"},
    "name": {"name": "another@example.org"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_who_changed_is_verified_and_few_others(change: dict[str, str]) -> None:
    hasher = CountingHasher()
    before = claims(1000)
    changed = replace(before[7], **change)
    seals = Seals(sealed(before), hasher)
    found = seals.fitting([changed, *before[:7], *before[8:]])
    assert found >= names(before[:7] + before[8:])
    assert (changed.name in found) == ("name" in change)
    assert hasher.asked < 100


def test_two_who_swap_their_hashes_are_not_believed() -> None:
    one, two = Claim("a@x.example", "pa", "pa#0"), Claim("b@x.example", "pb", "pb#0")
    them = [*claims(30), one, two]
    swapped = [*claims(30), replace(one, hash=two.hash), replace(two, hash=one.hash)]
    assert Seals(sealed(them), CountingHasher()).fitting(swapped) == names(claims(30))


def test_a_seal_of_former_rounds_does_not_hold() -> None:
    pytest.importorskip("passlib")
    old, new = PolicyHasher("sha512_crypt", 1000), PolicyHasher("sha512_crypt", 1001)
    them = [Claim(f"u{n}", f"p{n}", old.hash(f"p{n}")) for n in range(6)]
    seals = Seals({}, old).of(them)
    assert Seals(seals, old).fitting(them) == names(them)
    assert Seals(seals, new).fitting(them) == set()


def test_a_seal_costs_what_a_password_costs() -> None:
    pytest.importorskip("passlib")
    hasher = PolicyHasher("sha512_crypt", 1234)
    seals = Seals({}, hasher).of([Claim(f"u{n}", "p", hasher.hash("p")) for n in range(6)])
    assert [seal[:14] for seal in seals.values()] == ["$6$rounds=1234"] * len(seals)


def test_few_people_and_hashes_that_are_still_to_be_made_have_no_seal() -> None:
    assert sealed(claims(3)) == {}
    assert sealed([replace(one, hash=MISSING) for one in claims(30)]) == {}


def test_a_broken_file_costs_time_and_nothing_else() -> None:
    them = claims(30)
    wrong = dict.fromkeys(sealed(them), "rubbish")
    assert Seals(wrong, CountingHasher()).fitting(them) == names(them)


@given(st.dictionaries(st.text("0123456789abcdef"), st.text("$./=abc019", min_size=1)))
def test_what_is_written_is_read_again(seals: dict[str, str]) -> None:
    assert parse_seals(render_seals(seals)) == seals


@given(st.lists(st.text(min_size=1), unique=True), st.data())
def test_exactly_those_whose_password_fits_are_found(
    people: list[str], data: st.DataObject
) -> None:
    them = [Claim(name, "p", f"p#{n}") for n, name in enumerate(people)]
    seals = sealed(them)
    wrong = data.draw(st.sets(st.sampled_from(people))) if people else set()
    asked = [replace(one, password="q") if one.name in wrong else one for one in them]
    assert Seals(seals, CountingHasher()).fitting(asked) == set(people) - wrong
