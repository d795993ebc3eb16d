"""Acting with the rights of another user, where what lies in the way may be that user's doing."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def as_user(uid: int, gid: int) -> Iterator[None]:
    """Have a user's rights and no others: a link that it laid leads nowhere it could not go itself.

    Who is that user already goes on as it is.
    """
    if os.geteuid() == uid:
        yield
        return
    groups, user, group = os.getgroups(), os.geteuid(), os.getegid()
    try:
        os.setgroups([])
        os.setegid(gid)
        os.seteuid(uid)
        yield
    finally:
        os.seteuid(user)
        os.setegid(group)
        os.setgroups(groups)


def foreign_link(folder: Path) -> Path | None:
    """Return a link on the way to a folder that another user than root or this one has laid."""
    for path in (folder, *folder.parents):
        with contextlib.suppress(FileNotFoundError):
            status = path.lstat()
            if stat.S_ISLNK(status.st_mode) and status.st_uid not in (0, os.geteuid()):
                return path
    return None
