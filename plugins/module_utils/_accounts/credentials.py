"""Deciding each credential: keep a hash that fits, make one where none does."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping

from .hashing import Hasher
from .model import Accounts, Entry
from .passwd import Credential


def decide(
    accounts: Accounts,
    secrets: Mapping[str, str],
    present: Mapping[str, Credential],
    hasher: Hasher,
) -> dict[str, Credential]:
    """Return every credential that shall stand; who is not among the accounts is left out.

    A new hash has a new salt: one that fits is kept, so that a second run finds nothing to do.
    `secrets` holds the machine accounts' passwords by name.
    """
    machines = (Entry(one.name, secrets[one.name]) for one in accounts.machine_accounts)
    return {
        entry.name: Credential(_hash(entry, present.get(entry.name), hasher), entry.locked)
        for entry in (*accounts.entries, *machines)
    }


def _hash(entry: Entry, present: Credential | None, hasher: Hasher) -> str:
    if entry.password_hash is not None:
        return entry.password_hash
    password = entry.password or ""
    if present is not None and hasher.fits(password, present.hash):
        return present.hash
    return hasher.hash(password)
