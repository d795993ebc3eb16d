"""The daemon is believed when it answers, and a failed start or load is told in its words."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._clamav import service as subject
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import TIMED_OUT, Outcome


class Host:
    """systemd and a clamd that notes what is asked of it."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.answers = ["OK"]
        self.log = ""
        self.properties = {"NRestarts": "0", "SubState": "running"}

    def systemctl(self, *words: str) -> Outcome:
        self.calls.append(" ".join(words))
        return Outcome(words, 0, "active\ninactive\n", "")

    def demand(self, unit: str, *words: str) -> None:
        self.calls.append(" ".join([*words, unit]))

    def ask(self, command: str, **_keywords: float) -> str:
        self.calls.append(command)
        return self.answers.pop(0) if self.answers else ""


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Host:
    made = Host()
    monkeypatch.setattr(subject.units, "systemctl", made.systemctl)
    monkeypatch.setattr(subject.units, "demand", made.demand)
    monkeypatch.setattr(subject.units, "log_end", lambda: "cursor")
    monkeypatch.setattr(subject.units, "log_of", lambda _unit, after: made.log)
    monkeypatch.setattr(subject.units, "properties", lambda _unit, *_names: made.properties)
    monkeypatch.setattr(subject, "ask", made.ask)
    monkeypatch.setattr(subject, "scans", lambda **_wait: made.ask("SCAN") == "OK")
    monkeypatch.setattr(subject.time, "sleep", lambda _seconds: None)
    return made


def test_a_start_waits_for_the_answer(host: Host) -> None:
    host.answers = ["", "", "OK"]
    subject.start(10, anew=True, socket_too=False)
    assert "restart clamav-daemon.service" in host.calls
    assert host.calls.count("SCAN") == 3


def test_a_changed_socket_is_closed_first(host: Host) -> None:
    subject.start(10, anew=True, socket_too=True)
    assert host.calls[1] == "stop clamav-daemon.socket clamav-daemon.service"


def test_a_daemon_that_systemd_starts_again_is_refused_with_its_words(host: Host) -> None:
    host.answers = []
    host.properties["NRestarts"] = "1"
    host.log = "Limits: noise\nERROR: Malformed database\nERROR: Malformed database\n"
    with pytest.raises(Refused) as refused:
        subject.start(10, anew=True, socket_too=False)
    assert str(refused.value) == "clamd does not stay:\nERROR: Malformed database"


def test_a_daemon_that_never_scans_is_not_waited_for_without_end(host: Host) -> None:
    host.answers = []
    with pytest.raises(Refused, match="does not scan after 0 s"):
        subject.start(0, anew=False, socket_too=False)


def test_signatures_are_loaded_when_the_daemon_says_so(host: Host) -> None:
    host.log = "Database correctly reloaded (1 signatures)\n"
    subject.load(10)
    assert host.calls == ["RELOAD"]


@pytest.mark.parametrize("state", ["running", "auto-restart"])
def test_signatures_that_are_not_loaded_are_refused(host: Host, state: str) -> None:
    host.properties["SubState"] = state
    host.log = "reload_th: Database load failed: Malformed database\n" if state == "running" else ""
    with pytest.raises(Refused, match="does not load the signatures"):
        subject.load(10)
    host.properties["SubState"], host.log = "running", ""
    with pytest.raises(Refused, match="has not loaded the signatures after 0 s"):
        subject.load(0)


def test_states_are_those_of_each_unit(host: Host) -> None:
    assert subject.states(["a", "b"]) == {"a": (True, True), "b": (False, True)}


def test_a_daemon_that_gives_no_verdict_does_not_run(host: Host) -> None:
    assert subject.states([subject.DAEMON]) == {subject.DAEMON: (True, True)}
    host.answers = []
    assert subject.states([subject.DAEMON]) == {subject.DAEMON: (False, True)}


def test_both_of_clamavs_own_files_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "DATABASES", str(tmp_path))
    (tmp_path / "main.cvd").touch()
    (tmp_path / "postern-local.ndb").touch()
    assert not subject.has_signatures()
    (tmp_path / "daily.cld").touch()
    assert subject.has_signatures()


def test_own_signatures_are_none_that_somebody_has_brought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "DATABASES", str(tmp_path))
    (tmp_path / "postern-local.ndb").touch()
    (tmp_path / "freshclam.dat").touch()
    assert not subject.has_any_signatures()
    (tmp_path / "site.ldb").touch()
    assert subject.has_any_signatures()


def test_a_fetch_tells_its_first_error_or_how_long_it_took(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = Outcome(
        ("freshclam",), 11, "Connecting\nERROR: no network\nERROR: Update failed.", ""
    )
    monkeypatch.setattr(subject, "run", lambda _argv, timeout_seconds: outcome)
    assert subject.fetch(30) == "ERROR: no network"
    outcome = Outcome(("freshclam",), TIMED_OUT, "", "")
    assert subject.fetch(30) == "freshclam was not done after 30 s"
    outcome = Outcome(("freshclam",), 0, "", "")
    monkeypatch.setattr(subject, "has_signatures", lambda: True)
    assert subject.fetch(30) == ""
