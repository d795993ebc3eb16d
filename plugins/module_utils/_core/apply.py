"""Applying a plan: the only code with effects; it decides nothing and undoes what is refused."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from .plan import Change, File, Plan


class Refused(Exception):
    """The daemon, or its checker, does not take the new files; the message is its own words."""


@contextlib.contextmanager
def staged(plan: Plan, folder: str) -> Iterator[str]:
    """Yield a copy of `folder` in which the plan's changes below that folder stand already.

    The copy lies outside the folder, is readable by root alone, and is removed at the end. A
    daemon's own checker reads it before anything goes live.
    """
    with tempfile.TemporaryDirectory(prefix="postern-staged-") as top:
        stage = Path(top) / Path(folder).name
        if Path(folder).is_dir():
            shutil.copytree(folder, stage, symlinks=True)
        else:
            stage.mkdir()
        for change in plan.changes:
            target = Path(change.path)
            if target.is_relative_to(folder):
                _write_staged(stage / target.relative_to(folder), change.after)
        yield str(stage)


def apply(
    plan: Plan,
    accept: Callable[[], None] | None = None,
    undo: Callable[[], None] | None = None,
) -> None:
    """Bring every change of the plan to the host, then let `accept` try it.

    `accept` reloads or queries the daemon and raises Refused with its words when it does not
    take the files. Then, as on any error in between, the old files return, `undo` brings the
    daemon back to them, and the exception goes on to the caller.
    """
    done: list[Change] = []
    try:
        for change in plan.changes:
            done.append(change)
            put(change.path, change.after)
        if accept is not None:
            accept()
    except BaseException:
        for change in reversed(done):
            put(change.path, change.before)
        if undo is not None:
            undo()
        raise


def put(path: str, file: File | None) -> None:
    """Make one path be that file, or be absent: temporary file beside it, fsync, rename."""
    target = Path(path)
    if file is None:
        target.unlink(missing_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(file.content)
            out.flush()
            shutil.chown(name, file.owner, file.group)
            os.fchmod(out.fileno(), file.mode)
            os.fsync(out.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_staged(path: Path, file: File | None) -> None:
    if file is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(file.content)
    path.chmod(file.mode)
