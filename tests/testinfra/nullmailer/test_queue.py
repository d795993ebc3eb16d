"""The queue of a host that only sends: a dry run first, then the deed; what failed, tried again."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dialogues.desk import Desk
from dialogues.mail import BOB
from dialogues.queue import Queue
from dialogues.scenario import Scenario, wait_for

LATE = "late@example.com"


@pytest.fixture
def queue(scenario: Scenario) -> Iterator[Queue]:
    """The desk's queue; the world outside is up and as it was at the end."""
    yield Queue(scenario, "desk")
    scenario.shell("outside", "postconf -X virtual_alias_maps; systemctl restart postfix")


def test_what_has_failed_is_tried_again_when_its_reason_is_gone(
    desk: Desk, scenario: Scenario, queue: Queue
) -> None:
    token = desk.sends(LATE, sender=BOB)
    wait_for("the message has failed", lambda: desk.failed(token) == 1, 30)
    [line] = queue.does("show", recipient=LATE)
    assert f" failed <{BOB}> -> {LATE}" in line
    alias = f"postconf virtual_alias_maps=inline:{{{LATE}={BOB}}}; systemctl reload postfix"
    scenario.shell("outside", alias)
    assert queue.does("requeue", recipient=LATE) == [line]
    assert desk.failed(token) == 1
    assert queue.does("requeue", really=True, recipient=LATE) == [line]
    wait_for("bob has it", lambda: desk.arrived(token), 60)
    assert desk.failed(token) == 0
    assert queue.does("show") == []


def test_a_drain_reports_what_is_left_and_ends_when_all_is_sent(
    desk: Desk, scenario: Scenario, queue: Queue
) -> None:
    scenario.shell("outside", "systemctl stop postfix")
    kept, gone = desk.sends(BOB), desk.sends("bob+gone@example.com")
    [line] = queue.does("delete", recipient="bob+gone@*")
    assert " waiting <" in line
    assert desk.queued() == 2
    said = queue.drained("drain_wait_seconds=4", "drain_must_be_empty=true")
    assert said.rc != 0
    assert "2 left in the queue of nullmailer" in said.text
    assert "bob+gone@example.com" in said.text
    assert "2 messages are left" in said.text
    assert queue.does("delete", really=True, recipient="bob+gone@*") == [line]
    scenario.shell("outside", "systemctl start postfix")
    said = queue.drained("drain_must_be_empty=true")
    assert said.rc == 0, said.text
    assert "0 left in the queue of nullmailer" in said.text
    desk.arrives_once(kept)
    assert desk.arrived(gone) == []
