"""Submission: what one login may send within an hour, whoever else sends meanwhile."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from dialogues.raw import connected
from dialogues.scenario import Scenario

EHLO = "EHLO me.example.com"
UNITS = "postern-submission-limit.socket postern-submission-limit.service"


def data_answer(scenario: Scenario, login: str, recipients: int) -> str:
    """Return the answer to DATA; the message itself is never sent."""
    words = f"\0{login}@example.org\0{scenario.secret(login)}".encode()
    with connected(scenario.address("mail"), 587) as raw:
        raw.reply()
        raw.say(EHLO)
        raw.starttls()
        raw.say(EHLO)
        assert raw.say(b"AUTH PLAIN " + base64.b64encode(words)).startswith("235")
        assert raw.say(f"MAIL FROM:<{login}@example.org>").startswith("250")
        for number in range(recipients):
            assert raw.say(f"RCPT TO:<dave+{number}@example.org>").startswith("250")
        return raw.say("DATA")


@pytest.fixture
def forgotten(scenario: Scenario) -> Iterator[None]:
    """Begin and end with nothing counted."""
    scenario.shell("mail", f"systemctl restart {UNITS}")
    yield
    scenario.shell("mail", f"systemctl restart {UNITS}")


def test_a_login_that_has_sent_its_share_waits_and_others_do_not(
    scenario: Scenario, forgotten: None
) -> None:
    for _message in range(5):
        assert data_answer(scenario, "keeper", 20).startswith("354")
    assert data_answer(scenario, "keeper", 1) == (
        "450 4.7.1 <DATA>: Data command rejected: "
        "100 recipients within an hour are the limit of this login; try later"
    )
    assert data_answer(scenario, "alice", 1).startswith("354")


def test_without_its_count_nothing_is_taken_and_nothing_lost(
    scenario: Scenario, forgotten: None
) -> None:
    scenario.shell("mail", f"systemctl stop {UNITS}")
    try:
        answer = data_answer(scenario, "carol", 1)
    finally:
        scenario.shell("mail", "systemctl start postern-submission-limit.socket")
    assert answer.startswith("451 4.3.5")
    assert data_answer(scenario, "carol", 1).startswith("354")


def test_the_count_runs_as_nobody_who_could_do_harm(scenario: Scenario, forgotten: None) -> None:
    assert data_answer(scenario, "carol", 1).startswith("354")
    show = "systemctl show postern-submission-limit --property=MainPID --value"
    process = scenario.shell("mail", show).strip()
    status = scenario.shell("mail", f"grep -E '^(Uid|CapEff|NoNewPrivs)' /proc/{process}/status")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    own = scenario.shell("mail", "id -u postern-limit").strip()
    assert fields["Uid"].split() == [own] * 4
    assert int(fields["CapEff"], 16) == 0
    assert fields["NoNewPrivs"].strip() == "1"
