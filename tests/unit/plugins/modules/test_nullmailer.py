"""Behaviour of the nullmailer module: check mode, refusal before anything changes, silence."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Plan
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._nullmailer.change import Change
from ansible_collections.postern.mail.plugins.modules import nullmailer
from ansible_collections.postern.mail.tests.unit.memory_host import run_module
from ansible_collections.postern.mail.tests.unit.nullmailers import SECRET, arguments, told

Runner = Callable[..., dict[str, Any]]


class Scripted(Change):
    """A change that notes what is done with it."""

    done: list[str] = []  # noqa: RUF012 one a test, made anew by the fixture
    refusal: str = ""

    def rehearse(self) -> None:
        self.done.append("rehearse")
        if self.refusal:
            raise Refused(self.refusal)

    def apply(self) -> None:
        self.done.append("apply")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    monkeypatch.setattr(Scripted, "done", [])
    monkeypatch.setattr(Scripted, "refusal", "")
    monkeypatch.setattr(nullmailer, "is_installed", lambda: True)
    monkeypatch.setattr(nullmailer, "in_service", lambda _unit: True)

    def call(
        check: bool = False, problems: tuple[Problem, ...] = (), **changes: Any
    ) -> dict[str, Any]:
        change = Scripted(told(), Plan(), active=False, enabled=True, problems=problems)
        monkeypatch.setattr(nullmailer, "make_change", lambda _wanted, _file: change)
        return run_module(nullmailer, capsys, check, **arguments(**changes))

    return call


def test_a_check_run_rehearses_and_changes_nothing(run: Runner) -> None:
    answer = run(check=True)
    assert answer["changed"]
    assert Scripted.done == ["rehearse"]


def test_a_real_run_applies_what_was_rehearsed(run: Runner) -> None:
    assert run()["in_service"]
    assert Scripted.done == ["rehearse", "apply"]


def test_problems_are_told_together_before_anything_is_looked_at(run: Runner) -> None:
    answer = run(hostname="desk", pause_seconds=0)
    assert "2 problems, nothing was changed" in answer["msg"]
    assert Scripted.done == []


def test_a_refused_rehearsal_changes_nothing(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scripted, "refusal", "smtp: unknown option")
    assert run()["msg"] == "smtp: unknown option"
    assert Scripted.done == ["rehearse"]


def test_a_missing_authority_fails_a_real_run_alone(run: Runner) -> None:
    missing = (Problem("ca_file", "/etc/postern/tls/ca.crt holds no certificate"),)
    assert "holds no certificate" in run(problems=missing)["msg"]
    assert "msg" not in run(check=True, problems=missing)


def test_without_nullmailer_a_check_run_still_shows_the_files(
    run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nullmailer, "is_installed", lambda: False)
    assert run()["msg"] == "nullmailer is not installed"
    assert run(check=True)["changed"]


def test_a_password_is_in_no_answer(run: Runner) -> None:
    assert SECRET not in str(run())
