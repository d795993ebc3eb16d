"""Groups of the system: adding members, also those whose package is not installed yet."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from .apply import apply
from .files import read_present
from .plan import File, Plan, make_plan

GROUP_FILE = "/etc/group"
GSHADOW_FILE = "/etc/gshadow"
_LOCK = Path("/etc/.pwd.lock")


def with_members(
    present: Mapping[str, File | None], group: str, users: Iterable[str]
) -> dict[str, File | None]:
    """Return the system's group files in which those users are members of the group too.

    A name may stand there before its user exists, which usermod and gpasswd refuse: so a daemon
    that is installed later has its group from its first start. Nobody is taken out.
    """
    names = tuple(users)
    return {
        path: replace(
            file,
            content=_add(file.content.decode("utf-8", "surrogateescape"), group, names).encode(
                "utf-8", "surrogateescape"
            ),
            secret=path == GSHADOW_FILE,
        )
        for path in (GROUP_FILE, GSHADOW_FILE)
        if (file := present.get(path)) is not None
    }


def plan_members(group: str, users: Iterable[str]) -> Plan:
    """Compare the system's group files with what they are with those members."""
    present = read_present([GROUP_FILE, GSHADOW_FILE])
    return make_plan(with_members(present, group, users), present)


def add_members(group: str, users: Iterable[str]) -> None:
    """Bring those members into the group, holding the lock that useradd and its kin take."""
    with _locked():
        apply(plan_members(group, users))


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    with _LOCK.open("ab") as handle:
        fcntl.lockf(handle, fcntl.LOCK_EX)
        yield


def _add(text: str, group: str, users: tuple[str, ...]) -> str:
    return "".join(
        _add_to_line(line, users) if line.startswith(f"{group}:") else line
        for line in text.splitlines(keepends=True)
    )


def _add_to_line(line: str, users: tuple[str, ...]) -> str:
    fields = line.rstrip("\n").split(":")
    members = [name for name in fields[-1].split(",") if name]
    members += [user for user in users if user not in members]
    return ":".join([*fields[:-1], ",".join(members)]) + "\n"
