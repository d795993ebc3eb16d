"""Behaviour of the cyrus_mailboxes module, against a Cyrus of a few lines."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._cyrus.mailboxes import Store as Model
from ansible_collections.postern.mail.plugins.module_utils._cyrus.names import Names
from ansible_collections.postern.mail.plugins.module_utils._cyrus.steps import Present
from ansible_collections.postern.mail.plugins.modules import cyrus_mailboxes
from ansible_collections.postern.mail.tests.unit.imap_admin import SECRET, Store, serving
from ansible_collections.postern.mail.tests.unit.memory_host import run_module

ALICE = {"name": "alice@example.org", "quota_kib": 1024}
CAROL = {"name": "carol@example.org"}

Runner = Callable[..., dict[str, Any]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    with serving(tmp_path / "admin") as found:
        yield found


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Runner:
    def call(*mailboxes: dict[str, Any], check: bool = False, **more: Any) -> dict[str, Any]:
        options = {
            "mailboxes": list(mailboxes),
            **more,
            "socket": str(tmp_path / "admin"),
            "secret_file": str(tmp_path / "secret"),
        }
        return run_module(cyrus_mailboxes, capsys, check, **options)

    return call


def test_missing_ones_are_made_and_a_second_run_is_silent(store: Store, run: Runner) -> None:
    assert run(ALICE, CAROL)["changed"]
    assert store.quotas == {"alice@example.org": 1024, "carol@example.org": None}
    assert not run(ALICE, CAROL)["changed"]


def test_a_check_run_says_what_a_real_run_does(store: Store, run: Runner) -> None:
    store.quotas = {"alice@example.org": 5}
    checked = run(ALICE, CAROL, check=True)
    assert store.quotas == {"alice@example.org": 5}
    assert run(ALICE, CAROL)["diff"] == checked["diff"]


def test_nothing_is_ever_deleted(store: Store, run: Runner) -> None:
    store.quotas = {"gone@example.org": 7}
    answer = run(ALICE)
    assert answer["unclaimed"] == ["gone@example.org"]
    assert answer["unclaimed_people"] == ["gone@example.org"]
    assert store.quotas["gone@example.org"] == 7
    assert not any("DELETE" in line.upper() for line in store.said)


def test_a_shared_folder_of_nobody_is_not_one_of_the_people_who_left() -> None:
    said = cyrus_mailboxes.result(Model(), Present(Names({"gone@x": set()}, {"old@x"})))
    assert (said["unclaimed"], said["unclaimed_people"]) == (["gone@x", "old@x"], ["gone@x"])


def test_what_is_named_goes_once_it_is_archived(
    store: Store, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.quotas = {"alice@example.org": 1024, "gone@example.org": 7}
    kept: list[str] = []

    def archive(name: str, places: dict[str, str]) -> str:
        kept.append(name)
        return f"/archive/{name}: {', '.join(places)}"

    monkeypatch.setattr(cyrus_mailboxes, "archive", archive)
    monkeypatch.setattr(cyrus_mailboxes, "locate", lambda places: places)
    removed = [{"name": "gone@example.org"}]
    assert run(ALICE, removed=removed, check=True)["changed"]
    assert (kept, len(store.quotas)) == ([], 2)
    assert run(ALICE, removed=removed)["archives"] == ["/archive/gone@example.org: INBOX"]
    assert store.quotas == {"alice@example.org": 1024}
    assert not run(ALICE, removed=removed)["changed"]


def test_one_connection_serves_all(store: Store, run: Runner) -> None:
    run(ALICE, CAROL)
    assert store.said.count("LOGOUT") == 1


def test_before_the_first_run_a_check_says_all_are_missing(run: Runner) -> None:
    answer = run(ALICE, check=True)
    assert answer["diff"]["after"] == "alice@example.org: 1024 KiB\n"


def test_a_cyrus_that_is_down_fails_a_real_run_and_warns_in_a_check(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned: list[str] = []
    monkeypatch.setattr(AnsibleModule, "warn", lambda _self, text: warned.append(text))
    (tmp_path / "secret").write_text(SECRET)
    assert "no login as cyrus-admin" in run(ALICE)["msg"]
    checked = run(ALICE, check=True)
    assert not checked["changed"]
    assert "no login" in warned[0]


def test_the_secret_is_not_in_the_answer(store: Store, run: Runner) -> None:
    store.quotas = {}
    assert SECRET not in str(run(ALICE))
