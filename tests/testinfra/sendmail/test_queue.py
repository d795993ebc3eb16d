"""The mail server's queue in an administrator's hands: a dry run first, then the deed; a drain."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dialogues.mail import People
from dialogues.queue import Queue
from dialogues.scenario import Scenario, wait_for

ALICE = "alice@example.org"
SPAMMER = "spammer@example.net"


@pytest.fixture
def queue(scenario: Scenario) -> Iterator[Queue]:
    """The mail server's queue while nobody outside takes mail; it listens again at the end."""
    scenario.shell("outside", "systemctl stop postfix")
    yield Queue(scenario, "mail")
    scenario.shell("outside", "systemctl start postfix")
    scenario.shell("mail", "systemctl enable --quiet --now postern-sendmail")


def waits(scenario: Scenario) -> int:
    """Return how many messages the daemon's queue has, held ones included."""
    return int(scenario.shell("mail", "find /var/spool/mqueue -name '[qh]f*' | wc -l"))


def test_waiting_mail_is_chosen_by_pattern_and_a_host_is_drained(
    scenario: Scenario, people: People, queue: Queue
) -> None:
    held = people.sendmail("mail", ALICE, "bob+held@example.com")
    free = people.sendmail("mail", ALICE, "bob+free@example.com")
    gone = people.sendmail("mail", SPAMMER, "bob+gone@example.com")
    wait_for("all wait", lambda: waits(scenario) == 3)
    tried = "grep -l '^MDeferred: Connection refused' /var/spool/mqueue/qf* | wc -l"
    wait_for("all were tried", lambda: scenario.shell("mail", tried).strip() == "3", 30)

    assert len(queue.does("show", reason="refused by outside")) == 3
    [line] = queue.does("delete", sender="*@example.net")
    assert f" waiting <{SPAMMER}> -> bob+gone@example.com" in line
    assert waits(scenario) == 3
    assert len(queue.does("delete", really=True, sender="*@example.net")) == 1
    assert waits(scenario) == 2
    assert len(queue.does("hold", really=True, recipient="bob+held@*")) == 1
    again = queue.asked("requeue", really=True, recipient="bob+*")
    assert again.rc != 0
    assert "Sendmail can't requeue" in again.text
    _is_drained(scenario, people, queue, held, free)
    assert copies(scenario, gone) == 0


def _is_drained(scenario: Scenario, people: People, queue: Queue, held: str, free: str) -> None:
    """Drain the host: in vain at first, then with success; programs send all the while."""
    said = queue.drained("drain_wait_seconds=4", "drain_must_be_empty=true")
    assert said.rc != 0
    assert "2 left in the queue of sendmail, closed to mail from outside" in said.text
    assert "bob+free@example.com" in said.text
    assert "2 messages are left" in said.text
    assert scenario.shell("mail", "ss -Hltn | grep -cE ':(25|465|587) ' || true").strip() == "0"

    scenario.shell("outside", "systemctl start postfix")
    local = people.sendmail("mail", ALICE, "bob+local@example.com")  # programs still send
    people.bob_receives(local)
    [line] = queue.does("release", really=True, recipient="bob+held@*")
    assert " held <" in line
    said = queue.drained("drain_must_be_empty=true")
    assert said.rc == 0, said.text
    assert "0 left in the queue of sendmail, closed to mail from outside" in said.text
    for token in (held, free):
        people.bob_receives(token)
        assert copies(scenario, token) == 1
    said = queue.drained("drain=false")
    assert "open for mail from outside" in said.text
    people.receives("alice", people.bob_writes(ALICE))


def copies(scenario: Scenario, token: str) -> int:
    """Return how many messages bob has with a token."""
    return len(scenario.shell("outside", f"grep -rl {token} /home/bob/Maildir || true").split())
