"""Behaviour of the courier module: one call, a silent second one, and mail that stays."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._courier.wanted import USERDB
from ansible_collections.postern.mail.plugins.modules import courier
from ansible_collections.postern.mail.tests.unit.courier_host import CourierHost
from ansible_collections.postern.mail.tests.unit.courier_samples import arguments
from ansible_collections.postern.mail.tests.unit.memory_host import run_module

Runner = Callable[..., dict[str, Any]]


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> CourierHost:
    return CourierHost(monkeypatch)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Runner:
    def call(*, check: bool = False, **changes: Any) -> dict[str, Any]:
        places = {"folder": str(tmp_path / "vmail"), "archives": str(tmp_path / "archive")}
        options = arguments(**(places | changes))
        return run_module(courier, capsys, check, **options)

    return call


def test_a_new_host_is_made_and_a_second_run_is_silent(host: CourierHost, run: Runner) -> None:
    first = run()
    assert first["changed"]
    assert host.owner
    assert host.calls == ["units", "compile", "know alice@example.org"]
    second = run()
    assert (second["changed"], second["diff"]) == (False, [])


def test_a_check_run_says_what_a_real_run_does(
    host: CourierHost, run: Runner, tmp_path: Path
) -> None:
    checked = run(check=True)
    assert not (tmp_path / "vmail").exists()
    assert not host.running
    assert run()["diff"] == checked["diff"]


def test_a_refusal_brings_the_old_files_back(host: CourierHost, run: Runner) -> None:
    run()
    before, host.refuses = dict(host.files), True
    answer = run(imap_settings={"IMAP_ACL": False})
    assert answer["failed"]
    assert answer["msg"] == "Courier's own words"
    assert host.files == before
    assert host.calls[-1] == "courier-imap.service"


def test_all_that_is_wrong_is_said_at_once(run: Runner) -> None:
    answer = run(owner="root", max_connections=0)
    assert answer["msg"].startswith("2 problems, nothing was changed:")


def test_nothing_is_deleted_unless_it_is_named(
    host: CourierHost, run: Runner, tmp_path: Path
) -> None:
    run()
    left = [{"name": "alice@example.org"}]
    answer = run(mailboxes=left)
    assert answer["unclaimed"] == ["carol@example.org"]
    assert (tmp_path / "vmail/example.org/carol/Maildir").is_dir()
    answer = run(mailboxes=left, removed=[{"name": "carol@example.org"}])
    assert len(answer["archives"]) == 1
    assert not (tmp_path / "vmail/example.org/carol").exists()
    assert host.files
    assert not run(mailboxes=left, removed=[{"name": "carol@example.org"}])["changed"]


def test_sessions_of_who_is_locked_or_gone_are_ended(host: CourierHost, run: Runner) -> None:
    run()
    host.sessions = {1: "alice@example.org", 2: "carol@example.org", 3: "gone@example.org"}
    host.know("alice@example.org")
    answer = run()
    assert answer["ended_sessions"] == ["carol@example.org", "gone@example.org"]
    assert host.sessions == {1: "alice@example.org"}


def test_a_lock_holds_though_something_else_stands_in_the_way(
    host: CourierHost, run: Runner
) -> None:
    run()
    host.sessions = {2: "carol@example.org"}
    host.know("alice@example.org")
    before = host.files[USERDB]
    boxes = [{"name": "alice@example.org", "renamed_from": "carol@example.org"}]
    assert "nothing was changed" in run(check=True, mailboxes=boxes)["msg"]
    assert host.files[USERDB] == before
    answer = run(mailboxes=boxes)
    assert "1 problem, only logins were changed:" in answer["msg"]
    after = host.files[USERDB]
    assert after is not None
    assert b"carol" not in after.content
    assert host.sessions == {}
    assert "nothing was changed" in run(mailboxes=boxes)["msg"]


def test_who_is_both_wanted_and_removed_is_refused(host: CourierHost, run: Runner) -> None:
    answer = run(removed=[{"name": "alice@example.org"}])
    assert "removed[0].name" in answer["msg"]
    assert not host.running


def test_a_shared_folder_that_leaves_the_model_keeps_its_mail(
    host: CourierHost, run: Runner, tmp_path: Path
) -> None:
    run(shared_folders=[{"name": "team", "writers": ["alice@example.org"]}])
    rights = host.files[f"{tmp_path}/vmail/shared/team/Maildir/courierimapacl"]
    assert rights is not None
    assert rights.owner == "vmail"
    left = run(mailboxes=[{"name": "alice@example.org"}])
    assert left["unclaimed"] == ["carol@example.org", "shared/team"]
    assert left["unclaimed_people"] == ["carol@example.org"]
    assert (tmp_path / "vmail/shared/team/Maildir/cur").is_dir()
