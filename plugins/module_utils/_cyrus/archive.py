"""Keeping the mail of a mailbox that shall go: a tar file, whole before it has a name."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import tarfile
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.commands import run

from .imap import Refusal
from .names import Names, encoded, folder_of, inbox

ARCHIVE = "/var/lib/postern/archive"
_MBPATH = "/usr/lib/cyrus/bin/mbpath"

Locate = Callable[[Sequence[str]], list[str]]


def places_of(name: str, names: Names) -> dict[str, str]:
    """Return what belongs to a mailbox or shared folder, by how people call it."""
    if name in names.people:
        own = {folder: folder_of(name, folder) for folder in names.people[name]}
        return {"INBOX": inbox(name), **own}
    path, _at, domain = name.rpartition("@")
    below = {one for one in names.shared if one.startswith(f"{path}/")}
    return {one.rpartition("@")[0]: one for one in {name, *below} if one.endswith(f"@{domain}")}


def locate(places: Sequence[str]) -> list[str]:
    """Ask Cyrus where the messages of mailboxes lie."""
    outcome = run([_MBPATH, "-7", *(encoded(place) for place in places)])
    folders = outcome.out.splitlines()
    if not outcome.ok or len(folders) != len(places):
        raise Refusal(f"mbpath: {outcome.words}")
    return folders


def archive(
    name: str, places: Mapping[str, str], find: Locate = locate, folder: str = ARCHIVE
) -> Path:
    """Write all files of a mailbox to a tar file for root alone, and see it on the disk."""
    room = Path(folder)
    room.mkdir(mode=0o700, parents=True, exist_ok=True)
    # To the microsecond: two names that differ in a slash alone must not take each other's place.
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    target = room / f"{name.replace('/', '_')}-{stamp}.tar.gz"
    handle, unfinished = tempfile.mkstemp(prefix=f".{target.name}.", dir=room)
    try:
        with os.fdopen(handle, "wb") as out:
            with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as tar:
                found = zip(places, find(list(places.values())), strict=True)
                for shown, where in found:
                    tar.add(where, arcname=f"{name.replace('/', '_')}/{shown}", filter=_only_files)
            out.flush()
            os.fsync(out.fileno())
        Path(unfinished).replace(target)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    _sync(room)
    return target


def _only_files(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return member if member.isfile() or member.isdir() else None


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
