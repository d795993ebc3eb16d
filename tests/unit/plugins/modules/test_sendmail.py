"""Behaviour of the sendmail module: check mode, silence, refusal before and after, secrets."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core import apply as core_apply
from ansible_collections.postern.mail.plugins.modules import sendmail
from ansible_collections.postern.mail.tests.unit.memory_host import run_module
from ansible_collections.postern.mail.tests.unit.plugins.module_utils._sendmail import (
    fake as fake_sendmail,
)

Runner = Callable[..., dict[str, Any]]

WANTED: dict[str, Any] = {
    "mode": "daemon",
    "mc": {
        "defines": {"confMAX_MESSAGE_SIZE": 1000},
        "daemon_options": [{"name": "MTA", "port": "smtp", "address": "127.0.0.1"}],
    },
    "tables": {
        "access": {"entries": {"From:spammer.example": "REJECT"}},
        "virtusertable": {"entries": {"info@example.org": ["alice", "bob@example.net"]}},
    },
    "aliases": {"entries": {"postmaster": ["root"]}},
    "lists": {"local_host_names": {"entries": ["example.org"]}},
    "authinfo": {"smart.example.org": {"username": "fleet", "password": "fake-secret"}},
    "sasl": {"pwcheck_method": "saslauthd"},
}


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> fake_sendmail.FakeSendmail:
    found = fake_sendmail.FakeSendmail()
    found.into(monkeypatch, sendmail)
    monkeypatch.setattr(sendmail, "workspace", lambda _disk: core_apply.workspace(str(tmp_path)))
    return found


@pytest.fixture
def run(daemon: fake_sendmail.FakeSendmail, capsys: pytest.CaptureFixture[str]) -> Runner:
    def call(check: bool = False, **more: Any) -> dict[str, Any]:
        assert daemon is not None
        return run_module(sendmail, capsys, check, **{**WANTED, **more})

    return call


def test_a_first_run_writes_everything_and_lets_it_run(
    daemon: fake_sendmail.FakeSendmail, run: Runner
) -> None:
    done = run()
    assert (done["changed"], done["restart_required"], done["in_service"]) == (True, True, True)
    assert "define(`confMAX_MESSAGE_SIZE', `1000')dnl\n" in daemon.text("/etc/mail/sendmail.mc")
    assert "O MaxMessageSize=1000\n" in daemon.text("/etc/mail/sendmail.cf")
    assert "From:spammer.example\tREJECT\n" in daemon.text("/etc/mail/access")
    assert "postmaster: root\n" in daemon.text("/etc/aliases")
    assert "example.org\n" in daemon.text("/etc/mail/local-host-names")
    assert "pwcheck_method: saslauthd\n" in daemon.text("/etc/sasl2/Sendmail.conf")
    assert {path for path in daemon.files if path.endswith(".db")} == {
        f"/etc/mail/{name}.db" for name in ("access", "aliases", "authinfo", "virtusertable")
    }
    assert len(daemon.settled) == 1


def test_an_address_with_several_targets_gets_an_alias(
    daemon: fake_sendmail.FakeSendmail, run: Runner
) -> None:
    run()
    table = daemon.text("/etc/mail/virtusertable")
    name = table.splitlines()[-1].partition("\t")[2]
    assert f"{name}: alice, bob@example.net\n" in daemon.text("/etc/aliases")


def test_a_second_run_is_silent_and_builds_without_a_rehearsal(
    daemon: fake_sendmail.FakeSendmail, run: Runner
) -> None:
    run()
    daemon.asked.clear()
    again = run()
    assert (again["changed"], again["diff"]) == (False, [])
    assert (again["reload_needed"], again["restart_required"]) == (False, False)
    assert daemon.asked == ["m4 -", "m4 -"]
    assert len(daemon.settled) == 1


def test_a_check_run_says_what_a_real_run_does_and_writes_nothing(
    daemon: fake_sendmail.FakeSendmail, run: Runner
) -> None:
    checked = run(check=True)
    assert (daemon.files, daemon.settled) == ({}, [])
    done = run()
    assert (checked["changed"], checked["diff"]) == (done["changed"], done["diff"])


def test_a_check_run_before_the_first_one_needs_no_sendmail(
    daemon: fake_sendmail.FakeSendmail, run: Runner
) -> None:
    daemon.installed = False
    assert run(check=True)["changed"]
    assert daemon.asked == []
    assert run()["msg"] == "Sendmail is not installed"


def test_a_secret_is_in_no_diff_no_answer_and_no_log(
    daemon: fake_sendmail.FakeSendmail, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[str] = []
    monkeypatch.setattr(
        sendmail.AnsibleModule,
        "log",
        lambda _self, msg, log_args=None: logged.append(f"{msg} {log_args}"),
    )
    hidden = ("fake-secret", "ZmFrZS1zZWNyZXQ")
    done, left = run(), run(authinfo={})
    assert left["changed"]
    for secret in hidden:
        assert secret not in json.dumps([done["diff"], left["diff"]])
        assert secret not in json.dumps([*logged, *daemon.asked])


def test_what_leaves_the_options_leaves_the_host(
    daemon: fake_sendmail.FakeSendmail, run: Runner
) -> None:
    run()
    run(tables={}, lists={}, authinfo={}, sasl={})
    gone = ("access", "access.db", "authinfo", "authinfo.db", "virtusertable", "local-host-names")
    assert not {f"/etc/mail/{name}" for name in gone} & {*daemon.files}
    assert "/etc/sasl2/Sendmail.conf" not in daemon.files
    assert "FEATURE(`access_db')" not in daemon.text("/etc/mail/sendmail.mc")


def test_a_change_of_lists_reloads_and_one_of_tables_does_not(
    daemon: fake_sendmail.FakeSendmail, run: Runner
) -> None:
    run()
    done = run(lists={"local_host_names": {"entries": ["example.net"]}})
    assert (done["reload_needed"], daemon.settled[-1][1]) == (True, True)
    tables = {**WANTED["tables"], "access": {"entries": {"From:b.example": "OK"}}}
    done = run(tables=tables, lists={"local_host_names": {"entries": ["example.net"]}})
    assert (done["changed"], done["reload_needed"], daemon.settled[-1][1]) == (True, False, False)


def test_what_does_not_run_is_settled_and_is_a_change(
    daemon: fake_sendmail.FakeSendmail, run: Runner
) -> None:
    run()
    daemon.amiss = ["postern-sendmail.service does not run"]
    done = run()
    assert (done["changed"], done["in_service"]) == (True, True)
    assert done["diff"][0]["before"] == "postern-sendmail.service does not run\n"
    assert run()["changed"] is False


@pytest.mark.parametrize("check", [True, False])
def test_a_bad_model_is_refused_before_sendmail_is_asked(
    daemon: fake_sendmail.FakeSendmail, run: Runner, check: bool
) -> None:
    refused = run(check, queue_interval="often")
    assert refused["msg"].startswith("1 problem, nothing was changed:")
    assert daemon.asked == []


@pytest.mark.parametrize("check", [True, False])
def test_what_sendmail_objects_to_goes_nowhere(
    daemon: fake_sendmail.FakeSendmail, run: Runner, check: bool
) -> None:
    daemon.says["-bt"] = "/x/sendmail.cf: line 2: Invalid time unit `x'"
    refused = run(check)
    assert "mc.defines.confMAX_MESSAGE_SIZE: Sendmail says: Invalid time unit" in refused["msg"]
    assert daemon.files == {}


def test_an_unknown_name_comes_with_its_nearest(run: Runner) -> None:
    refused = run(mc={**WANTED["mc"], "defines": {"confMAX_MESAGE_SIZE": 5}})
    assert 'did you mean "confMAX_MESSAGE_SIZE"?' in refused["msg"]


@pytest.mark.parametrize("part", ["refusal", "live"])
def test_what_sendmail_does_not_take_brings_the_old_files_back(
    daemon: fake_sendmail.FakeSendmail, run: Runner, part: str
) -> None:
    run()
    before = dict(daemon.files)
    words = "451 4.3.0 Temporary system failure"
    setattr(daemon, part, words if part == "refusal" else [words])
    refused = run(mc={**WANTED["mc"], "defines": {"confMAX_MESSAGE_SIZE": 5}})
    assert words in refused["msg"]
    assert refused["msg"].startswith("Sendmail took it back, the old files stand again:")
    assert daemon.files == before
    assert daemon.returned == 1


def test_a_refusal_in_the_rehearsed_dialogue_goes_nowhere(
    daemon: fake_sendmail.FakeSendmail, run: Runner
) -> None:
    daemon.staged = ["451 4.3.0 Temporary system failure"]
    assert "mc: Sendmail says: 451 4.3.0" in run()["msg"]
    assert daemon.files == {}
