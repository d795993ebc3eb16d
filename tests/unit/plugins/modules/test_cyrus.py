"""Behaviour of the cyrus module: check mode, silence, mending, refusal, rollback."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._cyrus.effort import Effort
from ansible_collections.postern.mail.plugins.module_utils._cyrus.model import Layout
from ansible_collections.postern.mail.plugins.module_utils._cyrus.wanted import SETTINGS_FILE
from ansible_collections.postern.mail.plugins.modules import cyrus
from ansible_collections.postern.mail.tests.unit.cyrus_samples import arguments
from ansible_collections.postern.mail.tests.unit.memory_host import MemoryHost, run_module

Runner = Callable[..., dict[str, Any]]


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> MemoryHost:
    found = MemoryHost()
    found.into(monkeypatch, cyrus)

    def take(effort: Effort, _layout: Layout) -> None:
        found.calls.append(effort.name)

    monkeypatch.setattr(cyrus, "take", take)
    monkeypatch.setattr(cyrus, "take_again", lambda _effort, _layout: found.calls.append("AGAIN"))
    monkeypatch.setattr(cyrus, "read_units", lambda: None)
    monkeypatch.setattr(cyrus, "is_running", lambda: True)
    monkeypatch.setattr(cyrus, "CHECKER", "/nowhere")
    return found


@pytest.fixture
def run(host: MemoryHost, capsys: pytest.CaptureFixture[str]) -> Runner:
    def call(check: bool = False, **changes: Any) -> dict[str, Any]:
        return run_module(cyrus, capsys, check, **arguments(**changes))

    return call


def test_a_second_run_is_silent_and_leaves_cyrus_alone(host: MemoryHost, run: Runner) -> None:
    assert run()["restart_required"]
    again = run()
    assert (again["changed"], again["diff"], again["reload_needed"]) == (False, [], False)
    assert host.calls == ["RESTART", "NONE"]


def test_a_check_run_says_what_a_real_run_does(host: MemoryHost, run: Runner) -> None:
    checked = run(check=True)
    assert (host.files, host.calls) == ({}, [])
    done = run()
    assert [checked[key] for key in ("changed", "diff", "restart_required")] == [
        done[key] for key in ("changed", "diff", "restart_required")
    ]


def test_a_file_broken_by_hand_is_shown_and_mended(host: MemoryHost, run: Runner) -> None:
    run()
    good = host.files[SETTINGS_FILE]
    assert good is not None
    host.files[SETTINGS_FILE] = File(good.content + b"expunge_mode: by hand\n")
    answer = run()
    assert "expunge_mode: by hand" in str(answer["diff"])
    assert answer["reload_needed"]
    assert host.files[SETTINGS_FILE] == good


def test_what_the_checker_refuses_changes_nothing(
    host: MemoryHost, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cyrus, "CHECKER", "/")
    monkeypatch.setattr(cyrus, "lint", lambda _wanted: [Problem("settings.x", "Cyrus says no")])
    for check in (True, False):
        answer = run(check=check)
        assert answer["failed"]
        assert "settings.x: Cyrus says no" in answer["msg"]
    assert (host.files, host.calls) == ({}, [])


def test_what_cyrus_does_not_take_is_taken_back(
    host: MemoryHost, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    before = dict(host.files)

    def refuse(_effort: Effort, _layout: Layout) -> None:
        raise Refused("Fatal error: in Cyrus' words")

    monkeypatch.setattr(cyrus, "take", refuse)
    assert run(backend_address="203.0.113.9")["msg"] == "Fatal error: in Cyrus' words"
    assert host.files == before
    assert host.calls[-1] == "AGAIN"


def test_problems_are_refused_before_anything_changes(host: MemoryHost, run: Runner) -> None:
    answer = run(settings={"a": "x\ny"}, events=[{"name": "never", "command": "x"}])
    assert "2 problems, nothing was changed" in answer["msg"]
    assert host.files == {}
