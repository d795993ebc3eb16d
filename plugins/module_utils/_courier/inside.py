"""What lies below a mailbox's home is the owner's: read and written with its rights alone."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import stat
from collections.abc import Iterable
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.apply import put
from ansible_collections.postern.mail.plugins.module_utils._core.files import read_foreign
from ansible_collections.postern.mail.plugins.module_utils._core.identity import as_user
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Plan

from .model import Tree

_LARGEST_BYTES = 1 << 24


def as_owner(tree: Tree) -> contextlib.AbstractContextManager[None]:
    """Act as the owner of all mail: below a home any folder may have become a link to elsewhere."""
    return as_user(tree.owner_id, tree.owner_id)


def is_folder(path: Path) -> bool:
    """Say whether a folder is there, and not a link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def read_files(tree: Tree, paths: Iterable[str]) -> dict[str, File | None]:
    """Read files in Maildirs, with no more rights than the owner's."""
    with as_owner(tree):
        return {path: read_foreign(path, _LARGEST_BYTES) for path in paths}


def write_files(tree: Tree, plan: Plan) -> None:
    """Write files into Maildirs; who has deleted a folder in the meantime does not get it back."""
    with as_owner(tree):
        for change in plan.changes:
            if is_folder(Path(change.path).parent):
                put(change.path, change.after)
