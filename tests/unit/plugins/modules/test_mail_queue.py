"""Behaviour of the mail_queue module, with a queue in memory."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._queue.actions import Choice
from ansible_collections.postern.mail.plugins.module_utils._queue.model import Message
from ansible_collections.postern.mail.plugins.modules import mail_queue
from ansible_collections.postern.mail.tests.unit.memory_host import run_module

Runner = Callable[..., dict[str, Any]]


class Queue:
    """A queue, its agent's doors, and what was done to them."""

    def __init__(self) -> None:
        self.agents = ["postfix"]
        self.messages = [
            Message("postfix", "1A", "deferred", "waiting", "a@b", ("c@d",), 1, 1),
            Message("postfix", "2B", "hold", "held", "", ("e@f",), 1, 1),
        ]
        self.open = True
        self.acts: list[Choice] = []

    def act(self, _agent: str, choice: Choice) -> list[str]:
        self.acts.append(choice)
        return []

    def close(self, _agent: str) -> None:
        self.open = False

    def reopen(self, _agent: str) -> bool:
        was, self.open = self.open, True
        return not was

    def empty(self, _agent: str, _seconds: int) -> None:
        self.messages = self.messages[1:]


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    found = Queue()
    monkeypatch.setattr(mail_queue.host, "installed_agents", lambda: found.agents)
    monkeypatch.setattr(mail_queue.host, "read_queue", lambda _agent: found.messages)
    monkeypatch.setattr(mail_queue.host, "act", found.act)
    monkeypatch.setattr(mail_queue.host, "empty_within", found.empty)
    monkeypatch.setattr(mail_queue.doors, "is_open", lambda _agent: found.open)
    monkeypatch.setattr(mail_queue.doors, "close", found.close)
    monkeypatch.setattr(mail_queue.doors, "reopen", found.reopen)
    return found


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Runner:
    return lambda check=False, **options: run_module(mail_queue, capsys, check, **options)


def test_the_queue_is_shown_and_nothing_changed(queue: Queue, run: Runner) -> None:
    answer = run()
    assert answer["lines"] == ["1A waiting <a@b> -> c@d", "2B held <> -> e@f"]
    assert not answer["changed"]


def test_a_dry_run_lists_what_a_real_run_touches(queue: Queue, run: Runner) -> None:
    dry = run(check=True, action="delete", sender="<>")
    assert queue.acts == []
    real = run(action="delete", sender="<>")
    assert dry["lines"] == real["lines"] == ["2B held <> -> e@f"]
    assert dry["changed"]
    assert dry["diff"] == real["diff"]
    assert [one.id for one in queue.acts[0].messages] == ["2B"]


def test_a_delete_without_a_pattern_is_refused(queue: Queue, run: Runner) -> None:
    assert "would empty the queue" in run(action="delete")["msg"]
    assert "would empty the queue" in run(action="delete", sender="", id=[])["msg"]
    assert queue.acts == []


def test_an_action_that_touches_nothing_changes_nothing(queue: Queue, run: Runner) -> None:
    assert not run(action="hold", sender="nobody@*")["changed"]


def test_what_an_agent_can_not_do_is_said(queue: Queue, run: Runner) -> None:
    queue.agents = ["nullmailer"]
    assert "nullmailer can't hold a message" in run(action="hold")["msg"]


@pytest.mark.parametrize(("agents", "words"), [([], "none"), (["a", "b"], "a, b")])
def test_one_agent_is_expected(queue: Queue, run: Runner, agents: list[str], words: str) -> None:
    queue.agents = agents
    assert f"installed: {words}" in run()["msg"]


def test_an_agent_that_is_not_there_is_said(queue: Queue, run: Runner) -> None:
    assert "sendmail is not installed here" in run(agent="sendmail")["msg"]


def test_a_drained_host_is_closed_and_says_what_is_left(queue: Queue, run: Runner) -> None:
    checked = run(check=True, action="drain")
    assert queue.open
    assert checked["changed"]
    answer = run(action="drain")
    assert not queue.open
    assert not answer["open"]
    assert answer["lines"] == ["2B held <> -> e@f"]


def test_a_host_is_brought_back_once(queue: Queue, run: Runner) -> None:
    queue.open = False
    assert run(check=True, action="resume")["changed"]
    assert run(action="resume")["changed"]
    assert queue.open
    assert not run(action="resume")["changed"]
