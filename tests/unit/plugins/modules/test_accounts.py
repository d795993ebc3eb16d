"""Behaviour of the accounts module: check mode, silence, purge, lock, refusal, rollback."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._accounts.passwd import (
    parse_passwd,
)
from ansible_collections.postern.mail.plugins.module_utils._accounts.render import PASSWD, UNIT
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.modules import accounts
from ansible_collections.postern.mail.tests.unit.memory_host import MemoryHost, run_module

ALICE = {"name": "alice@example.org", "password": "alice-secret"}
CAROL = {"name": "carol@example.org", "password": "carol-secret"}
ADMIN = {"name": "cyrus-admin", "secret_file": "/etc/postern/cyrus-admin.secret"}

Runner = Callable[..., dict[str, Any]]


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> MemoryHost:
    found = MemoryHost()
    found.into(monkeypatch, accounts)
    monkeypatch.setattr(accounts, "restart_saslauthd", found.calls.append)
    monkeypatch.setattr(accounts, "lost", lambda _enabled: [])
    return found


@pytest.fixture
def run(host: MemoryHost, capsys: pytest.CaptureFixture[str]) -> Runner:
    def call(*entries: dict[str, Any], check: bool = False, **more: Any) -> dict[str, Any]:
        options = {"entries": list(entries), "rounds": 1000, **more}
        return run_module(accounts, capsys, check, **options)

    return call


def credentials(host: MemoryHost) -> dict[str, bool]:
    file = host.files[PASSWD]
    assert file is not None
    return {name: one.locked for name, one in parse_passwd(file.content.decode()).items()}


def test_a_second_run_is_silent(run: Runner) -> None:
    assert run(ALICE, CAROL, machine_accounts=[ADMIN])["changed"]
    again = run(ALICE, CAROL, machine_accounts=[ADMIN])
    assert (again["changed"], again["diff"]) == (False, [])


def test_a_check_run_says_what_a_real_run_does(host: MemoryHost, run: Runner) -> None:
    checked = run(ALICE, machine_accounts=[ADMIN], check=True)
    assert host.files == {}
    done = run(ALICE, machine_accounts=[ADMIN])
    assert (done["changed"], done["diff"]) == (checked["changed"], checked["diff"])
    assert run(ALICE, machine_accounts=[ADMIN], check=True)["changed"] is False


def test_who_is_not_named_leaves_the_file(host: MemoryHost, run: Runner) -> None:
    run(ALICE, CAROL)
    (entry,) = run(CAROL)["diff"]
    assert (entry["before"], entry["after"]) == (
        "alice@example.org\ncarol@example.org\n",
        "carol@example.org\n",
    )
    assert credentials(host) == {"carol@example.org": False}


def test_locking_changes_only_the_lock(host: MemoryHost, run: Runner) -> None:
    run(ALICE)
    (entry,) = run({**ALICE, "locked": True})["diff"]
    assert entry["after"] == "alice@example.org: locked\n"
    assert credentials(host) == {"alice@example.org": True}


def test_other_rounds_hash_again(run: Runner) -> None:
    run(ALICE)
    (entry,) = run(ALICE, rounds=1001)["diff"]
    assert entry["after"] == "alice@example.org: new password\n"


def test_no_secret_is_in_the_answer(host: MemoryHost, run: Runner) -> None:
    answer = run(ALICE, machine_accounts=[ADMIN])
    secret = host.files[ADMIN["secret_file"]]
    assert secret is not None
    del answer["invocation"]
    assert "alice-secret" not in str(answer)
    assert secret.content.decode().strip() not in str(answer)
    assert "$6$" not in str(answer)


def test_a_secret_that_is_there_is_kept(host: MemoryHost, run: Runner) -> None:
    run(machine_accounts=[ADMIN])
    before = host.files[ADMIN["secret_file"]]
    run(ALICE, machine_accounts=[ADMIN])
    assert host.files[ADMIN["secret_file"]] == before


def test_problems_are_refused_before_anything_changes(host: MemoryHost, run: Runner) -> None:
    answer = run({"name": "a:b"}, {**ALICE, "password_hash": "plain"})
    assert answer["failed"]
    assert "4 problems, nothing was changed" in answer["msg"]
    assert "plain" not in answer["msg"]
    assert host.files == {}


def test_saslauthd_is_left_alone_unless_its_unit_changes(host: MemoryHost, run: Runner) -> None:
    run(ALICE)
    run(CAROL)
    assert host.calls == ["/run/saslauthd/mux"]


def test_a_unit_that_does_not_come_up_is_taken_back(
    host: MemoryHost, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(ALICE)
    old = host.files[UNIT]

    def refuse(_socket: str) -> None:
        raise Refused("saslauthd does not come back")

    monkeypatch.setattr(accounts, "restart_saslauthd", refuse)
    assert run(ALICE, saslauthd_workers=9)["msg"] == "saslauthd does not come back"
    assert host.files[UNIT] == old
