"""Queue mode: no listener, no daemon; people of the host reach each other and the world."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dialogues.alone import MOST_TASKS, tasks
from dialogues.mail import BOB, People, new_token
from dialogues.scenario import Scenario, wait_for

from .conftest import CLIENT, QUEUE, has, processes, sends

MANY = 200

pytestmark = pytest.mark.usefixtures("users")


def test_nothing_listens_on_a_port(scenario: Scenario) -> None:
    listening = scenario.shell("desk", "ss -Hltnp")
    assert "sendmail" not in listening
    assert not re.search(r":(25|465|587)\s", listening)


def test_two_runners_and_nothing_else_stay(scenario: Scenario) -> None:
    assert processes(scenario, "desk") == [CLIENT, QUEUE.format("00:15:00")]


def test_users_reach_each_other(scenario: Scenario) -> None:
    token = sends(scenario, "ann", "ben")
    wait_for("ben has it", lambda: has(scenario, "ben", token) == 1)


def test_a_user_reaches_the_world_under_the_sites_name(people: People, scenario: Scenario) -> None:
    text = people.bob_receives(sends(scenario, "ann", BOB))
    assert re.search(r"^From: .*ann@example\.org", text, re.MULTILINE), text
    assert "Return-Path: <ann@example.org>" in text
    relayed = (
        "journalctl -q --no-pager -t sendmail --since=-2min | grep 'STARTTLS=client.*verify=OK'"
    )
    assert "mail.example.org" in scenario.shell("desk", relayed)


def test_mail_for_the_system_is_read_in_the_mail_domain(people: People, scenario: Scenario) -> None:
    people.receives("alice", sends(scenario, "ann", "root"))


def test_200_messages_at_once_all_arrive_once(scenario: Scenario) -> None:
    token = new_token()
    script = f"""
    for n in $(seq {MANY}); do
      printf 'Subject: {token} %03d\\n\\nWords.\\n' $n | runuser -u ann -- sendmail ben &
    done
    wait
    """
    scenario.shell("desk", script)
    subjects = f"grep 'Subject: {token}' /var/mail/ben | sort"
    wait_for(
        "all have arrived",
        lambda: len(scenario.shell("desk", f"{subjects} || true").splitlines()) >= MANY,
        180,
    )
    found = scenario.shell("desk", subjects).splitlines()
    assert found == [f"Subject: {token} {n:03d}" for n in range(1, MANY + 1)]
    left = "find /var/spool/mqueue /var/spool/mqueue-client -type f -name '?f*' | wc -l"
    wait_for("the queues are empty", lambda: scenario.shell("desk", left).strip() == "0")


@pytest.mark.parametrize(
    ("level", "words"),
    [("may", "authentication failed"), ("none", "other side does not support STARTTLS")],
)
def test_nothing_is_sent_to_a_server_that_can_not_prove_its_name(
    people: People, scenario: Scenario, level: str, words: str
) -> None:
    """Where the smarthost should be is another, with a certificate of its own or with none."""
    real, other = scenario.address("mail"), scenario.address("outside")
    chain = "add chain ip false output { type nat hook output priority -100; }"
    rule = f"add rule ip false output ip daddr {real} tcp dport 25 dnat to {other}"
    tls = "postconf smtpd_tls_security_level={} && postfix reload"
    scenario.shell("outside", tls.format(level))
    scenario.shell("desk", f"nft 'add table ip false; {chain}; {rule}'")
    try:
        token = sends(scenario, "ann", BOB)
        wait_for("it waits", lambda: words in scenario.run("desk", "mailq", "-Am").text)
    finally:
        scenario.shell("desk", "nft delete table ip false")
        scenario.shell("outside", tls.format("may"))
    assert scenario.run("outside", "grep", "-r", token, "/home/bob/Maildir").rc == 1
    scenario.shell("desk", "sendmail -Am -q")
    people.bob_receives(token)


def test_the_role_alone_runs_few_tasks_and_changes_nothing(
    scenario: Scenario, tmp_path: Path
) -> None:
    ran, changed = tasks(scenario, "sendmail", "desk", tmp_path)
    assert ran <= MOST_TASKS
    assert changed == 0
