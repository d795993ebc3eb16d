"""Queue mode: no listener, no daemon; people of the host reach each other and the world."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from dialogues.mail import BOB, People, new_token
from dialogues.scenario import Scenario, wait_for

QUEUE = "MTA: Queue runner@{} for /var/spool/mqueue"
CLIENT = "MSP: Queue runner@00:05:00 for /var/spool/mqueue-client"
LISTENER = "MTA: accepting connections"
MANY = 200
LOG = "/var/log/sendmail/transactions.log"


@pytest.fixture(scope="module", autouse=True)
def users(scenario: Scenario) -> None:
    """Two people of the host, who are nobody special."""
    for name in ("ann", "ben"):
        scenario.shell("desk", f"id {name} >/dev/null 2>&1 || useradd -m -s /bin/sh {name}")


def processes(scenario: Scenario, host: str) -> list[str]:
    """Return what Sendmail's processes call themselves, those that deliver left out."""
    said = scenario.shell(host, "ps -eo args= | grep '^sendmail: ' || true")
    residents = ("Queue runner@", "accepting", "rejecting")
    names = (line.removeprefix("sendmail: ").strip() for line in said.splitlines())
    return sorted(name for name in names if any(word in name for word in residents))


def sends(scenario: Scenario, user: str, recipient: str) -> str:
    """Send as an ordinary user; return the token."""
    token = new_token()
    script = f"printf 'Subject: {token}\\n\\nWords.\\n' | runuser -u {user} -- sendmail {recipient}"
    scenario.shell("desk", script)
    return token


def has(scenario: Scenario, user: str, token: str) -> int:
    """Return how often a user of the desk has a message."""
    said = scenario.shell("desk", f"grep -c 'Subject: {token}' /var/mail/{user} || true")
    return int(re.findall(r"\d+$", said.strip() or "0")[0])


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


def test_a_change_of_mode_leaves_no_process_behind(
    scenario: Scenario, changed_inventory: Callable[..., str]
) -> None:
    """From queue mode to a daemon with another interval, and back: what runs is what shall."""
    log = {"sendmail_transaction_log": {"size_mib": 1}, "mail_local_users": "maildir"}
    daemon = {"sendmail_mode": "daemon", "sendmail_queue_interval": "1h", **log}
    said = scenario.playbook(changed_inventory("desk", **daemon), "--limit=desk")
    assert said.rc == 0, said.text
    assert processes(scenario, "desk") == [CLIENT, QUEUE.format("01:00:00"), LISTENER]
    listening = scenario.shell("desk", "ss -Hltnp | grep sendmail")
    assert re.findall(r"\S+:\d+(?=\s+\S+:\*)", listening) == ["127.0.0.1:25"]
    token = sends(scenario, "ann", "ben")
    boxed = f"grep -rl {token} ~ben/Maildir/new"
    wait_for("ben has it", lambda: scenario.run("desk", "sh", "-c", boxed).rc == 0)
    _log_is_kept_and_bounded(scenario, token)

    said = scenario.playbook("--limit=desk")
    assert said.rc == 0, said.text
    test_two_runners_and_nothing_else_stay(scenario)
    test_nothing_listens_on_a_port(scenario)
    token = sends(scenario, "ann", "ben")
    wait_for("ben has it", lambda: has(scenario, "ben", token) == 1)
    # It holds passwords: it leaves with its option.
    assert not scenario.shell("desk", f"ls {LOG}* 2>/dev/null || true")


def _log_is_kept_and_bounded(scenario: Scenario, token: str) -> None:
    """The log holds the whole dialogue for root alone, and is turned over when it is too large."""
    assert token in scenario.shell("desk", f"cat {LOG}")
    assert scenario.shell("desk", f"stat -c '%a %U' {LOG}").strip() == "600 root"
    scenario.shell("desk", f"head -c 2M /dev/zero >> {LOG}")
    scenario.shell("desk", "systemctl start postern-sendmail-log.service")
    sizes = scenario.shell("desk", f"stat -c '%a %s' {LOG} {LOG}.1").split("\n")
    assert sizes[0] == "600 0"
    assert sizes[1].startswith("600 2")
