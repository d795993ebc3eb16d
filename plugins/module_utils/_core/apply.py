"""Applying a plan: the only code with effects; it decides nothing and undoes what is refused."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import BinaryIO

from .commands import Outcome
from .identity import foreign_link
from .plan import Change, File, Plan


class Refused(Exception):
    """The daemon, or its checker, does not take the new files; the message is its own words."""

    def __str__(self) -> str:
        """Return the words, and what could not be brought back after them."""
        return "\n".join([super().__str__(), *getattr(self, "__notes__", ())])


def must(said: Outcome) -> None:
    """Raise Refused with the words of a command that has failed."""
    if not said.ok:
        raise Refused(f"{said.argv[0]} refused: {said.words}")


@contextlib.contextmanager
def workspace(disk: str = "/var/tmp") -> Iterator[str]:  # noqa: S108  (made anew in it)
    """Yield a folder on disk that is root's alone, removed at the end; nobody can guess its name.

    /tmp may be kept in memory, which is too small for what can be staged.
    """
    place = disk if Path(disk).is_dir() else None
    with tempfile.TemporaryDirectory(prefix="postern-staged-", dir=place) as top:
        yield top


@contextlib.contextmanager
def staged(plan: Plan, folder: str, unread: Container[str] = ()) -> Iterator[str]:
    """Yield a copy of `folder` in which the plan's changes below that folder stand already.

    The copy lies outside the folder, is readable by root alone, and is removed at the end. A
    daemon's own checker reads it before anything goes live. Links are copied as what they lead
    to, so that nothing written in the copy lands elsewhere; sockets and pipes are left out.
    Paths in `unread` are not copied, but links to the host's own: large files that are read only.
    """
    with workspace() as top:
        stage = Path(top) / Path(folder).name
        if Path(folder).is_dir():
            shutil.copytree(folder, stage, ignore=_uncopyable, copy_function=_copier(unread))
        else:
            stage.mkdir()
        for change in plan.changes:
            target = Path(change.path)
            if target.is_relative_to(folder):
                _write_staged(stage / target.relative_to(folder), change.after)
        yield str(stage)


def _copier(unread: Container[str]) -> Callable[[str, str], object]:
    def copy(source: str, target: str) -> None:
        if source in unread:
            Path(target).symlink_to(source)
        else:
            shutil.copy2(source, target)

    return copy


def apply(
    plan: Plan,
    accept: Callable[[], None] | None = None,
    undo: Callable[[], None] | None = None,
) -> None:
    """Bring every change of the plan to the host, then let `accept` try it.

    `accept` reloads or queries the daemon and raises Refused with its words when it does not
    take the files. Then, as on any error in between, the old files return, `undo` brings the
    daemon back to them, and the exception goes on to the caller. What cannot be brought back
    is added to it as a note; the rest is brought back all the same.
    """
    for change in plan.changes:
        _expect_replaceable(change.path)
    restores: list[Callable[[], None]] = [] if undo is None else [undo]
    aside: list[Path] = []
    try:
        for change in sorted(plan.changes, key=lambda change: change.after is None):
            restores.insert(0, _way_back(change, aside))
            put(change.path, change.after)
        if accept is not None:
            accept()
    except BaseException as error:
        for restore in restores:
            try:
                restore()
            except Exception as failure:
                error.add_note(f"while bringing the old state back: {failure}")
        raise
    for path in aside:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def whole(target: Path) -> Iterator[BinaryIO]:
    """Yield a new file for root alone, which gets its name when all of it is on the disk.

    Until then its name begins with a dot; on any error nothing is left of it.
    """
    handle, unfinished = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        Path(unfinished).replace(target)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def put(path: str, file: File | None) -> None:
    """Make one path be that file, or be absent: temporary file beside it, fsync, rename."""
    target = Path(path)
    if file is None:
        target.unlink(missing_ok=True)
        return
    if (link := foreign_link(target.parent)) is not None:
        raise Refused(f"{link} is a link of another user's; nothing is written through it")
    _make_folder(target.parent)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with _filled(handle, Path(name), file) as descriptor:
            os.utime(descriptor)
            shutil.chown(descriptor, _identity(file.owner), _identity(file.group))
            os.fchmod(descriptor, file.mode)
            os.fsync(descriptor)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


@contextlib.contextmanager
def _filled(handle: int, name: Path, file: File) -> Iterator[int]:
    """Write a file's bytes, and yield it open: in a folder of others its name is not to be trusted.

    Bytes that are on the same disk already are not copied.
    """
    with os.fdopen(handle, "wb") as out:
        if file.stored is None:
            out.write(file.content)
            out.flush()
            yield out.fileno()
            return
    _same_bytes_at(Path(file.stored.path), name)
    with _opened(name) as descriptor:
        yield descriptor


@contextlib.contextmanager
def _opened(path: Path, flags: int = 0) -> Iterator[int]:
    """Yield the very thing at a path, never what a link there leads to."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | flags)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _same_bytes_at(source: Path, name: Path) -> None:
    """Make a name lead to the bytes of another: one file, or a copy where that can't be."""
    name.unlink(missing_ok=True)
    try:
        name.hardlink_to(source)
    except OSError:
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as out, source.open("rb") as bytes_of:
                shutil.copyfileobj(bytes_of, out, 1 << 20)
        except BaseException:
            name.unlink()
            raise


def _way_back(change: Change, aside: list[Path]) -> Callable[[], None]:
    """Return what brings one path back to what it is now, links and missing folders included.

    A large file is kept under another name, which is added to `aside`.
    """
    target = Path(change.path)
    if change.before is not None and change.before.stored is not None:
        return _kept_aside(target, aside)
    link = target.readlink() if target.is_symlink() else None
    missing = [folder for folder in target.parents if not folder.exists()]

    def restore() -> None:
        if link is not None:
            target.unlink(missing_ok=True)
            target.symlink_to(link)
            return
        put(change.path, change.before)
        for folder in missing:
            with contextlib.suppress(OSError):
                folder.rmdir()

    return restore


def _kept_aside(target: Path, aside: list[Path]) -> Callable[[], None]:
    kept = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    status = target.stat()
    aside.append(kept)
    _same_bytes_at(target, kept)
    with _opened(kept) as descriptor:
        os.fchown(descriptor, status.st_uid, status.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(status.st_mode))

    def restore() -> None:
        # Renaming one name of a file to another of its names does nothing at all.
        kept.replace(target)
        kept.unlink(missing_ok=True)

    return restore


def _expect_replaceable(path: str) -> None:
    """Refuse, before anything is changed, to replace what is no file, such as a folder."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        mode = Path(path).lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
            raise Refused(f"{path} is there and is not a file; nothing was changed")


def _make_folder(folder: Path) -> None:
    """Make missing folders 0755, whatever the umask: daemons have to reach their files."""
    for missing in reversed([f for f in (folder, *folder.parents) if not f.exists()]):
        missing.mkdir(exist_ok=True)
        with _opened(missing, os.O_DIRECTORY) as descriptor:
            os.fchmod(descriptor, 0o755)


def _identity(name: str) -> str | int:
    """Return a name as it is, and as a number where it is one that has no name."""
    return int(name) if name.isdecimal() else name


def sync_folder(folder: Path) -> None:
    """Make the rename itself durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _uncopyable(folder: str, names: list[str]) -> list[str]:
    """Return the names that are neither file nor folder, nor a link to one."""
    paths = ((name, Path(folder) / name) for name in names)
    return [name for name, path in paths if not (path.is_file() or path.is_dir())]


def _write_staged(path: Path, file: File | None) -> None:
    if file is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    if file.stored is None:
        path.write_bytes(file.content)
    else:
        _same_bytes_at(Path(file.stored.path), path)
    path.chmod(file.mode)
