"""Behaviour of a trial: armed before it is loaded, kept or taken back by one rename, never both."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._firewall import trial
from ansible_collections.postern.mail.plugins.module_utils._firewall.model import Firewall
from ansible_collections.postern.mail.plugins.module_utils._firewall.render import render_rules
from ansible_collections.postern.mail.tests.unit.nft_host import NftHost, listed, make

OLD = "table inet postern {\n\told\n}\n"
NEW = render_rules(Firewall())


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NftHost:
    found = make(tmp_path, monkeypatch)
    found.table = OLD
    return found


def test_the_way_back_is_armed_before_the_rules_are_loaded(fake: NftHost) -> None:
    trial.begin(NEW, OLD, 45)
    starts = [command.split()[0] for command in fake.commands]
    assert starts.index("systemd-run") < starts.index("nft")
    assert any("--on-active=45s" in command for command in fake.commands)
    assert fake.table == listed(NEW)


def test_without_a_way_back_nothing_is_loaded(fake: NftHost) -> None:
    fake.failing["systemd-run"] = "Failed to connect to bus"
    with pytest.raises(Refused, match="Failed to connect to bus"):
        trial.begin(NEW, OLD, 45)
    assert fake.table == OLD
    assert not trial.FOLDER.exists()


def test_refused_rules_leave_no_trial_behind(fake: NftHost) -> None:
    fake.failing["nft --file"] = "Error: Could not process rule"
    with pytest.raises(Refused, match="Could not process rule"):
        trial.begin(NEW, OLD, 45)
    assert not fake.timer_armed
    assert not trial.FOLDER.exists()


def test_a_confirmed_trial_stays_and_disarms_the_way_back(fake: NftHost) -> None:
    verdict = trial.settle(trial.begin(NEW, OLD, 45))
    assert verdict == trial.Verdict(trial.KEPT, OLD)
    assert fake.table == listed(NEW)
    assert not fake.timer_armed
    assert not trial.FOLDER.exists()


def test_an_unconfirmed_trial_is_taken_back_and_compared(fake: NftHost) -> None:
    token = trial.begin(NEW, OLD, 45)
    fake.let_the_timer_fire()
    assert trial.settle(token) == trial.Verdict(trial.ROLLED_BACK, OLD, restored=True)
    assert fake.table == OLD


def test_a_first_trial_is_taken_back_to_no_table(fake: NftHost) -> None:
    fake.table = None
    token = trial.begin(NEW, None, 45)
    fake.let_the_timer_fire()
    assert trial.settle(token) == trial.Verdict(trial.ROLLED_BACK, None, restored=True)
    assert fake.table is None


def test_a_table_that_did_not_come_back_is_told(
    fake: NftHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "WAIT_SECONDS", 0.0)
    token = trial.begin(NEW, OLD, 45)
    fake.let_the_timer_fire()
    fake.table = "table inet postern {\n\tother\n}\n"
    assert not trial.settle(token).restored


def test_a_restarted_host_has_lost_the_trial(fake: NftHost) -> None:
    assert trial.settle("word") == trial.Verdict(trial.LOST)


def test_the_word_of_another_trial_confirms_nothing(fake: NftHost) -> None:
    trial.begin(NEW, OLD, 45)
    assert trial.settle("another") == trial.Verdict(trial.LOST)
    assert trial.PREVIOUS.exists()
    assert fake.timer_armed


def test_a_run_outlasts_the_trial_of_one_that_died(
    fake: NftHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial.begin(NEW, OLD, 45)
    monkeypatch.setattr(trial.time, "sleep", lambda _seconds: fake.let_the_timer_fire())
    trial.outlast()
    assert fake.table == OLD


def test_a_way_back_that_never_came_is_taken_by_the_next_run(fake: NftHost) -> None:
    trial.begin(NEW, OLD, 45)
    trial.outlast(limit_seconds=0)
    assert fake.table == OLD
    assert not trial.PREVIOUS.exists()


def test_without_a_trial_there_is_nothing_to_wait_for(fake: NftHost) -> None:
    trial.outlast()
    assert fake.commands == []
