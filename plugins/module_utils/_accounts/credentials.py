"""Deciding each credential: keep a hash that fits, make one where none does."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping

from .hashing import Hasher
from .model import Accounts, Entry
from .passwd import Credential
from .seals import Claim, Seals

Credentials = dict[str, Credential]


def decide(
    accounts: Accounts,
    secrets: Mapping[str, str],
    present: Mapping[str, Credential],
    hasher: Hasher,
    known_seals: Mapping[str, str],
) -> tuple[Credentials, dict[str, str]]:
    """Return every credential that shall stand, and the seals of those that have a password.

    A new hash has a new salt: one that fits is kept, so that a second run finds nothing to do.
    Who is not among the accounts is left out. `secrets` holds the machine accounts' passwords by
    name.
    """
    machines = (Entry(one.name, secrets[one.name]) for one in accounts.machine_accounts)
    entries = [*accounts.entries, *machines]
    passwords = {one.name: one.password or "" for one in entries if one.password_hash is None}
    seals = Seals(known_seals, hasher)
    kept = seals.fitting(
        Claim(name, password, present[name].hash)
        for name, password in passwords.items()
        if name in present
    )
    hashes = {one.name: one.password_hash for one in entries if one.password_hash is not None}
    for name, password in passwords.items():
        hashes[name] = present[name].hash if name in kept else hasher.hash(password)
    decided = {one.name: Credential(hashes[one.name], one.locked) for one in entries}
    return decided, seals.of(Claim(name, passwords[name], hashes[name]) for name in passwords)
