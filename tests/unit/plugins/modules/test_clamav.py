"""The module refuses what can't be, and warns of a host that can't scan."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.modules import clamav as subject
from ansible_collections.postern.mail.tests.unit.memory_host import run_module


class Change:
    """A change that is applied or not."""

    changed, fetches = True, True

    def __init__(self) -> None:
        self.notes = ["no network"]
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *_words: self.calls.append(name) or []


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch) -> Change:
    made = Change()
    monkeypatch.setattr(subject, "make_change", lambda _wanted: made)
    monkeypatch.setattr(subject, "is_active", lambda _unit: False)
    monkeypatch.setattr(subject.rehearsal, "is_installed", lambda: True)
    monkeypatch.setattr(subject.rehearsal, "known_settings", dict)
    monkeypatch.setattr(subject.service, "has_signatures", lambda: False)
    monkeypatch.setattr(subject.service, "has_any_signatures", lambda: False)
    return made


def test_a_host_without_signatures_is_not_reported_as_fine(
    change: Change, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warned: list[str] = []
    monkeypatch.setattr(subject.AnsibleModule, "warn", lambda _self, text: warned.append(text))
    answer = run_module(subject, capsys)
    assert answer["waits_for_signatures"] is True
    assert "mail that is to be scanned waits" in warned[0]
    assert "no network" in warned[0]
    assert "apply" in change.calls


def test_a_check_applies_nothing(change: Change, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_module(subject, capsys, check=True)["changed"] is True
    assert change.calls == ["judge", "diff"]


def test_a_scanner_without_any_signature_is_refused(
    change: Change, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = run_module(subject, capsys, signatures_source="none", threads=0)
    assert answer["msg"].splitlines()[0] == "2 problems, nothing was changed:"
    assert 'signatures_source: "none" leaves clamd without any' in answer["msg"]
    assert change.calls == []


def test_booleans_and_numbers_are_clamavs_words(
    change: Change, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(subject, "make_change", lambda wanted: seen.append(wanted) or change)
    run_module(subject, capsys, settings={"SelfCheck": 300, "LogClean": True})
    assert seen[0].clamd[-2:] == (("LogClean", "yes"), ("SelfCheck", "300"))


def test_absent_takes_back(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    removal = SimpleNamespace(changed=True, diff=list, apply=lambda: calls.append("apply"))
    monkeypatch.setattr(subject, "make_removal", lambda: removal)
    assert run_module(subject, capsys, check=True, state="absent")["changed"] is True
    assert calls == []
    run_module(subject, capsys, state="absent")
    assert calls == ["apply"]
