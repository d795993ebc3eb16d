"""From the wanted state to a change: compared, built, judged, and shown."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Change as FileChange
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Plan
from ansible_collections.postern.mail.plugins.module_utils._sendmail.change import (
    Change,
    make_change,
)
from ansible_collections.postern.mail.plugins.module_utils._sendmail.units import QUEUE, unit_path
from ansible_collections.postern.mail.plugins.module_utils._sendmail.wanted import configuration
from ansible_collections.postern.mail.tests.unit.plugins.module_utils._sendmail.fake import (
    FakeSendmail,
)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeSendmail:
    found = FakeSendmail()
    found.into(monkeypatch)
    return found


def change(folder: Path, **more: Any) -> Change:
    aliases = {"entries": {"postmaster": ["root"]}}
    wanted, problems = configuration({"mode": "queue", "aliases": aliases, **more})
    assert problems == []
    return make_change(wanted, str(folder))


def test_a_change_carries_files_cf_and_databases(fake: FakeSendmail, tmp_path: Path) -> None:
    found = change(tmp_path)
    assert found.installed
    assert {"/etc/mail/sendmail.cf", "/etc/mail/aliases.db", "/etc/aliases"} <= found.plan.paths
    assert (found.changed, found.restart_required, found.reload_needed) == (True, True, False)
    assert fake.files == {}


def test_without_sendmail_only_files_are_compared(fake: FakeSendmail, tmp_path: Path) -> None:
    fake.installed = False
    found = change(tmp_path)
    assert (found.installed, found.changed, fake.asked) == (False, True, [])


def test_strangers_and_rubbish_are_refused_before_anything_is_built(
    fake: FakeSendmail, tmp_path: Path
) -> None:
    found = change(tmp_path, mc={"features": [{"name": "nonsense"}]})
    assert "Sendmail knows no" in str(found.problems[0])
    assert (found.plan, fake.asked) == (Plan(), [])
    fake.says["-"] = "m4: stdin: 5: end of file in string"
    assert "m4 says: m4: stdin: 5" in str(change(tmp_path).problems[0])


def test_an_applied_change_leaves_nothing_to_do(fake: FakeSendmail, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    change(tmp_path / "a").apply()
    again = change(tmp_path)
    assert (again.plan, again.changed, again.diff()) == (Plan(), False, [])
    again.apply()
    assert len(fake.settled) == 1


def test_what_runs_amiss_is_shown_unless_a_unit_changes_anyway(fake: FakeSendmail) -> None:
    wanted, _problems = configuration({"aliases": {"entries": {"postmaster": ["root"]}}})
    amiss = Change(wanted, installed=True, plan=Plan(), amiss=("x does not run",))
    assert fake is not None
    assert amiss.changed
    assert amiss.diff()[0]["before"] == "x does not run\n"
    units = Plan((FileChange(unit_path(QUEUE), None, File(b"")),))
    both = Change(wanted, installed=True, plan=units, amiss=("x does not run",))
    assert both.restart_required
    assert [entry["after_header"] for entry in both.diff()] == [unit_path(QUEUE)]
