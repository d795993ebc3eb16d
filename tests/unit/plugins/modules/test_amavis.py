"""Behaviour of the amavis module: check mode, refusal before anything changes, silence."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._amavis.change import Change
from ansible_collections.postern.mail.plugins.module_utils._amavis.model import Amavis
from ansible_collections.postern.mail.plugins.module_utils._amavis.wanted import Surroundings
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Plan
from ansible_collections.postern.mail.plugins.modules import amavis
from ansible_collections.postern.mail.tests.unit.memory_host import run_module

Runner = Callable[..., dict[str, Any]]


class Scripted(Change):
    """A change that notes what is done with it."""

    done: list[Any] = []  # noqa: RUF012 one a test, made anew by the fixture
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
    monkeypatch.setattr(amavis, "is_installed", lambda: True)
    monkeypatch.setattr(amavis, "holds_messages", lambda: False)

    def make(wanted: Amavis | None, around: Surroundings) -> Change:
        Scripted.done.append((wanted and wanted.hostname, around))
        units = ("amavis.service",) if wanted else ()
        return Scripted(Plan(), units, (), running=wanted is None)

    monkeypatch.setattr(amavis, "make_change", make)

    def call(check: bool = False, **options: Any) -> dict[str, Any]:
        return run_module(amavis, capsys, check, **options)

    return call


def test_a_check_run_judges_and_changes_nothing(run: Runner) -> None:
    answer = run(check=True, hostname="mail.example.org", groups=["clamav"], agent_group="postfix")
    assert answer["changed"]
    assert answer["units"] == ["amavis.service"]
    around = Surroundings(("clamav",), "postfix", ())
    assert Scripted.done == [("mail.example.org", around), "judge"]


def test_a_real_run_applies_what_was_judged(run: Runner) -> None:
    assert run()["changed"]
    assert Scripted.done[1:] == ["judge", "apply"]


def test_amavis_own_words_are_told(run: Runner) -> None:
    Scripted.refusal = "syntax error at line 7"
    assert run()["msg"] == "syntax error at line 7"
    assert Scripted.done[1:] == ["judge"]


def test_all_problems_come_at_once_and_nothing_is_done(run: Runner) -> None:
    answer = run(concurrency=0, stopped="reject", attachments={"policy": "allow_only"})
    assert answer["msg"].startswith("3 problems, nothing was changed:")
    assert Scripted.done == []


def test_a_missing_amavis_is_told_unless_it_is_a_check(
    run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(amavis, "is_installed", lambda: False)
    assert run()["msg"] == "amavis is not installed"
    assert run(check=True)["changed"]


def test_without_a_filter_it_rests_whatever_else_is_said(
    run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(amavis, "is_installed", lambda: False)
    answer = run(state="absent", concurrency=0, quarantine_days=60)
    assert answer["units"] == []
    assert not answer["quarantined"]
    assert Scripted.done == [(None, Surroundings()), "judge", "apply"]


@pytest.mark.parametrize(("given", "days"), [(60, 60), (0, 0), (-1, 0)])
def test_what_a_former_filter_has_left_is_kept_as_long_as_is_said(
    run: Runner, monkeypatch: pytest.MonkeyPatch, given: int, days: int
) -> None:
    monkeypatch.setattr(amavis, "holds_messages", lambda: True)
    assert run(state="absent", quarantine_days=given)["quarantined"]
    assert Scripted.done[0] == (None, Surroundings(left_days=days))
