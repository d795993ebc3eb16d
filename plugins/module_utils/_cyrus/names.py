"""Names of mailboxes, as an administrator says them over IMAP and as people do."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_SPECIAL = re.compile(r"&|[^\x20-\x7e]+")
_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")


def encoded(name: str) -> str:
    """Return a name in IMAP's own form of UTF-7."""
    return _SPECIAL.sub(lambda found: _shift(found[0]), name)


def _shift(text: str) -> str:
    if text == "&":
        return "&-"
    packed = base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
    return f"&{packed}-"


def decoded(name: str) -> str:
    """Return a name as people read it."""
    return _SHIFTED.sub(lambda found: _unshift(found[1]), name)


def _unshift(packed: str) -> str:
    if not packed:
        return "&"
    padded = packed.replace(",", "/") + "=" * (-len(packed) % 4)
    return base64.b64decode(padded).decode("utf-16-be", "replace")


def inbox(person: str) -> str:
    """Return how an administrator calls a person's INBOX."""
    return f"user/{person}"


def folder_of(person: str, folder: str) -> str:
    """Return how an administrator calls a person's folder."""
    name, _at, domain = person.rpartition("@")
    return f"user/{name}/{folder}@{domain}"


def folders_above(name: str) -> list[str]:
    """Return the shared folders that a name says it lies in, the nearest first."""
    path, _at, domain = name.rpartition("@")
    parts = path.split("/")
    return [f"{'/'.join(parts[:number])}@{domain}" for number in range(len(parts) - 1, 0, -1)]


def quoted(name: str) -> str:
    """Return a name as a word of a command."""
    return f'"{encoded(name)}"'


@dataclass
class Names:
    """All mailboxes: people with their folders, and shared folders."""

    people: dict[str, set[str]] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)

    @property
    def all(self) -> set[str]:
        """Whatever has a name of its own."""
        return {*self.people, *self.shared}


def sorted_out(names: Iterable[str]) -> Names:
    """Tell people's mailboxes and folders from shared ones; what is deleted is neither."""
    found = Names()
    for name in map(decoded, names):
        path, _at, domain = name.rpartition("@")
        if path.startswith("DELETED/"):
            continue
        if not path.startswith("user/"):
            found.shared.add(name)
            continue
        owner, _slash, folder = path.removeprefix("user/").partition("/")
        folders = found.people.setdefault(f"{owner}@{domain}", set())
        if folder:
            folders.add(folder)
    return found
