"""A unit is in service only when it runs and comes back after a boot; what is refused says why."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"is-active": 0, "is-enabled": 0}, True),
        ({"is-active": 3, "is-enabled": 0}, False),
        ({"is-active": 0, "is-enabled": 1}, False),
    ],
)
def test_a_unit_has_to_run_and_to_be_enabled(
    monkeypatch: pytest.MonkeyPatch, answers: dict[str, int], expected: bool
) -> None:
    def say(argv: Sequence[str]) -> Outcome:
        return Outcome(tuple(argv), answers[argv[1]], "", "")

    monkeypatch.setattr(units, "run", say)
    assert units.in_service("postfix.service") is expected


class Host:
    """Answers for a host's programs by the beginning of a command line."""

    def __init__(self, **answers: tuple[int, str]) -> None:
        self.answers = answers
        self.said: list[str] = []

    def run(self, argv: Sequence[str]) -> Outcome:
        self.said.append(" ".join(argv))
        rc, out = self.answers.get(argv[0], (0, ""))
        return Outcome(tuple(argv), rc, out, "")


def test_what_systemd_refuses_is_told_with_the_words_of_the_unit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    host = Host(systemctl=(1, "Job failed"), journalctl=(0, "cannot bind to port 993\n"))
    monkeypatch.setattr(units, "run", host.run)
    with pytest.raises(Refused) as refused:
        units.demand("stunnel@postern.service", "restart")
    assert str(refused.value) == (
        "systemctl restart stunnel@postern.service failed:\nJob failed\ncannot bind to port 993"
    )
    with pytest.raises(Refused, match=r"^systemctl daemon-reload failed:\nJob failed\ncannot"):
        units.read_units_again("stunnel@postern.service")


def test_what_systemd_does_is_not_talked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host()
    monkeypatch.setattr(units, "run", host.run)
    units.demand("postfix.service", "enable", "--quiet")
    assert host.said == ["systemctl enable --quiet postfix.service"]


def test_properties_come_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host(systemctl=(0, "ActiveState=active\nExecStart={ path=/bin/true ; x=y }\n\n"))
    monkeypatch.setattr(units, "run", host.run)
    assert units.properties("a.service", "ActiveState", "ExecStart") == {
        "ActiveState": "active",
        "ExecStart": "{ path=/bin/true ; x=y }",
    }
    assert host.said == ["systemctl show --property ActiveState,ExecStart a.service"]


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({}, ""),
        ({"lines": 10}, "--lines 10 "),
        ({"since": "@12.5"}, "--since @12.5 "),
        ({"after": "s=1"}, "--after-cursor s=1 "),
    ],
)
def test_a_log_is_read_within_bounds(
    monkeypatch: pytest.MonkeyPatch, bounds: dict[str, Any], words: str
) -> None:
    host = Host(journalctl=(0, "one\ntwo\n"))
    monkeypatch.setattr(units, "run", host.run)
    assert units.log_of("a.service", **bounds) == "one\ntwo"
    asked = f"journalctl --quiet --unit a.service {words}--output cat --no-pager"
    assert host.said == [asked]


@pytest.mark.parametrize(("line", "end"), [('{"__CURSOR": "s=1"}\n', "s=1"), ("", "")])
def test_the_journals_end_is_a_cursor_or_nothing(
    monkeypatch: pytest.MonkeyPatch, line: str, end: str
) -> None:
    monkeypatch.setattr(units, "run", Host(journalctl=(0, line)).run)
    assert units.log_end() == end
