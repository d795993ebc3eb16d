"""Behaviour of a change as a whole: Maildirs first, logins next, and what goes goes last."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._courier.change import (
    Change,
    look_at_host,
    problems_of,
)
from ansible_collections.postern.mail.tests.unit.courier_host import CREDENTIALS, CourierHost
from ansible_collections.postern.mail.tests.unit.courier_samples import courier


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> CourierHost:
    return CourierHost(monkeypatch)


def look(tmp_path: Path, **changes: object) -> Change:
    return look_at_host(courier(folder=str(tmp_path / "vmail"), **changes), CREDENTIALS)


def test_maildirs_stand_before_anybody_can_log_in(host: CourierHost, tmp_path: Path) -> None:
    host.refuses = True
    change = look(tmp_path)
    with pytest.raises(Exception, match="own words"):
        change.bring(str(tmp_path / "archive"))
    assert (tmp_path / "vmail/example.org/alice/Maildir/cur").is_dir()


def test_logins_are_compiled_after_an_interrupted_run_too(
    host: CourierHost, tmp_path: Path
) -> None:
    look(tmp_path).bring("")
    assert not look(tmp_path).changed
    host.stale = True
    assert look(tmp_path).changed


def test_a_crashed_service_is_started(host: CourierHost, tmp_path: Path) -> None:
    look(tmp_path).bring("")
    host.running.discard("courier-imap.service")
    change = look(tmp_path)
    assert change.changed
    assert "courier-imap.service: started" in change.diff()[0]["after"]


def test_nobody_who_can_log_in_means_nobody_is_asked_for(host: CourierHost, tmp_path: Path) -> None:
    host.know()
    assert look(tmp_path).known_login == ""


def test_a_rename_onto_mail_is_a_problem(host: CourierHost, tmp_path: Path) -> None:
    look(tmp_path).bring("")
    boxes = [{"name": "alice@example.org", "renamed_from": "carol@example.org"}]
    assert "has mail, and so has" in str(problems_of(look(tmp_path, mailboxes=boxes))[0])
    assert host.owner
