"""Files as they are on the host: reading, and Ansible's rules for finding them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import grp
import hashlib
import os
import pwd
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from .plan import File, Stored, held_lines


def read_present(paths: Iterable[str], held_bytes: int | None = None) -> dict[str, File | None]:
    """Read each path; a path that is not there, or is not a regular file, gives None.

    Files of more than `held_bytes` stay on disk, and only their digest is taken.
    """
    return {path: _read(Path(path), held_bytes) for path in paths}


def open_regular(path: str) -> BinaryIO | None:
    """Open what is a regular file; a pipe keeps nobody waiting, and a link is not followed.

    It is for folders of others, where a name may lead to something else at any time.
    """
    try:
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    except OSError:
        return None
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    return None


def read_foreign(path: str, most: int) -> File | None:
    """Read a file in a folder of others; one that is larger than it may be is as good as none."""
    file = open_regular(path)
    if file is None:
        return None
    with file:
        status, content = os.fstat(file.fileno()), file.read(most + 1)
    if len(content) > most:
        return None
    owner, group = _user_name(status.st_uid), _group_name(status.st_gid)
    return File(content, stat.S_IMODE(status.st_mode), owner, group)


def described(path: str) -> File | None:
    """Return a file without looking into it: it is the same as no other."""
    return _read(Path(path), -1, digest=False)


def stored(path: str) -> Stored:
    """Return the bytes of a file as they are on disk now."""
    with Path(path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Stored(path, file.tell(), digest)


def write_stored(path: str, pieces: Iterable[bytes]) -> Stored:
    """Write a new file for this user alone, piece by piece, and return its bytes on disk."""
    digest, size = hashlib.sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        for piece in pieces:
            out.write(piece)
            digest.update(piece)
            size += len(piece)
    return Stored(path, size, digest.hexdigest())


def lines_of(file: File) -> Iterator[bytes]:
    """Yield the lines of a file, wherever its bytes are."""
    if file.stored is None:
        yield from held_lines(file)
        return
    with Path(file.stored.path).open("rb") as lines:
        yield from lines


def files_below(folder: str, pattern: str = "*") -> list[str]:
    """Return the regular files directly in a folder that match a glob, sorted."""
    return sorted(str(path) for path in Path(folder).glob(pattern) if path.is_file())


def _read(path: Path, held_bytes: int | None, *, digest: bool = True) -> File | None:
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            return None
        large = held_bytes is not None and status.st_size > held_bytes
        content = b"" if large else path.read_bytes()
        kept = stored(str(path)) if large and digest else None
        if large and not digest:
            kept = Stored(str(path), status.st_size)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return File(
        content,
        stat.S_IMODE(status.st_mode),
        _user_name(status.st_uid),
        _group_name(status.st_gid),
        stored=kept,
    )


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group_name(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
