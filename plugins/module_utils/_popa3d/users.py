"""UNIX users behind the mailboxes: who is there, who has to be made, and making them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pwd
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from .model import Person

FIRST, LAST = 1000, 59999  # people's numbers on Debian; below are those of the system


@dataclass(frozen=True)
class NewUser:
    """A UNIX user to be made; the number is chosen here, so that a check run says the same."""

    name: str
    uid: int

    @property
    def argv(self) -> list[str]:
        """Return what makes it: no password, no shell, a home of its own."""
        return [
            *("useradd", "--uid", str(self.uid), "--user-group"),
            *("--create-home", "--home-dir", f"/home/{self.name}", "--key", "HOME_MODE=0700"),
            *("--shell", "/usr/sbin/nologin", "--comment", "mailbox", self.name),
        ]


def known_users() -> dict[str, tuple[int, int]]:
    """Return the host's users with their numbers and those of their groups."""
    return {entry.pw_name: (entry.pw_uid, entry.pw_gid) for entry in pwd.getpwall()}


def user_problems(
    people: Iterable[Person], known: Mapping[str, tuple[int, int]]
) -> Iterator[Problem]:
    """Yield who is a user of the system already: its mail is nobody's to read."""
    for number, person in enumerate(people):
        uid = known.get(person.user, (FIRST, FIRST))[0]
        if not FIRST <= uid <= LAST:
            what = f'"{person.user}" is a user of the system on this host, number {uid}'
            yield Problem(f"people[{number}].user", what, "give the account another name")


def missing_users(
    people: Iterable[Person], known: Mapping[str, tuple[int, int]]
) -> tuple[NewUser, ...]:
    """Return the users to be made, numbered behind those that are there."""
    taken = [uid for uid, _gid in known.values() if FIRST <= uid <= LAST]
    first = max(taken, default=FIRST - 1) + 1
    names = sorted({person.user for person in people} - {*known})
    return tuple(NewUser(name, first + place) for place, name in enumerate(names))


def make_users(users: Iterable[NewUser]) -> None:
    """Make them; raises Refused with useradd's words."""
    for user in users:
        outcome = run(user.argv)
        if not outcome.ok:
            raise Refused(f"the UNIX user {user.name} can't be made:\n{outcome.words}")
