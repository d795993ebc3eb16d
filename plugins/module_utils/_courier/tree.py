"""The Maildirs on disk: looking at them, making, moving and removing them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run

from .archive import archive
from .mailboxes import Removal, Seen, Step, home_of
from .model import Tree
from .render import MAILDIR

_PARTS = ("tmp", "new", "cur")
_ASIDE = ".removed-"
_MAKING = ".making-"
_SUBSCRIBED = "courierimapsubscribed"
_QUOTA = "maildirsize"


def look(tree: Tree) -> dict[str, Seen]:
    """Return every mailbox that is there, claimed or not, those half removed among them."""
    found = {}
    for domain in _folders(Path(tree.folder)):
        if "." in domain.name:
            for entry in _folders(domain):
                name = f"{entry.name.removeprefix(_ASIDE)}@{domain.name}"
                if not entry.name.startswith(_MAKING):
                    found[name] = _seen(name, entry / MAILDIR)
    return found


def look_shared(tree: Tree, folder: str) -> dict[str, Seen]:
    """Return the shared Maildirs that are there."""
    found = _folders(Path(tree.folder) / folder)
    return {one.name: _seen(one.name, one / MAILDIR) for one in found if one.name[0] != "."}


def folders_within(tree: Tree, folder: str) -> dict[str, list[str]]:
    """Return the folders that people made in each shared Maildir."""
    found = _folders(Path(tree.folder) / folder)
    return {
        one.name: sorted(part.name for part in _folders(one / MAILDIR) if part.name[0] == ".")
        for one in found
    }


def _folders(path: Path) -> list[Path]:
    try:
        with os.scandir(path) as entries:
            return [path / one.name for one in entries if one.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []


def _seen(name: str, maildir: Path) -> Seen:
    complete = all((maildir / part).is_dir() for part in _PARTS)
    return Seen(name, complete, _quota(maildir / _QUOTA))


def _quota(path: Path) -> int | None:
    """Return the limit in KiB that the first line of maildirsize says, such as `2097152S`."""
    try:
        with path.open(encoding="ascii", errors="replace") as lines:
            words = lines.readline().strip().split(",")
    except (FileNotFoundError, NotADirectoryError):
        return None
    limits = [word[:-1] for word in words if word.endswith("S") and word[:-1].isdigit()]
    return int(limits[0]) // 1024 if limits else None


def do(tree: Tree, step: Step, special_folders: Iterable[str]) -> None:
    """Move a mailbox, make what lacks of it, set or lift its quota."""
    base = Path(tree.folder)
    home = base / home_of(step.mailbox.name)
    _make_parents(tree, home.parent)
    if step.move:
        (base / home_of(str(step.mailbox.renamed_from))).rename(home)
        _sync(home.parent)
    if step.make:
        make(tree, home, special_folders)
    if step.set_quota:
        _set_quota(tree, home / MAILDIR, step.mailbox.quota_kib)


def make(tree: Tree, home: Path, special_folders: Iterable[str]) -> None:
    """Make a Maildir; a new one appears whole, so that nobody finds half of it.

    One that lacks a part gets that part: its person may have removed folders on purpose.
    """
    _make_parents(tree, home.parent)
    if home.is_dir():
        _make_maildir(tree, home / MAILDIR)
        return
    making = home.with_name(f"{_MAKING}{home.name}")
    shutil.rmtree(making, ignore_errors=True)
    _make_folder(making, tree.owner_id, tree.owner_id, 0o700)
    _make_maildir(tree, making / MAILDIR)
    for name in special_folders:
        folder = making / MAILDIR / f".{name}"
        _make_maildir(tree, folder)
        _make_file(tree, folder / "maildirfolder", "")
    subscribed = "".join(f"INBOX.{name}\n" for name in special_folders)
    _make_file(tree, making / MAILDIR / _SUBSCRIBED, subscribed)
    making.rename(home)


def _make_parents(tree: Tree, folder: Path) -> None:
    """Make the folders above a mailbox: root's, so that no delivery makes a Maildir there.

    Who is not root may pass through, and not look around: maildrop gives up the owner's group.
    """
    for path in (Path(tree.folder), folder):
        if not path.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            _make_folder(path, 0, 0, 0o711)


def _make_maildir(tree: Tree, maildir: Path) -> None:
    for path in (maildir, *(maildir / part for part in _PARTS)):
        if not path.is_dir():
            _make_folder(path, tree.owner_id, tree.owner_id, 0o700)


def _make_folder(path: Path, user: int, group: int, mode: int) -> None:
    path.mkdir(mode=0o700)
    os.chown(path, user, group)
    path.chmod(mode)


def _make_file(tree: Tree, path: Path, text: str) -> None:
    path.touch(0o600)
    path.write_text(text, encoding="utf-8")
    os.chown(path, tree.owner_id, tree.owner_id)


def _set_quota(tree: Tree, maildir: Path, limit: int | None) -> None:
    if limit is None:
        (maildir / _QUOTA).unlink(missing_ok=True)
        return
    rights = ["setpriv", f"--reuid={tree.owner_id}", f"--regid={tree.owner_id}", "--clear-groups"]
    argv = [*rights, "maildirmake.courier", "-q", f"{limit * 1024}S", str(maildir)]
    outcome = run(argv)
    if not outcome.ok:
        raise Refused(f"no quota for {maildir}: {outcome.words}")


def remove(tree: Tree, removal: Removal, archives: str) -> Iterator[str]:
    """Remove a mailbox, yield its archive; one that a former run began to remove is finished."""
    home = Path(tree.folder) / home_of(removal.name)
    aside = home.with_name(f"{_ASIDE}{home.name}")
    for path in (aside, home):
        if path.is_dir():
            if path == home:
                home.rename(aside)  # what is still on its way here waits, and is not lost with it
                _sync(home.parent)
            if removal.archive:
                yield archive(aside, removal.name, archives)
            shutil.rmtree(aside)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
