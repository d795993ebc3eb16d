"""Looking at the mailboxes as an administrator, and doing what a plan says."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from .imap import Administrator
from .mailboxes import Store
from .names import decoded, folders_above, inbox, quoted, sorted_out
from .steps import ANNOTATION, Present, Step

_LISTED = re.compile(rb'LIST \([^)]*\) (?:NIL|"[^"]*") (?:"(?P<quoted>[^"]*)"|(?P<bare>\S+))')
_STORAGE = re.compile(rb"STORAGE \d+ (?P<limit>\d+)", re.IGNORECASE)
_WORD = re.compile(r'"([^"]*)"|(\S+)')
_NOTE = re.compile(rf'"?{re.escape(ANNOTATION)}([a-z0-9/-]+)"? (?:"([^"]*)"|(\S+))', re.IGNORECASE)
_NO_ROOT = b"quota root does not exist"
_LEGACY = frozenset("cd")  # what Cyrus shows beside the rights that they are made of
_ALWAYS_OURS = ("expire", "sieve")  # annotations that leave a shared folder with the model


def read_secret(path: str) -> str:
    """Return the administrator's secret."""
    return Path(path).read_text(encoding="utf-8").strip()


def look(administrator: Administrator, store: Store) -> Present:
    """Return what is there, and more about what is somebody's business."""
    (listed,) = administrator.ask(['LIST "" "*"'])
    names = sorted_out(name for line in listed if (name := listed_name(line)) is not None)
    people = sorted(store.people & set(names.people))
    # A new folder begins with the rights of the one above it, whoever's that is.
    above = {up for folder in store.shared for up in folders_above(folder.name)}
    shared = sorted(name for name in names.shared if name in above or store.governing(name))
    places = {**{name: inbox(name) for name in people}, **{name: name for name in shared}}
    limits = administrator.ask((f"GETQUOTA {quoted(p)}" for p in places.values()), _NO_ROOT)
    acls = administrator.ask(f"GETACL {quoted(name)}" for name in shared)
    declared = [folder.name for folder in store.shared if folder.name in names.shared]
    keys = {*_ALWAYS_OURS, *(key for folder in store.shared for key in folder.annotations)}
    wanted = " ".join(f"{ANNOTATION}{key}" for key in sorted(keys))
    notes = administrator.ask(f"GETMETADATA {quoted(name)} ({wanted})" for name in declared)
    return Present(
        names,
        dict(zip(places, map(storage_limit, limits), strict=True)),
        dict(zip(shared, map(rights_by_name, acls), strict=True)),
        dict(zip(declared, map(notes_by_name, notes), strict=True)),
    )


def do(administrator: Administrator, steps: Sequence[Step], archive: Callable[[str], None]) -> None:
    """Do what a plan says; whatever is archived is so before anything of it goes."""
    kept = [step for step in steps if not step.archive]
    administrator.ask(command for step in kept for command in step.commands)
    for step in steps:
        if step.archive:
            archive(step.archive)
            administrator.ask(step.commands)


def listed_name(line: bytes) -> str | None:
    """Return the name in an answer to LIST, or None when it names none."""
    found = _LISTED.fullmatch(line)
    if found is None:
        return None
    name = found["bare"] if found["quoted"] is None else found["quoted"]
    return name.decode("utf-8", "replace")


def storage_limit(lines: Iterable[bytes]) -> int | None:
    """Return the limit in KiB that an answer to GETQUOTA says, or None for no limit."""
    found = _STORAGE.search(b" ".join(lines))
    return int(found["limit"]) if found else None


def rights_by_name(lines: Iterable[bytes]) -> dict[str, str]:
    """Return who has which rights, of an answer to GETACL."""
    words = [
        found[1] if found[2] is None else found[2]
        for line in lines
        for found in _WORD.finditer(line.decode("utf-8", "replace"))
    ]
    pairs = zip(words[2::2], words[3::2], strict=False)  # behind ACL and the folder's name
    return {who: "".join(sorted(set(rights) - _LEGACY)) for who, rights in pairs}


def notes_by_name(lines: Iterable[bytes]) -> dict[str, str]:
    """Return the annotations that an answer to GETMETADATA says; one that is NIL is none."""
    text = " ".join(line.decode("utf-8", "replace") for line in lines)
    return {
        found[1]: decoded(found[2] if found[3] is None else found[3])
        for found in _NOTE.finditer(text)
        if (found[3] or "").rstrip(")").upper() != "NIL"
    }
