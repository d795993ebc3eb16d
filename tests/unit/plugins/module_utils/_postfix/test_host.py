"""What is found on the host: defaults, whether Postfix runs, stale tables, words of the log."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Plan
from ansible_collections.postern.mail.plugins.module_utils._postfix import host
from ansible_collections.postern.mail.plugins.module_utils._postfix.model import (
    Configuration,
    Table,
)
from ansible_collections.postern.mail.tests.unit.plugins.module_utils._postfix.fake_postfix import (
    FakePostfix,
)

JOURNAL = """\
Nov 23 05:07:10 postern-1/smtpd[11]: fatal: bad numerical configuration: a = b
Nov 23 05:07:10 postern-1/cleanup[12]: fatal: bad numerical configuration: a = b
Nov 23 05:07:10 postern-1/smtpd[13]: connect from localhost
Nov 23 05:07:11 postern-2/smtpd[14]: fatal: somebody else's
Nov 23 05:07:11 postfix/submission/smtpd[15]: warning: no key
"""


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakePostfix:
    found = FakePostfix(tmp_path)
    found.into(monkeypatch)
    return found


def test_the_defaults_are_postfixs_own(daemon: FakePostfix) -> None:
    found = host.installed_defaults()
    assert found is not None
    assert (found["biff"], found["relayhost"]) == ("yes", "")
    daemon.missing()
    assert host.installed_defaults() is None


def test_a_number_of_a_process_in_a_file_means_that_it_runs(daemon: FakePostfix) -> None:
    assert host.read_host(daemon.folder) == host.Host(
        daemon.folder, _defaults(), str(daemon.queue), running=False
    )
    daemon.start()
    assert host.read_host(daemon.folder) == host.Host(
        daemon.folder, _defaults(), str(daemon.queue), running=True
    )


def _defaults() -> dict[str, str]:
    return host.installed_defaults() or {}


def test_a_table_is_compiled_when_its_database_is_missing_older_or_open_to_others(
    daemon: FakePostfix,
) -> None:
    maps = Path(daemon.folder, "maps")
    maps.mkdir()
    source, database = maps / "a", maps / "a.lmdb"
    wanted = Configuration(tables=(Table("a", secret=True), Table("c", "cidr")))

    def stale() -> bool:
        return [table.name for table in host.to_compile(wanted, Plan(), daemon.folder)] == ["a"]

    source.write_text("k v\n", encoding="utf-8")
    assert stale()
    database.write_bytes(b"compiled")
    database.chmod(0o600)
    assert not stale()
    database.chmod(0o644)
    assert stale()
    database.chmod(0o600)
    os.utime(database, (1, 1))
    assert stale()


def test_the_log_is_asked_for_complaints_of_one_name_each_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outcome = Outcome(("journalctl",), 0, JOURNAL, "")
    monkeypatch.setattr(host, "run", lambda *_args, **_more: outcome)
    assert host.log_words(0, "postern-1") == [
        "smtpd: fatal: bad numerical configuration: a = b",
        "cleanup: fatal: bad numerical configuration: a = b",
    ]
    assert host.log_words(0, "postfix") == ["smtpd: warning: no key"]
