"""Behaviour of the firewall action: a new connection confirms, none is told clearly."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection import ConnectionBase
from ansible_collections.postern.mail.plugins.action import firewall

TRIAL = {"token": "word", "client": "198.51.100.7", "port": 22}
DIFF = [{"before": "a\n\tb\n", "after": "a\n\tc\n"}]
ON_TRIAL = {"changed": True, "diff": DIFF, "trial": TRIAL}


class Connection(ConnectionBase):
    """A connection that counts how often it is given up."""

    transport = "test"
    resets = 0

    def __init__(self) -> None:
        pass

    def reset(self) -> None:
        self.resets += 1

    def _connect(self) -> None: ...
    def exec_command(self, *_args: Any, **_more: Any) -> None: ...
    def put_file(self, *_args: Any) -> None: ...
    def fetch_file(self, *_args: Any) -> None: ...
    def close(self) -> None: ...


class Fixed(Connection):
    """A connection that can't be given up, such as podman's."""

    reset = ConnectionBase.reset


class Action(firewall.ActionModule):
    """The action with a host that gives these answers, one a call."""

    def __init__(self, *answers: Any, connection: Connection | None = None) -> None:
        self._connection = connection or Connection()
        self._task = SimpleNamespace(
            args={"ssh_ports": [22], "rollback_seconds": 20}, async_val=0, diff=False
        )
        self.answers: Iterator[Any] = iter(answers)
        self.calls: list[Any] = []

    def _execute_module(self, module_args: Any = None, **_more: Any) -> dict[str, Any]:
        self.calls.append(module_args)
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(now=0.0)

    def sleep(seconds: float) -> None:
        clock.now += seconds

    monkeypatch.setattr(firewall.time, "sleep", sleep)
    monkeypatch.setattr(firewall.time, "monotonic", lambda: clock.now)
    monkeypatch.setattr(firewall.ActionBase, "run", lambda *_args: {})


def test_without_a_trial_the_modules_answer_is_the_end_of_it() -> None:
    action = Action({"changed": False, "diff": []})
    assert action.run() == {"changed": False, "diff": []}
    assert action._connection.resets == 0


def test_a_failure_of_the_module_is_not_tried_again() -> None:
    action = Action({"failed": True, "msg": "nft refuses the rules"})
    assert action.run()["msg"] == "nft refuses the rules"
    assert len(action.calls) == 1


def test_a_trial_is_confirmed_over_a_new_connection() -> None:
    action = Action(ON_TRIAL, {"changed": True, "verdict": "kept"})
    assert action.run() == {"changed": True, "diff": DIFF, "verdict": "kept"}
    assert action._connection.resets == 1
    assert action.calls[1] == {"ssh_ports": [22], "rollback_seconds": 20, "confirm": TRIAL}


def test_a_connection_that_cannot_be_given_up_is_used_again() -> None:
    action = Action(ON_TRIAL, {"verdict": "kept"}, connection=Fixed())
    assert action.run()["verdict"] == "kept"


def test_a_cut_off_controller_waits_and_tells_what_the_host_did() -> None:
    refused = [AnsibleConnectionFailure("timed out")] * 3
    result = Action(ON_TRIAL, *refused, {"verdict": "rolled_back", "restored": True}).run()
    assert result["failed"]
    assert not result["changed"]
    assert "cut the controller off" in result["msg"]
    assert "by itself after 20 seconds" in result["msg"]
    assert "in force again" in result["msg"]
    assert "firewall_extra_rules" in result["msg"]
    assert result["msg"].splitlines()[-2:] == ["  - b", "  + c"]


def test_rules_that_did_not_come_back_are_told() -> None:
    end = {"verdict": "rolled_back", "restored": False}
    assert "NOT what it was before" in Action(ON_TRIAL, end).run()["msg"]


def test_a_host_that_restarted_is_told() -> None:
    assert "restarts" in Action(ON_TRIAL, {"verdict": "lost"}).run()["msg"]


def test_a_host_that_never_answers_again_is_told_with_the_last_error() -> None:
    result = Action(ON_TRIAL, *[AnsibleConnectionFailure("No route to host")] * 500).run()
    assert result["failed"]
    assert result["verdict"] == "unreachable"
    assert "No route to host" in result["msg"]


def test_a_confirmation_that_fails_gives_its_own_words() -> None:
    end = {"failed": True, "msg": "systemctl enable failed"}
    assert Action(ON_TRIAL, end).run()["msg"] == "systemctl enable failed"
