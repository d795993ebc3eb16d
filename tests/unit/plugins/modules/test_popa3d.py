"""Behaviour of the popa3d module: check mode, refusal before anything changes, silence."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Plan
from ansible_collections.postern.mail.plugins.module_utils._popa3d.change import Change
from ansible_collections.postern.mail.plugins.module_utils._popa3d.users import NewUser
from ansible_collections.postern.mail.plugins.modules import popa3d
from ansible_collections.postern.mail.tests.unit.memory_host import run_module
from ansible_collections.postern.mail.tests.unit.popa3ds import told

Runner = Callable[..., dict[str, Any]]
ALICE = {"login": "alice@example.org", "user": "alice"}


class Scripted(Change):
    """A change that notes what is done with it."""

    done: list[str] = []  # noqa: RUF012 one a test, made anew by the fixture
    refusal: str = ""

    def judge(self) -> None:
        self.done.append("judge")
        if self.refusal:
            raise Refused(self.refusal)

    def apply(self) -> None:
        self.done.append("apply")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    monkeypatch.setattr(Scripted, "done", [])
    monkeypatch.setattr(Scripted, "refusal", "")
    monkeypatch.setattr(popa3d, "known_users", lambda: {"mail": (8, 8)})
    monkeypatch.setattr(popa3d, "is_installed", lambda: True)
    monkeypatch.setattr(popa3d, "in_service", lambda _unit: True)
    change = Scripted(told(), (NewUser("alice", 1000),), Plan(), running=True)
    monkeypatch.setattr(popa3d, "make_change", lambda *_arguments: change)

    def call(check: bool = False, **changes: Any) -> dict[str, Any]:
        return run_module(popa3d, capsys, check, **{"people": [ALICE], **changes})

    return call


def test_a_check_run_judges_and_changes_nothing(run: Runner) -> None:
    answer = run(check=True)
    assert answer["changed"]
    assert answer["users_made"] == ["alice"]
    assert Scripted.done == ["judge"]


def test_a_real_run_applies_what_was_judged(run: Runner) -> None:
    assert run()["in_service"]
    assert Scripted.done == ["judge", "apply"]


def test_systemds_own_words_are_told(run: Runner) -> None:
    Scripted.refusal = "Unknown key"
    assert run()["msg"] == "Unknown key"
    assert Scripted.done == ["judge"]


def test_all_problems_come_at_once_and_nothing_is_done(run: Runner) -> None:
    answer = run(people=[{"login": "x", "user": "mail"}], max_connections=0)
    assert answer["msg"].startswith("4 problems, nothing was changed:")
    assert Scripted.done == []


def test_a_missing_popa3d_is_told(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(popa3d, "is_installed", lambda: False)
    assert run()["msg"] == "popa3d is not installed"
