"""Keeping the mail of a mailbox that shall go: a tar file, whole before it has a name."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import errno
import os
import stat
import tarfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from .apply import whole

ARCHIVE = "/var/lib/postern/archive"
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NO_FILE = {errno.ELOOP, errno.ENXIO}  # a symbolic link, a socket


def archive(name: str, parts: Mapping[str, str | Path], folder: str = ARCHIVE) -> Path:
    """Write all files of a mailbox to a tar file for root alone, and see it on the disk.

    parts: where the mailbox's folders lie, by how they shall be called; "" is the mailbox itself.
    Whose they are may change them meanwhile: only regular files are kept, and no link is followed.
    """
    room = Path(folder)
    room.mkdir(mode=0o700, parents=True, exist_ok=True)
    called = name.replace("/", "_")
    # To the microsecond: two names that differ in a slash alone must not take each other's place.
    target = room / f"{called}-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.tar.gz"
    with whole(target) as out, tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as tar:
        tar.dereference = True  # a message in two folders is one file, and kept in both
        for shown, where in parts.items():
            _add(tar, f"{called}/{shown}".rstrip("/"), str(where))
    return target


def _add(tar: tarfile.TarFile, shown: str, top: str) -> None:
    if Path(top).is_symlink():
        _fail(NotADirectoryError(errno.ENOTDIR, "is a link, no folder of mail", top))
    for path, folders, files, here in os.fwalk(top, onerror=_fail):
        place = os.path.normpath(f"{shown}/{os.path.relpath(path, top)}")
        folders.sort()
        entry = tarfile.TarInfo(place)
        entry.type, entry.mode, entry.mtime = tarfile.DIRTYPE, 0o700, os.fstat(here).st_mtime
        tar.addfile(entry)
        for file in sorted(files):
            _add_file(tar, f"{place}/{file}", file, here)


def _add_file(tar: tarfile.TarFile, place: str, file: str, folder: int) -> None:
    try:
        handle = os.open(file, _READ, dir_fd=folder)
    except OSError as error:
        if error.errno in _NO_FILE:
            return
        raise
    with os.fdopen(handle, "rb") as source:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            tar.addfile(tar.gettarinfo(arcname=place, fileobj=source), source)


def _fail(error: OSError) -> NoReturn:
    raise error
