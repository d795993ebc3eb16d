"""The Maildirs on disk: looking at them, making, moving and removing them.

The folders down to a mailbox's home are root's. From the home on all is the owner's, whose
processes talk to the world: root never looks or writes there with rights of its own.
"""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.apply import (
    Refused,
    sync_folder,
)
from ansible_collections.postern.mail.plugins.module_utils._core.archive import archive
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run
from ansible_collections.postern.mail.plugins.module_utils._core.files import (
    open_regular,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import deed_diff

from .inside import as_owner, is_folder
from .mailboxes import Removal, Seen, Step, home_of
from .model import Tree
from .render import MAILDIR

_PARTS = ("tmp", "new", "cur")
_ASIDE = ".removed-"
_MAKING = ".making-"
_SUBSCRIBED = "courierimapsubscribed"
_QUOTA = "maildirsize"
_QUOTA_BYTES = 4096  # the limit stands in the first line
_PASS_THROUGH = 0o711
ROOT = (0, 0)


def look(tree: Tree) -> dict[str, Seen]:
    """Return every mailbox that is there, claimed or not, those half removed among them."""
    homes = {
        f"{name}@{domain.name}": home
        for domain in _folders(Path(tree.folder))
        if "." in domain.name
        for name, home in _homes(domain).items()
    }
    with as_owner(tree):
        return {name: _seen(name, home) for name, home in homes.items()}


def _homes(domain: Path) -> dict[str, Path]:
    """Return the homes of a domain; what a removal has put aside counts where no home is left."""
    found = {one.name: one for one in _folders(domain) if not one.name.startswith(_MAKING)}
    aside = {name: found.pop(name) for name in list(found) if name.startswith(_ASIDE)}
    return {name.removeprefix(_ASIDE): home for name, home in aside.items()} | found


def look_shared(tree: Tree, folder: str) -> dict[str, Seen]:
    """Return the shared Maildirs that are there."""
    found = _folders(Path(tree.folder) / folder)
    with as_owner(tree):
        return {one.name: _seen(one.name, one) for one in found if one.name[0] != "."}


def folders_within(tree: Tree, folder: str) -> dict[str, list[str]]:
    """Return the folders that people made in each shared Maildir."""
    found = _folders(Path(tree.folder) / folder)
    with as_owner(tree):
        return {
            one.name: sorted(part.name for part in _folders(one / MAILDIR) if part.name[0] == ".")
            for one in found
        }


def to_mend(tree: Tree, folder: str) -> list[str]:
    """Return the folders above mailboxes that are there and not as they shall be."""
    top = Path(tree.folder)
    below = (one for one in _folders(top) if "." in one.name[1:] or one.name == folder)
    return sorted(str(path) for path in (top, *below) if path.is_dir() and not _is_settled(path))


def _folders(path: Path) -> list[Path]:
    try:
        with os.scandir(path) as entries:
            return [path / one.name for one in entries if one.is_dir(follow_symlinks=False)]
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []


def _seen(name: str, home: Path) -> Seen:
    maildir = home / MAILDIR
    parts = (maildir, *(maildir / part for part in _PARTS))
    complete = all(is_folder(path) for path in parts) and not home.name.startswith(_ASIDE)
    return Seen(name, complete, _quota(maildir / _QUOTA))


def _quota(path: Path) -> int | None:
    """Return the limit in KiB that the first line of maildirsize says, such as `2097152S`."""
    file = open_regular(str(path))
    if file is None:
        return None
    with file:
        words = file.readline(_QUOTA_BYTES).decode("ascii", "replace").strip().split(",")
    limits = [word[:-1] for word in words if word.endswith("S") and word[:-1].isdigit()]
    return int(limits[0]) // 1024 if limits else None


def do(tree: Tree, step: Step, special_folders: Iterable[str]) -> None:
    """Move a mailbox, make what lacks of it, set or lift its quota."""
    base = Path(tree.folder)
    home = base / home_of(step.mailbox.name)
    _make_parents(tree, home.parent)
    if step.move:
        former = base / home_of(str(step.mailbox.renamed_from))
        _bring_back(former)
        former.rename(home)
        sync_folder(home.parent)
    if step.make:
        make(tree, home, special_folders)
    if step.set_quota:
        _set_quota(tree, home / MAILDIR, step.mailbox.quota_kib)


def _bring_back(home: Path) -> None:
    """Undo the beginning of a removal whose mailbox is wanted again."""
    aside = home.with_name(f"{_ASIDE}{home.name}")
    if aside.is_dir() and not home.exists():
        aside.rename(home)
        sync_folder(home.parent)


def make(tree: Tree, home: Path, special_folders: Iterable[str]) -> None:
    """Make a Maildir; a new one appears whole, so that nobody finds half of it.

    One that lacks a part gets that part: its person may have removed folders on purpose.
    """
    _make_parents(tree, home.parent)
    _bring_back(home)
    if home.is_dir():
        with as_owner(tree):
            _make_maildir(home / MAILDIR)
        return
    making = home.with_name(f"{_MAKING}{home.name}")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)  # root's alone, until all of it is there
    _make_maildir(making / MAILDIR)
    for name in special_folders:
        folder = making / MAILDIR / f".{name}"
        _make_maildir(folder)
        _make_file(folder / "maildirfolder", "")
    subscribed = "".join(f"INBOX.{name}\n" for name in special_folders)
    _make_file(making / MAILDIR / _SUBSCRIBED, subscribed)
    _give(making, tree.owner_id)
    making.rename(home)


def _give(top: Path, owner: int) -> None:
    """Give a folder to the owner, itself last: until then nobody else reaches what is in it."""
    for folder, _folders_there, files in os.walk(top, topdown=False):
        for path in (*(Path(folder, name) for name in files), Path(folder)):
            os.chown(path, owner, owner, follow_symlinks=False)


def mend(paths: Iterable[str]) -> None:
    """Make the folders above mailboxes root's again."""
    for path in paths:
        _settle(Path(path))


def mend_diff(paths: Iterable[str]) -> dict[str, str]:
    """Return what mending changes in the form that Ansible prints under --diff."""
    after = "".join(f"{path}: root's alone, to pass through\n" for path in paths)
    return deed_diff("folders", after)


def _make_parents(tree: Tree, folder: Path) -> None:
    """Make the folders above a mailbox: root's, so that no delivery makes a Maildir there.

    Who is not root may pass through, and not look around: maildrop gives up the owner's group.
    """
    for path in (Path(tree.folder), folder):
        if not path.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.mkdir(mode=0o700)
        if not _is_settled(path):
            _settle(path)


def _is_settled(path: Path) -> bool:
    status = path.stat()
    rights = (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode))
    return rights == (*ROOT, _PASS_THROUGH)


def _settle(path: Path) -> None:
    link = path.lstat()
    if stat.S_ISLNK(link.st_mode) and link.st_uid != ROOT[0]:
        raise Refused(f"{path} is a link of another user's; no mail is kept there")
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fchown(descriptor, *ROOT)
        os.fchmod(descriptor, _PASS_THROUGH)
    finally:
        os.close(descriptor)


def _make_maildir(maildir: Path) -> None:
    for path in (maildir, *(maildir / part for part in _PARTS)):
        if not is_folder(path):
            path.mkdir(mode=0o700)


def _make_file(path: Path, text: str) -> None:
    path.touch(0o600)
    path.write_text(text, encoding="utf-8")


def _set_quota(tree: Tree, maildir: Path, limit: int | None) -> None:
    if limit is None:
        with as_owner(tree):
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
                sync_folder(home.parent)
            if removal.archive:
                yield str(archive(removal.name, {"": aside}, archives))
            shutil.rmtree(aside)
