"""Files as they are on the host: reading, and Ansible's rules for finding them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import grp
import pwd
import stat
from collections.abc import Iterable
from pathlib import Path

from .plan import File


def read_present(paths: Iterable[str]) -> dict[str, File | None]:
    """Read each path; a path that is not there, or is not a regular file, gives None."""
    return {path: _read(Path(path)) for path in paths}


def files_below(folder: str, pattern: str = "*") -> list[str]:
    """Return the regular files directly in a folder that match a glob, sorted."""
    return sorted(str(path) for path in Path(folder).glob(pattern) if path.is_file())


def _read(path: Path) -> File | None:
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            return None
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return File(
        content,
        stat.S_IMODE(status.st_mode),
        _user_name(status.st_uid),
        _group_name(status.st_gid),
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
