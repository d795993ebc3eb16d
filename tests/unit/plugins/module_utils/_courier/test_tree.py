"""Behaviour of the Maildirs on disk: whole or not there, moved with their mail, gone when told."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._courier import tree
from ansible_collections.postern.mail.plugins.module_utils._courier.mailboxes import (
    Mailbox,
    Removal,
    Seen,
    Step,
    plan_mailboxes,
)
from ansible_collections.postern.mail.plugins.module_utils._courier.model import Tree
from ansible_collections.postern.mail.tests.unit import courier_samples

ALICE = Mailbox("alice@example.org")
NEW = Mailbox("al@example.net", renamed_from=ALICE.name)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    monkeypatch.setattr(tree, "ROOT", (os.geteuid(), os.getegid()))
    monkeypatch.setattr(os, "chown", lambda *_words, **_more: None)
    return courier_samples.tree(tmp_path / "vmail")


def make_alice(place: Tree) -> Path:
    tree.do(place, Step(ALICE, make=True), ["Sent"])
    return Path(place.folder) / "example.org/alice"


def test_a_new_mailbox_has_its_folders_and_is_subscribed_to_them(place: Tree) -> None:
    maildir = make_alice(place) / "Maildir"
    assert (maildir / ".Sent/new").is_dir()
    assert (maildir / ".Sent/maildirfolder").is_file()
    assert (maildir / "courierimapsubscribed").read_text() == "INBOX.Sent\n"
    assert maildir.stat().st_mode & 0o777 == 0o700
    assert tree.look(place) == {ALICE.name: Seen(ALICE.name, complete=True)}


def test_delivery_can_not_make_a_maildir_of_its_own(place: Tree) -> None:
    home = make_alice(place)
    assert home.parent.stat().st_mode & 0o777 == 0o711


def test_what_lacks_is_added_and_what_a_person_removed_stays_away(place: Tree) -> None:
    maildir = make_alice(place) / "Maildir"
    (maildir / "tmp").rmdir()
    for part in (".Sent/new", ".Sent/cur", ".Sent/tmp"):
        (maildir / part).rmdir()
    (maildir / ".Sent/maildirfolder").unlink()
    (maildir / ".Sent").rmdir()
    assert not tree.look(place)[ALICE.name].complete
    make_alice(place)
    assert tree.look(place)[ALICE.name].complete
    assert not (maildir / ".Sent").exists()


def test_half_a_mailbox_of_a_killed_run_is_not_seen(place: Tree) -> None:
    home = make_alice(place)
    home.rename(home.with_name(".making-alice"))
    assert tree.look(place) == {}
    make_alice(place)
    assert tree.look(place)[ALICE.name].complete


def test_a_renamed_mailbox_keeps_its_mail(place: Tree) -> None:
    (make_alice(place) / "Maildir/new/1").write_text("mail")
    tree.do(place, Step(NEW, move=True), [])
    assert list(tree.look(place)) == [NEW.name]
    assert (Path(place.folder) / "example.net/al/Maildir/new/1").read_text() == "mail"


@pytest.mark.parametrize(
    ("line", "limit"), [("2048S", 2), ("10C,4096S", 4), ("10C", None), ("xS", None), ("", None)]
)
def test_the_quota_is_read_where_courier_keeps_it(
    place: Tree, line: str, limit: int | None
) -> None:
    (make_alice(place) / "Maildir/maildirsize").write_text(f"{line}\n 0 0\n")
    assert tree.look(place)[ALICE.name].quota_kib == limit


def test_couriers_own_tool_sets_a_quota_as_the_owner(
    place: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def run(argv: list[str]) -> Outcome:
        asked.append(argv)
        return Outcome(tuple(argv), len(asked) - 1, "", "no")

    monkeypatch.setattr(tree, "run", run)
    home = make_alice(place)
    step = Step(Mailbox(ALICE.name, 2), set_quota=True)
    tree.do(place, step, [])
    assert asked[0][1] == f"--reuid={place.owner_id}"
    assert asked[0][-2:] == ["2048S", f"{home}/Maildir"]
    with pytest.raises(Refused, match="no quota"):
        tree.do(place, step, [])


def test_a_lifted_quota_leaves_no_trace(place: Tree) -> None:
    size = make_alice(place) / "Maildir/maildirsize"
    size.write_text("2048S\n")
    tree.do(place, Step(ALICE, set_quota=True), [])
    assert not size.exists()


def test_a_removed_mailbox_is_archived_whole_before_it_goes(place: Tree, tmp_path: Path) -> None:
    (make_alice(place) / "Maildir/new/1").write_text("mail")
    archives = list(
        tree.remove(place, Removal(ALICE.name, archive=True), str(tmp_path / "archive"))
    )
    assert tree.look(place) == {}
    with tarfile.open(archives[0]) as tar:
        assert f"{ALICE.name}/Maildir/new/1" in tar.getnames()


def test_a_removal_that_was_interrupted_is_seen_and_finished(place: Tree, tmp_path: Path) -> None:
    home = make_alice(place)
    home.rename(home.with_name(".removed-alice"))
    assert list(tree.look(place)) == [ALICE.name]
    removal = Removal(ALICE.name, archive=True)
    assert len(list(tree.remove(place, removal, str(tmp_path / "archive")))) == 1
    assert tree.look(place) == {}


def test_a_mailbox_that_is_wanted_again_returns_from_a_removal_that_was_interrupted(
    place: Tree,
) -> None:
    home = make_alice(place)
    (home / "Maildir/new/1").write_text("mail")
    home.rename(home.with_name(".removed-alice"))
    present = tree.look(place)
    assert not present[ALICE.name].complete
    for step in plan_mailboxes([ALICE], present)[0]:
        tree.do(place, step, [])
    assert (home / "Maildir/new/1").read_text() == "mail"
    assert plan_mailboxes([ALICE], tree.look(place)) == ([], [])
    home.rename(home.with_name(".removed-alice"))
    for step in plan_mailboxes([NEW], tree.look(place))[0]:
        tree.do(place, step, [])
    assert (Path(place.folder) / "example.net/al/Maildir/new/1").read_text() == "mail"


def test_what_a_removal_put_aside_never_stands_for_a_mailbox_that_is_there(place: Tree) -> None:
    home = make_alice(place)
    (home.with_name(".removed-alice") / "Maildir").mkdir(parents=True)
    assert tree.look(place) == {ALICE.name: Seen(ALICE.name, complete=True)}


@pytest.mark.parametrize("what", ["example.org", "."])
def test_a_folder_above_mailboxes_that_is_not_as_it_shall_be_is_mended(
    place: Tree, what: str
) -> None:
    make_alice(place)
    folder = Path(place.folder) / what
    assert tree.to_mend(place, "shared") == []
    folder.chmod(0o700)
    assert tree.to_mend(place, "shared") == [str(folder)]
    assert str(folder) in tree.mend_diff([str(folder)])["after"]
    tree.mend([str(folder)])
    assert folder.stat().st_mode & 0o777 == 0o711
    folder.chmod(0o700)
    make_alice(place)
    assert folder.stat().st_mode & 0o777 == 0o711


def test_a_quota_that_is_no_file_or_has_no_end_keeps_nobody_waiting(place: Tree) -> None:
    size = make_alice(place) / "Maildir/maildirsize"
    os.mkfifo(size)
    assert tree.look(place)[ALICE.name].quota_kib is None
    size.unlink()
    size.write_text("9" * 9999)
    assert tree.look(place)[ALICE.name].quota_kib is None
    size.unlink()
    (size.parent / "elsewhere").write_text("2048S\n")
    size.symlink_to("elsewhere")
    assert tree.look(place)[ALICE.name].quota_kib is None


def test_without_an_archive_nothing_is_kept(place: Tree, tmp_path: Path) -> None:
    make_alice(place)
    assert list(tree.remove(place, Removal(ALICE.name, archive=False), str(tmp_path / "a"))) == []
    assert not (tmp_path / "a").exists()


def test_shared_maildirs_are_no_mailboxes(place: Tree) -> None:
    tree.make(place, Path(place.folder) / "shared/team", ())
    (Path(place.folder) / "shared/team/Maildir/.sub").mkdir()
    assert tree.look(place) == {}
    assert list(tree.look_shared(place, "shared")) == ["team"]
    assert tree.folders_within(place, "shared") == {"team": [".sub"]}


def test_an_empty_host_has_none(place: Tree) -> None:
    assert tree.look(place) == {}
    assert tree.look_shared(place, "shared") == {}
