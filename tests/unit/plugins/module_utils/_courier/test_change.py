"""Behaviour of a change as a whole: old rights end, Maildirs stand, then logins; the last goes."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._courier.change import (
    Change,
    look_at_host,
    problems_of,
)
from ansible_collections.postern.mail.plugins.module_utils._courier.parse import parse_userdb
from ansible_collections.postern.mail.plugins.module_utils._courier.wanted import USERDB
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


def locked(host: CourierHost, tmp_path: Path) -> Change:
    """Bring a host up, then look at it after Alice was locked and her session is still there."""
    look(tmp_path).bring("")
    host.know("carol@example.org")
    host.sessions = {1: "alice@example.org"}
    return look(tmp_path)


def logins(host: CourierHost) -> dict[str, bool]:
    """Return who stands in the list of logins, and whether with a hash."""
    file = host.files[USERDB]
    assert file is not None
    found = parse_userdb(file.content.decode())
    return {name: "systempw" in fields for name, fields in found.items()}


def test_a_lock_holds_though_the_files_are_refused(host: CourierHost, tmp_path: Path) -> None:
    left = locked(host, tmp_path).shut_out()
    assert logins(host) == {"alice@example.org": False, "carol@example.org": True}
    assert host.sessions == {}
    host.refuses = True
    (Path(tmp_path) / "vmail/example.org/carol/Maildir/maildirsize").unlink()
    left = look(tmp_path, imap_settings={"IMAP_ACL": False})
    with pytest.raises(Refused):
        left.shut_out().bring("")
    assert not logins(host)["alice@example.org"]


def test_what_is_shut_out_is_compiled_and_never_done_twice(
    host: CourierHost, tmp_path: Path
) -> None:
    change = locked(host, tmp_path)
    host.calls.clear()
    left = change.shut_out()
    assert host.calls == ["compile"]
    assert (left.plan.changed, left.compiles, left.sessions) == (False, False, ())
    assert change.diff() == [one for one in change.diff() if one["before_header"] == USERDB]
    again = look(tmp_path)
    assert again.shut_out() == again
    assert not again.changed


def test_a_refusal_never_brings_old_logins_back(host: CourierHost, tmp_path: Path) -> None:
    locked(host, tmp_path)
    host.know("carol@example.org", "dave@example.org")
    host.refuses = True
    boxes = [{"name": f"{name}@example.org"} for name in ("carol", "dave")]
    with pytest.raises(Refused):
        look(tmp_path, mailboxes=boxes).shut_out().bring("")
    assert logins(host) == {"carol@example.org": True}


def test_at_once_nobody_is_added_since_the_mailbox_may_lack(
    host: CourierHost, tmp_path: Path
) -> None:
    locked(host, tmp_path)
    host.know("carol@example.org", "new@example.org")
    boxes = [{"name": "new@example.org", "renamed_from": "carol@example.org"}]
    left = look(tmp_path, mailboxes=boxes).shut_out()
    assert logins(host) == {}
    left.bring("")
    assert logins(host) == {"new@example.org": True}


def test_a_compilation_that_was_interrupted_is_made_up_for_at_once(
    host: CourierHost, tmp_path: Path
) -> None:
    look(tmp_path).bring("")
    host.stale = True
    host.calls.clear()
    left = look(tmp_path).shut_out()
    assert (host.calls, left.compiles) == (["compile"], False)


def test_folders_above_mailboxes_are_mended(host: CourierHost, tmp_path: Path) -> None:
    look(tmp_path).bring("")
    domain = tmp_path / "vmail/example.org"
    domain.chmod(0o755)
    change = look(tmp_path)
    assert str(domain) in change.diff()[0]["after"]
    change.bring("")
    assert not look(tmp_path).changed


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
