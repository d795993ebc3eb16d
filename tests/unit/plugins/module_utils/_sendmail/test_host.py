"""The host's side: what has to be compiled, what is shown, what has to be read again."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Change, File, Plan
from ansible_collections.postern.mail.plugins.module_utils._sendmail import host
from ansible_collections.postern.mail.plugins.module_utils._sendmail.model import Table
from ansible_collections.postern.mail.plugins.module_utils._sendmail.units import (
    TMPFILES_PATH,
    Services,
    TransactionLog,
    render_units,
)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(host, "source_path", lambda name: str(tmp_path / name))
    monkeypatch.setattr(host, "database_path", lambda name: str(tmp_path / f"{name}.db"))
    monkeypatch.setattr(Path, "owner", lambda _path: "root")
    monkeypatch.setattr(Path, "group", lambda _path: "smmsp")
    for name, mode in (("access", 0o640), ("access.db", 0o640)):
        (tmp_path / name).write_bytes(b"x")
        (tmp_path / name).chmod(mode)
    return tmp_path


def test_a_database_that_is_as_it_shall_be_is_left(folder: Path) -> None:
    assert folder.is_dir()
    assert not host._is_stale(Table("access"), Plan())


def test_a_database_is_made_anew_after_its_text_and_when_it_is_old_open_or_lost(
    folder: Path,
) -> None:
    source, database = folder / "access", folder / "access.db"
    table = Table("access")
    assert host._is_stale(table, Plan((Change(str(source), None, File(b"")),)))
    os.utime(database, (0, 0))
    assert host._is_stale(table, Plan())
    os.utime(database)
    database.chmod(0o644)
    assert host._is_stale(table, Plan())
    database.unlink()
    assert host._is_stale(table, Plan())


def test_of_what_is_made_from_a_text_only_the_text_is_shown() -> None:
    plan = Plan(
        (
            Change("/etc/aliases", None, File(b"a: b\n")),
            Change("/etc/mail/access.db", None, File(b"\0")),
            Change("/etc/mail/aliases.db", None, File(b"\0")),
            Change("/etc/mail/sendmail.cf", None, File(b"V10\n")),
            Change("/etc/mail/sendmail.mc", None, File(b"OSTYPE\n")),
        )
    )
    shown = {entry["after_header"]: entry["after"] for entry in host.diff(plan)}
    assert shown == {
        "/etc/aliases": "a: b\n",
        "/etc/mail/access.db": "(compiled table)\n",
        "/etc/mail/sendmail.mc": "OSTYPE\n",
    }


def test_a_cf_that_was_changed_by_hand_is_shown() -> None:
    plan = Plan((Change("/etc/mail/sendmail.cf", File(b"V9\n"), File(b"V10\n")),))
    assert host.diff(plan)[0]["before"] == "V9\n"


def test_a_table_that_leaves_is_veiled_where_root_alone_could_read_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    present = {"/etc/mail/authinfo": File(b"hidden", 0o600)}
    monkeypatch.setattr(host, "read_present", lambda paths, _most: {p: present[p] for p in paths})
    plan = host.plan_files({"/etc/mail/authinfo": None})
    assert "hidden" not in str(host.diff(plan))


def test_tables_are_opened_anew_and_the_rest_has_to_be_read_again() -> None:
    assert "/etc/mail/local-host-names" in host.RELOADS
    assert "/etc/mail/submit.cf" in host.RELOADS
    assert "/etc/sasl2/Sendmail.conf" in host.RELOADS
    assert "/etc/mail/access.db" not in host.RELOADS


def told(path: Path, size_mib: int = 1) -> File | None:
    log = TransactionLog(str(path), size_mib)
    return render_units(Services(log=log))[TMPFILES_PATH]


def test_a_log_of_dialogues_leaves_with_its_option_and_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, older, other = (tmp_path / name for name in ("log", "log.1", "other"))
    for path in (log, older, other):
        path.write_bytes(b"a password")
    monkeypatch.setattr(host, "settle", lambda *_arguments, **_more: None)
    monkeypatch.setattr(host, "apply", lambda _plan, accept, _undo: accept())
    stays = Plan((Change(TMPFILES_PATH, told(log), told(log, 2)),))
    assert host.leaving_logs(stays) == []
    leaves = Plan((Change(TMPFILES_PATH, told(log), None),))
    assert host.leaving_logs(leaves) == [log, older]
    moves = Plan((Change(TMPFILES_PATH, told(log), told(other)),))
    assert host.leaving_logs(moves) == [log, older]
    host.converge(stays, [])
    assert log.exists()
    host.converge(leaves, [])
    assert sorted(tmp_path.iterdir()) == [other]


def test_a_log_that_leads_elsewhere_is_no_file_of_ours(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"x")
    (tmp_path / "log").symlink_to("other")
    leaves = Plan((Change(TMPFILES_PATH, told(tmp_path / "log"), None),))
    assert host.leaving_logs(leaves) == []
