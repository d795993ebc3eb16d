"""What the accounts module is told: people, machine accounts, and how saslauthd answers."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from .schemes import DEFAULT_SCHEME, HASH, HASH_HINT, SCHEMES, rounds_hint, too_long

NAME = re.compile(r"[^\s:/\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Entry:
    """Somebody who may log in: either a password to hash, or a hash to take as it is."""

    name: str
    password: str | None = field(default=None, repr=False)
    password_hash: str | None = field(default=None, repr=False)
    locked: bool = False


@dataclass(frozen=True)
class MachineAccount:
    """A login for a program: its secret is made on the host and stays there."""

    name: str
    secret_file: str


@dataclass(frozen=True)
class Accounts:
    """All of it."""

    entries: tuple[Entry, ...] = ()
    machine_accounts: tuple[MachineAccount, ...] = ()
    scheme: str = DEFAULT_SCHEME
    rounds: int | None = None


def parse_accounts(raw: Mapping[str, Any]) -> tuple[Accounts, list[Problem]]:
    """Return the accounts that the module's options say, and every problem of them."""
    accounts = Accounts(
        tuple(_entry(entry) for entry in raw["entries"]),
        tuple(MachineAccount(one["name"], one["secret_file"]) for one in raw["machine_accounts"]),
        raw.get("scheme", DEFAULT_SCHEME),
        raw.get("rounds"),
    )
    problems = [*_policy_problems(accounts), *_entry_problems(accounts)]
    return accounts, [*problems, *_machine_problems(accounts)]


def _policy_problems(accounts: Accounts) -> Iterator[Problem]:
    if accounts.rounds is not None and (hint := rounds_hint(accounts.scheme, accounts.rounds)):
        yield Problem("rounds", f"{accounts.rounds} is not a cost of {accounts.scheme}", hint)


def _entry(raw: Mapping[str, Any]) -> Entry:
    return Entry(
        raw["name"], raw.get("password"), raw.get("password_hash"), bool(raw.get("locked", False))
    )


def _entry_problems(accounts: Accounts) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for number, entry in enumerate(accounts.entries):
        where = f"entries[{number}]"
        yield from _name_problems(f"{where}.name", entry.name, seen, number)
        if (entry.password is None) == (entry.password_hash is None):
            what = f"{entry.name} has " + ("both" if entry.password is not None else "neither")
            yield Problem(where, what, "give a password or a password_hash")
        if entry.password is not None and not _usable(entry.password):
            yield Problem(
                f"{where}.password",
                f"{entry.name}'s is empty, or has a line break or another control character",
                "one line of text",
            )
        if entry.password is not None and too_long(accounts.scheme, entry.password):
            most = SCHEMES[accounts.scheme].password_bytes
            what = f"{entry.name}'s is longer than {accounts.scheme} reads"
            yield Problem(f"{where}.password", what, f"at most {most} bytes")
        if entry.password_hash is not None and not HASH.fullmatch(entry.password_hash):
            yield Problem(
                f"{where}.password_hash",
                f"{entry.name}'s is not a hash that crypt(3) takes",
                HASH_HINT,
            )


def _machine_problems(accounts: Accounts) -> Iterator[Problem]:
    seen = {entry.name: -1 for entry in accounts.entries}
    for number, machine in enumerate(accounts.machine_accounts):
        where = f"machine_accounts[{number}]"
        yield from _name_problems(f"{where}.name", machine.name, seen, number)
        if not machine.secret_file.startswith("/"):
            yield Problem(
                f"{where}.secret_file",
                f'"{machine.secret_file}" is not a whole path',
                "begin it with /",
            )


def _name_problems(where: str, name: str, seen: dict[str, int], number: int) -> Iterator[Problem]:
    if not NAME.fullmatch(name):
        yield Problem(where, f'"{name}" is no login name', "no white space, colon or slash")
    if name in seen:
        yield Problem(where, f'"{name}" stands here twice', "each login has one entry")
    seen[name] = number


def _usable(password: str) -> bool:
    return bool(password) and not any(ord(letter) < 32 or letter == "\x7f" for letter in password)
