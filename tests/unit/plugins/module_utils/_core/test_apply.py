"""Behaviour of applying: all or nothing, whatever fails on the way; secrets closed at all times."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import errno
import grp
import os
import pwd
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core import apply as subject
from ansible_collections.postern.mail.plugins.module_utils._core.apply import (
    Refused,
    apply,
    put,
    staged,
    workspace,
)
from ansible_collections.postern.mail.plugins.module_utils._core.files import (
    described,
    read_present,
    stored,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Plan, make_plan

ME = pwd.getpwuid(os.geteuid()).pw_name
MINE = grp.getgrgid(os.getegid()).gr_name


def file(content: str, mode: int = 0o644) -> File:
    return File(content.encode(), mode, ME, MINE)


def snapshot(folder: Path) -> dict[str, Any]:
    """Return all that stands below a folder: kinds, modes, contents."""
    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        text = str(path.readlink()) if path.is_symlink() else ""
        text = path.read_text() if stat.S_ISREG(status.st_mode) else text
        found[str(path)] = (status.st_mode, text)
    return found


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    folder = tmp_path / "etc"
    folder.mkdir()
    put(str(folder / "changed"), file("old", 0o600))
    put(str(folder / "removed"), file("gone", 0o640))
    put(str(folder / "untouched"), file("same"))
    (folder / "linked").symlink_to("untouched")
    return folder


def plan_for(etc: Path) -> Plan:
    """Change, create in a new folder, replace a link and remove: one of each."""
    wanted = {
        str(etc / "changed"): file("new", 0o640),
        str(etc / "folder" / "deep" / "created"): file("created"),
        str(etc / "linked"): file("no link any more"),
        str(etc / "removed"): None,
    }
    return make_plan(wanted, read_present(wanted))


def test_an_applied_plan_is_what_was_wanted(etc: Path) -> None:
    plan = plan_for(etc)
    apply(plan)
    wanted = {change.path: change.after for change in plan.changes}
    assert not make_plan(wanted, read_present(wanted)).changed
    assert (etc / "untouched").read_text() == "same"


def large_plan_for(etc: Path, work: Path) -> Plan:
    """The same as plan_for, with bytes that stay on disk on both sides."""
    wanted: dict[str, File | None] = {}
    for name, content in (("changed", "new"), ("folder/created", "created")):
        (work / Path(name).name).write_text(content)
        on_disk = stored(str(work / Path(name).name))
        wanted[str(etc / name)] = File(b"", 0o640, ME, MINE, stored=on_disk)
    wanted[str(etc / "removed")] = None
    return make_plan(wanted, {path: described(path) for path in wanted})


@pytest.fixture(params=["one disk", "two disks"])
def disks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files have a second name, or not, as between two disks."""

    def refuse_link(*_args: Any) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    if request.param == "two disks":
        monkeypatch.setattr(Path, "hardlink_to", refuse_link)


@pytest.mark.usefixtures("disks")
def test_bytes_on_disk_are_brought_in_and_nothing_else_is_left(etc: Path, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    os.utime(etc / "untouched", (1, 1))
    plan = large_plan_for(etc, tmp_path / "work")
    for path in (tmp_path / "work").iterdir():
        os.utime(path, (1, 1))
    apply(plan)
    assert sorted(path.name for path in etc.iterdir()) == [
        "changed",
        "folder",
        "linked",
        "untouched",
    ]
    assert (etc / "changed").read_text() == "new"
    assert stat.S_IMODE((etc / "changed").stat().st_mode) == 0o640
    assert (etc / "folder" / "created").read_text() == "created"
    # A database is told from a stale one by its time: what is brought in is new.
    assert (etc / "changed").stat().st_mtime > 1
    assert (tmp_path / "work" / "changed").read_text() == "new"


@pytest.mark.usefixtures("disks")
def test_refused_bytes_on_disk_go_and_the_old_ones_return(etc: Path, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    before = snapshot(etc)
    with pytest.raises(Refused, match=r"^fatal: bad parameter$"):
        apply(large_plan_for(etc, tmp_path / "work"), refuse)
    assert snapshot(etc) == before


@pytest.mark.usefixtures("disks")
def test_a_disk_that_is_full_leaves_no_half_of_a_large_file(
    etc: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work").mkdir()
    before = snapshot(etc)
    plan = large_plan_for(etc, tmp_path / "work")

    def fail(*_args: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "hardlink_to", fail)
    monkeypatch.setattr(shutil, "copyfileobj", fail)
    with pytest.raises(OSError, match="No space left"):
        apply(plan)
    monkeypatch.undo()
    assert snapshot(etc) == before


@pytest.mark.usefixtures("disks")
def test_bytes_on_disk_are_staged_and_unread_files_are_not_copied(
    etc: Path, tmp_path: Path
) -> None:
    (tmp_path / "work").mkdir()
    before = snapshot(etc)
    plan = large_plan_for(etc, tmp_path / "work")
    with staged(plan, str(etc), {str(etc / "untouched"), str(etc / "changed")}) as stage:
        assert (Path(stage) / "changed").read_text() == "new"
        assert not (Path(stage) / "changed").is_symlink()
        assert (Path(stage) / "untouched").readlink() == etc / "untouched"
    assert snapshot(etc) == before


def test_a_workspace_is_ones_own_and_goes() -> None:
    with workspace() as folder:
        assert stat.S_IMODE(Path(folder).stat().st_mode) == 0o700
        assert Path(folder).is_relative_to("/var/tmp")
    assert not Path(folder).exists()


def test_what_is_removed_goes_last(etc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(subject, "put", lambda path, _file: order.append(Path(path).name))
    apply(make_plan({str(etc / "a"): None, str(etc / "b"): file("x")}, {str(etc / "a"): file("")}))
    assert order == ["b", "a"]


def refuse() -> None:
    raise Refused("fatal: bad parameter")


def test_refused_files_go_and_the_old_ones_return_before_the_daemon_is_told(etc: Path) -> None:
    before = snapshot(etc)
    seen: list[Any] = []
    with pytest.raises(Refused, match=r"^fatal: bad parameter$"):
        apply(plan_for(etc), refuse, lambda: seen.append(snapshot(etc)))
    assert seen == [before]
    assert snapshot(etc) == before


@pytest.mark.parametrize("failing", range(4))
@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()])
def test_a_failure_at_any_change_brings_everything_back(
    etc: Path, monkeypatch: pytest.MonkeyPatch, failing: int, error: BaseException
) -> None:
    before = snapshot(etc)
    calls = iter(range(99))

    def failing_put(path: str, wanted: File | None) -> None:
        if next(calls) == failing:
            raise error
        put(path, wanted)

    monkeypatch.setattr(subject, "put", failing_put)
    with pytest.raises(type(error)):
        apply(plan_for(etc))
    assert snapshot(etc) == before


@pytest.mark.parametrize("call", ["fsync", "replace", "chown"])
def test_a_failure_within_writing_leaves_neither_half_a_file_nor_a_temporary_one(
    etc: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    before = snapshot(etc)

    def fail(*_args: Any, **_more: Any) -> None:
        monkeypatch.undo()
        raise OSError(5, "Input/output error")

    owner: Any = {"fsync": os, "replace": Path, "chown": subject.shutil}[call]
    monkeypatch.setattr(owner, call, fail)
    with pytest.raises(OSError, match="Input/output error"):
        apply(plan_for(etc))
    assert snapshot(etc) == before


def test_what_cannot_be_brought_back_is_told_and_the_rest_returns_all_the_same(
    etc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undone: list[bool] = []
    plan = plan_for(etc)

    def accept() -> None:
        def failing_put(path: str, wanted: File | None) -> None:
            if path == str(etc / "removed"):
                raise OSError(28, "No space left")
            put(path, wanted)

        monkeypatch.setattr(subject, "put", failing_put)
        refuse()

    with pytest.raises(Refused) as caught:
        apply(plan, accept, lambda: undone.append(True))
    assert "No space left" in str(caught.value)
    assert (etc / "changed").read_text() == "old"
    assert undone == [True]


def test_a_daemon_that_cannot_be_brought_back_does_not_hide_why_it_was_tried(etc: Path) -> None:
    def undo() -> None:
        raise Refused("still down")

    with pytest.raises(Refused) as caught:
        apply(plan_for(etc), refuse, undo)
    assert str(caught.value) == (
        "fatal: bad parameter\nwhile bringing the old state back: still down"
    )


def test_a_folder_in_a_files_place_is_refused_before_anything_is_changed(etc: Path) -> None:
    (etc / "zzz").mkdir()
    (etc / "zzz" / "precious").write_text("x")
    before = snapshot(etc)
    wanted = {str(etc / "changed"): file("new"), str(etc / "zzz"): file("x")}
    with pytest.raises(Refused, match="is not a file; nothing was changed"):
        apply(make_plan(wanted, read_present(wanted)))
    assert snapshot(etc) == before


def test_an_empty_plan_still_asks_the_daemon() -> None:
    with pytest.raises(Refused):
        apply(Plan(), refuse)


@pytest.mark.parametrize("umask", [0o077, 0o000])
def test_new_folders_can_be_entered_and_not_written_whatever_the_umask(
    tmp_path: Path, umask: int
) -> None:
    before = os.umask(umask)
    try:
        put(str(tmp_path / "a" / "b" / "c"), file("x"))
    finally:
        os.umask(before)
    for folder in (tmp_path / "a", tmp_path / "a" / "b"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_a_secret_is_closed_from_its_first_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    chown: Callable[..., None] = subject.shutil.chown

    def watching_chown(descriptor: int, *args: Any) -> None:
        seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        chown(descriptor, *args)

    monkeypatch.setattr(subject.shutil, "chown", watching_chown)
    put(str(tmp_path / "secret"), file("secret", 0o640))
    assert seen == [0o600]
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o640


def test_a_reader_of_the_old_file_keeps_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    put(str(path), file("old"))
    with path.open() as reader:
        put(str(path), file("new"))
        assert reader.read() == "old"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_of_an_owner_without_a_name_can_be_brought_back(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    os.chown(path, 54321, 54322)
    wanted = {str(path): file("new")}
    with pytest.raises(Refused):
        apply(make_plan(wanted, read_present(wanted)), refuse)
    assert (path.stat().st_uid, path.stat().st_gid) == (54321, 54322)
    assert path.read_text() == "old"


def test_a_name_that_is_swapped_while_it_is_written_gives_no_other_file_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.write_text("root's")
    other.chmod(0o600)
    chmod = os.fchmod

    def swapping(descriptor: int, mode: int) -> None:
        (made,) = tmp_path.glob(".a.*")
        made.unlink()
        made.symlink_to(other)
        chmod(descriptor, mode)

    monkeypatch.setattr(os, "fchmod", swapping)
    put(str(tmp_path / "a"), file("new", 0o666))
    assert stat.S_IMODE(other.stat().st_mode) == 0o600
    assert other.read_text() == "root's"


def test_a_staged_copy_has_the_changes_and_the_rest_and_leaves_the_folder_alone(
    etc: Path,
) -> None:
    before = snapshot(etc)
    with staged(plan_for(etc), str(etc)) as stage:
        copy = Path(stage)
        assert copy.name == "etc"
        assert (copy / "changed").read_text() == "new"
        assert (copy / "folder" / "deep" / "created").read_text() == "created"
        assert (copy / "untouched").read_text() == "same"
        assert not (copy / "removed").exists()
        assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    assert not copy.parent.exists()
    assert snapshot(etc) == before


def test_a_staged_copy_can_be_of_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    path = str(tmp_path / "none" / "a")
    with staged(make_plan({path: file("x")}, {}), str(tmp_path / "none")) as stage:
        assert (Path(stage) / "a").read_text() == "x"
    assert not (tmp_path / "none").exists()


def test_nothing_written_in_a_staged_copy_goes_through_a_link_to_the_host(etc: Path) -> None:
    live = etc.parent / "live"
    live.mkdir()
    (live / "a").write_text("live")
    (etc / "link").symlink_to(live)
    plan = make_plan({str(etc / "link" / "a"): file("new")}, {})
    with staged(plan, str(etc)) as stage:
        assert (Path(stage) / "link" / "a").read_text() == "new"
    assert (live / "a").read_text() == "live"


def test_sockets_pipes_and_broken_links_do_not_keep_a_folder_from_being_staged(etc: Path) -> None:
    os.mkfifo(etc / "pipe")
    (etc / "broken").symlink_to("nowhere")
    with staged(Plan(), str(etc)) as stage:
        assert sorted(path.name for path in Path(stage).iterdir()) == [
            "changed",
            "linked",
            "removed",
            "untouched",
        ]


def test_changes_elsewhere_are_not_staged(etc: Path) -> None:
    with staged(make_plan({str(etc.parent / "x"): file("x")}, {}), str(etc)) as stage:
        assert not (Path(stage).parent / "x").exists()
