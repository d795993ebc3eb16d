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

    def hash(self, password: str) -> str:
        self.made += 1
        return f"{password}#{self.made}"

    def fits(self, password: str, hashed: str) -> bool:
        return hashed.startswith(f"{password}#")


def test_a_second_run_hashes_nothing() -> None:
    accounts = Accounts(
        (Entry("a", "pa"), Entry("b", None, "HASH", True)), (MachineAccount("m", "/m"),)
    )
    hasher = CountingHasher()
    first = decide(accounts, {"m": "pm"}, {}, hasher)
    assert decide(accounts, {"m": "pm"}, first, hasher) == first
    assert hasher.made == 2


def test_a_changed_password_gets_a_new_hash() -> None:
    hasher = CountingHasher()
    first = decide(Accounts((Entry("a", "old"),)), {}, {}, hasher)
    assert decide(Accounts((Entry("a", "new"),)), {}, first, hasher)["a"].hash == "new#2"


def test_who_is_not_named_leaves() -> None:
    assert decide(Accounts(), {}, {"gone": Credential("x")}, CountingHasher()) == {}


def test_locking_keeps_the_hash() -> None:
    hasher = CountingHasher()
    first = decide(Accounts((Entry("a", "p"),)), {}, {}, hasher)
    locked = decide(Accounts((Entry("a", "p", None, True),)), {}, first, hasher)
    assert locked == {"a": Credential(first["a"].hash, locked=True)}


def test_a_ready_hash_is_taken_as_it_is() -> None:
    given = Accounts((Entry("a", None, "READY"),))
    assert decide(given, {}, {"a": Credential("old")}, CountingHasher()) == {
        "a": Credential("READY")
    }
