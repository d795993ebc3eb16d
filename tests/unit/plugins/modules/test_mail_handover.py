"""Behaviour of the mail_handover module: its three parts, and what a check run says."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._handover import agents
from ansible_collections.postern.mail.plugins.module_utils._handover.agents import POSTFIX
from ansible_collections.postern.mail.plugins.module_utils._handover.collect import Leaving
from ansible_collections.postern.mail.plugins.module_utils._handover.deliver import Account
from ansible_collections.postern.mail.plugins.module_utils._handover.parcel import Parcel
from ansible_collections.postern.mail.plugins.module_utils._handover.store import Store
from ansible_collections.postern.mail.plugins.module_utils._handover.swap import MARK
from ansible_collections.postern.mail.plugins.module_utils._queue.model import Message
from ansible_collections.postern.mail.plugins.modules import mail_handover
from ansible_collections.postern.mail.tests.unit.memory_host import run_module

Runner = Callable[..., dict[str, Any]]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    found = Store(str(tmp_path))
    message = Message("postfix", "1A", "deferred", "waiting", "a@b", ("c@d",), 1, 1)
    monkeypatch.setattr(mail_handover, "Store", lambda: found)
    monkeypatch.setattr(mail_handover, "leaving", lambda _wanted: Leaving((POSTFIX,), ()))
    monkeypatch.setattr(mail_handover.host, "read_queue", lambda _agent: [message])
    monkeypatch.setattr(mail_handover.host, "installed_agents", lambda: ["nullmailer"])
    monkeypatch.setattr(mail_handover.host, "flush", lambda _agent: None)
    monkeypatch.setattr(mail_handover, "run", lambda argv: Outcome(tuple(argv), 0, "", ""))
    monkeypatch.setattr(mail_handover.swap, "run", lambda argv: Outcome(tuple(argv), 0, "", ""))
    return found


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Runner:
    return lambda state, check=False, **options: run_module(
        mail_handover, capsys, check, state=state, agent="nullmailer", **options
    )


def test_the_stand_ins_text_is_found() -> None:
    assert MARK in mail_handover.source_of_the_stand_in()


def test_a_check_run_says_what_a_real_run_takes(
    store: Store, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = ["1A waiting <a@b> -> c@d"]
    monkeypatch.setattr(mail_handover, "collect", lambda *_arguments: taken)
    checked = run("collected", check=True)
    assert not store.pending
    assert checked["collected"] == run("collected")["collected"] == taken
    assert checked["leaving"] == ["postfix"]


def test_nothing_leaves_a_host_that_keeps_its_agent(
    store: Store, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_handover, "leaving", lambda _wanted: Leaving((), ()))
    assert not run("collected")["changed"]


def test_a_foreign_agents_mail_is_refused_in_words(
    store: Store, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = Problem("mail_handover", "exim4 has mail in its queue")
    monkeypatch.setattr(mail_handover, "leaving", lambda _wanted: Leaving((), (problem,)))
    assert "exim4 has mail in its queue" in run("collected")["msg"]


def test_what_is_not_taken_yet_fails_the_task(
    store: Store, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_handover, "deliver", lambda *_arguments: Account(refused=["1A: no"]))
    answer = run("delivered")
    assert answer["failed"]
    assert "1A: no" in answer["msg"]


def test_words_of_a_sender_are_said_as_ansible_takes_them(
    store: Store, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = Account(delivered=["bob: sendmail \udc80"], kept=["no\nsuch \x1b[2J"])
    monkeypatch.setattr(mail_handover, "deliver", lambda *_arguments: account)
    monkeypatch.setattr(mail_handover.host, "installed_agents", lambda: ["nullmailer"])
    monkeypatch.setattr(mail_handover.host, "flush", lambda _agent: None)
    answer = run("delivered")
    assert answer["delivered"] == ["bob: sendmail ?"]
    assert answer["kept"] == ["no such ?[2J"]


def test_nothing_is_delivered_to_an_agent_that_is_not_there(
    store: Store, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_handover.host, "installed_agents", lambda: ["postfix"])
    assert "nullmailer is not installed" in run("delivered")["msg"]


def test_a_check_run_says_what_would_be_delivered(store: Store, run: Runner) -> None:
    store.open()
    store.prepare(Parcel("postfix", "1A", "a@b", ("c@d",), b"x"))
    store.settle(set())
    assert len(run("delivered", check=True)["delivered"]) == 1
    assert len(store.ready()) == 1


def test_the_end_takes_traces_of_agents_that_are_gone(
    store: Store, run: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cleared: list[str] = []
    monkeypatch.setattr(mail_handover, "clear", cleared.extend)
    (tmp_path / "tmpfiles").write_text("d /log :0750 :root :adm -\nf /log/all 0600 root root -\n")
    monkeypatch.setattr(agents, "TMPFILES_PATH", str(tmp_path / "tmpfiles"))
    assert not run("finished")["changed"]
    store.root.mkdir()
    assert run("finished")["changed"]
    assert not store.pending
    assert {"/etc/mail", "/log/all", "/log/all.1"} < set(cleared)
    assert "/etc/nullmailer" not in cleared
