"""Behaviour of the Maildirs as root: the owner of all mail gets no right that it has not."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, make_plan
from ansible_collections.postern.mail.plugins.module_utils._courier import inside, tree
from ansible_collections.postern.mail.plugins.module_utils._courier.mailboxes import (
    Mailbox,
    Step,
    plan_mailboxes,
)
from ansible_collections.postern.mail.plugins.module_utils._courier.model import Tree

OWNER = 54321
ALICE = Mailbox("alice@example.org")

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become others")


@pytest.fixture
def top() -> Iterator[Path]:
    """Yield a folder that others may pass through, as they may not with pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def place(top: Path) -> Tree:
    return Tree(str(top / "vmail"), str(OWNER), OWNER)


@pytest.fixture
def roots(top: Path) -> Path:
    """Return a folder of root's that anybody may enter, such as those below /etc."""
    folder = top / "apt.conf.d"
    folder.mkdir(mode=0o755)
    return folder


@pytest.fixture
def maildir(place: Tree) -> Path:
    tree.do(place, Step(ALICE, make=True), ["Sent"])
    return Path(place.folder) / "example.org/alice/Maildir"


def converge(place: Tree) -> None:
    for step in plan_mailboxes([ALICE], tree.look(place))[0]:
        tree.do(place, step, [])


def owners(folder: Path) -> set[tuple[int, int]]:
    return {(path.lstat().st_uid, path.lstat().st_gid) for path in (folder, *folder.rglob("*"))}


def test_all_below_a_home_is_the_owners_and_all_above_is_roots(place: Tree, maildir: Path) -> None:
    assert owners(maildir.parent) == {(OWNER, OWNER)}
    assert Path(place.folder).stat().st_uid == maildir.parent.parent.stat().st_uid == 0
    (maildir / "tmp").rmdir()
    converge(place)
    assert owners(maildir.parent) == {(OWNER, OWNER)}


def test_nobody_reaches_a_mailbox_that_is_being_made(
    place: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    chown = os.chown

    def watching(path: Path, user: int, group: int, *, follow_symlinks: bool) -> None:
        status = Path(place.folder, "example.org/.making-alice").stat()
        seen.append((status.st_uid, status.st_mode & 0o777))
        chown(path, user, group, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(os, "chown", watching)
    tree.do(place, Step(ALICE, make=True), ["Sent"])
    assert set(seen) == {(0, 0o700)}


def test_a_link_in_a_maildirs_place_leads_root_nowhere(
    place: Tree, maildir: Path, roots: Path
) -> None:
    maildir.rename(maildir.with_name("x"))
    maildir.symlink_to(roots)
    with pytest.raises(OSError, match="Maildir"):
        converge(place)
    rights = {str(maildir / "courierimapacl"): File(b"", 0o600, place.owner, place.owner)}
    inside.write_files(place, make_plan(rights, inside.read_files(place, rights)))
    assert list(roots.iterdir()) == []
    assert owners(roots) == {(0, 0)}


def test_what_the_owner_may_not_read_is_not_read_for_it(
    place: Tree, maildir: Path, roots: Path
) -> None:
    (roots / "courierimapacl").write_text("secret")
    (roots / "courierimapacl").chmod(0o600)
    maildir.rename(maildir.with_name("x"))
    maildir.symlink_to(roots)
    path = str(maildir / "courierimapacl")
    assert inside.read_files(place, [path]) == {path: None}


def test_rights_are_written_as_the_owner_and_a_deleted_folder_stays_deleted(
    place: Tree, maildir: Path
) -> None:
    file = File(b"owner lrs\n", 0o600, place.owner, place.owner)
    wanted = {str(maildir / name / "courierimapacl"): file for name in (".", ".gone")}
    inside.write_files(place, make_plan(wanted, inside.read_files(place, wanted)))
    assert not (maildir / ".gone").exists()
    path = str(maildir / "courierimapacl")
    assert inside.read_files(place, [path]) == {path: file}
    assert owners(maildir.parent) == {(OWNER, OWNER)}


def test_a_quota_is_lifted_as_the_owner(place: Tree, maildir: Path, roots: Path) -> None:
    (roots / "maildirsize").write_text("2048S\n")
    maildir.rename(maildir.with_name("x"))
    maildir.symlink_to(roots)
    with pytest.raises(PermissionError):
        tree.do(place, Step(ALICE, set_quota=True), [])
    assert (roots / "maildirsize").is_file()


def test_a_folder_of_all_mail_that_is_anothers_becomes_roots(place: Tree, maildir: Path) -> None:
    for folder in (Path(place.folder), maildir.parent.parent):
        os.chown(folder, OWNER, OWNER)
    tree.mend(tree.to_mend(place, "shared"))
    assert {folder.stat().st_uid for folder in maildir.parents[1:3]} == {0}
    assert tree.to_mend(place, "shared") == []
