"""Folders that several people share: who may read them, and who may change them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from .mailboxes import Read

EVERYONE = "everyone"
FOLDER = "shared"  # beside the domains' folders; no domain has a name without a dot
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_LOGIN = re.compile(r"[^\s@|]+@[^\s@|]+")
# As Courier writes them: to see, read, and keep one's own marks; then to add, delete and make too.
# The right to give rights is nobody's: the site says who has which.
_READ, _CHANGE, _ALL = "lrs", "ceilrstwx", "aceilrstwx"


@dataclass(frozen=True)
class SharedFolder:
    """A folder that is nobody's own, with the logins that may read it, and that may change it."""

    name: str
    readers: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()


def shared_of(raw: Sequence[Mapping[str, Any]]) -> Read[SharedFolder]:
    """Return the shared folders, and every problem of what was said about them."""
    found = [
        SharedFolder(one["name"], tuple(one.get("readers") or ()), tuple(one.get("writers") or ()))
        for one in raw
    ]
    return Read(tuple(found), tuple(_problems(found)))


def _problems(found: Iterable[SharedFolder]) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, one in enumerate(found):
        where = f"shared_folders[{number}]"
        if not _NAME.fullmatch(one.name):
            hint = "letters, digits, hyphens and underscores"
            yield Problem(f"{where}.name", f'"{one.name}" is no name of a folder', hint)
        if one.name.lower() in seen:
            yield Problem(f"{where}.name", f'"{one.name}" stands here twice')
        seen.add(one.name.lower())
        for option in ("readers", "writers"):
            for place, login in enumerate(getattr(one, option)):
                if login != EVERYONE and not _LOGIN.fullmatch(login):
                    hint = f"a login such as alice@example.org, or {EVERYONE}"
                    yield Problem(f"{where}.{option}[{place}]", f'"{login}" is no login', hint)


def render_rights(folder: SharedFolder) -> str:
    """Write the list of rights that Courier keeps in each folder of a Maildir.

    Without an owner Courier finds fault with the list as soon as the folder has folders of its own.
    Nobody can log in as the owner of a shared folder.
    """
    rights = dict.fromkeys(folder.readers, _READ) | dict.fromkeys(folder.writers, _CHANGE)
    lines = sorted(f"{_who(login)} {what}\n" for login, what in rights.items())
    return "".join([f"owner {_ALL}\n", *lines])


def _who(login: str) -> str:
    return "anyone" if login == EVERYONE else f"user={login}"


def render_index(folders: Iterable[SharedFolder], base: str, owner_id: int) -> str:
    """Write the list of shared Maildirs that Courier shows to who has rights there."""
    return "".join(
        f"{one.name}\t{owner_id}\t{owner_id}\t{base}/{FOLDER}/{one.name}\tMaildir\n"
        for one in sorted(folders, key=lambda one: one.name)
    )
