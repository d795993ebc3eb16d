"""Behaviour of the decision on each credential."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._accounts.credentials import decide
from ansible_collections.postern.mail.plugins.module_utils._accounts.model import (
    Accounts,
    Entry,
    MachineAccount,
)
from ansible_collections.postern.mail.plugins.module_utils._accounts.passwd import Credential


class CountingHasher:
    """Makes a new hash each time, as one with random salts does."""

    def __init__(self) -> None:
        self.made = 0
        self.asked = 0

    def hash(self, password: str) -> str:
        self.made += 1
        return f"{password}#{self.made}"

    def fits(self, password: str, hashed: str) -> bool:
        self.asked += 1
        return hashed.startswith(f"{password}#")


def decided(
    accounts: Accounts,
    secrets: dict[str, str],
    present: dict[str, Credential],
    hasher: CountingHasher,
) -> dict[str, Credential]:
    return decide(accounts, secrets, present, hasher, {})[0]


def test_a_second_run_hashes_nothing() -> None:
    accounts = Accounts(
        (Entry("a", "pa"), Entry("b", None, "HASH", True)), (MachineAccount("m", "/m"),)
    )
    hasher = CountingHasher()
    first = decided(accounts, {"m": "pm"}, {}, hasher)
    assert decided(accounts, {"m": "pm"}, first, hasher) == first
    assert hasher.made == 2


def test_a_changed_password_gets_a_new_hash() -> None:
    hasher = CountingHasher()
    first = decided(Accounts((Entry("a", "old"),)), {}, {}, hasher)
    assert decided(Accounts((Entry("a", "new"),)), {}, first, hasher)["a"].hash == "new#2"


def test_who_is_not_named_leaves() -> None:
    assert decided(Accounts(), {}, {"gone": Credential("x")}, CountingHasher()) == {}


def test_locking_keeps_the_hash() -> None:
    hasher = CountingHasher()
    first = decided(Accounts((Entry("a", "p"),)), {}, {}, hasher)
    locked = decided(Accounts((Entry("a", "p", None, True),)), {}, first, hasher)
    assert locked == {"a": Credential(first["a"].hash, locked=True)}


def test_a_ready_hash_is_taken_as_it_is() -> None:
    given = Accounts((Entry("a", None, "READY"),))
    assert decided(given, {}, {"a": Credential("old")}, CountingHasher()) == {
        "a": Credential("READY")
    }


def test_people_with_passwords_are_sealed_and_a_second_run_looks_at_the_seal_alone() -> None:
    accounts = Accounts(tuple(Entry(f"u{n}", f"p{n}") for n in range(50)))
    hasher = CountingHasher()
    first, seals = decide(accounts, {}, {}, hasher, {})
    made = hasher.made
    assert decide(accounts, {}, first, hasher, seals) == (first, seals)
    assert (hasher.made, hasher.asked) == (made, 1)
