"""A host changes its agent by one line, with mail in its queue: none is lost, none doubled."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

import pytest
from dialogues.extent import IS_FULL, IS_LONG
from dialogues.scenario import wait_for

from .conftest import BOB, Host, only

PINNED = "/etc/apt/preferences.d/none"


def tried(host: Host) -> list[str]:
    """Try the queue and return what waits soon after."""
    assert host.queue("queue_action=flush").rc == 0
    time.sleep(5)
    return host.waiting()


def test_nothing_stops_while_the_new_packages_can_not_be_had(host: Host) -> None:
    pin = "Package: nullmailer\\nPin: release *\\nPin-Priority: -1\\n"
    host.shell(f"printf '{pin}' > {PINNED}")
    try:
        said = host.becomes("nullmailer")
    finally:
        host.shell(f"rm {PINNED}")
    assert said.rc != 0
    assert "has no installation candidate" in said.text
    only(host, "sendmail")
    token = host.sends(BOB)
    wait_for("the mail arrives", lambda: host.arrived()[token] == 1)


def test_a_check_run_says_what_would_be_handed_over(
    host: Host, busy_outside: Callable[[], None]
) -> None:
    token = host.sends("bob+check@example.com")
    said = host.becomes("nullmailer", "--check", "--diff")
    assert "bob+check@example.com" in said.text
    only(host, "sendmail")
    busy_outside()
    assert host.queue("queue_action=flush").rc == 0
    wait_for("the mail arrives", lambda: host.arrived()[token] == 1)


def test_a_smarthost_that_the_dns_calls_an_alias_still_has_to_prove_its_name(
    host: Host, alias: str
) -> None:
    relay = {"mail_relay": {"host": alias, "port": 25, "tls": "verify"}}
    assert host.becomes("sendmail", "-e", json.dumps(relay)).rc == 0
    token = host.sends(BOB)
    wait_for("the mail waits", lambda: "authentication failed" in host.queue().text, 60)
    assert host.arrived()[token] == 0
    assert host.becomes("sendmail").rc == 0
    assert host.queue("queue_action=flush").rc == 0
    wait_for("the mail arrives", lambda: host.arrived()[token] == 1)


def test_every_message_arrives_once_through_all_changes(
    host: Host, busy_outside: Callable[[], None], sending: Callable[[], list[str]]
) -> None:
    tokens = []
    for agent in ("nullmailer", "postfix", "sendmail"):
        tokens += [host.sends(BOB), host.sends(BOB, "bob+two@example.com")]
        bounce = host.sends(BOB, sender="<>")
        tokens.append(bounce)
        said = host.becomes(agent)
        assert said.rc == 0, said.text
        only(host, agent)
        assert any(" <> ->" in line for line in host.waiting())
    accepted = sending()
    assert len(accepted) > 30
    busy_outside()
    wanted = {**dict.fromkeys(tokens, 1), **dict.fromkeys(accepted, 1)}
    # To bob and bob+two: one message in each of the two envelopes' mailboxes.
    for number in range(1, len(tokens), 3):
        wanted[tokens[number]] = 2
    # A run of Sendmail's queue passes over what another run has in hand: again, until it is empty.
    wait_for("the queue is empty", lambda: not tried(host), 300)
    wait_for("all have arrived", lambda: {*wanted} <= {*host.arrived()}, 60)
    arrived = host.arrived()
    wrong = {token: arrived[token] for token in wanted if arrived[token] != wanted[token]}
    assert not wrong, f"{len(wrong)} of {len(wanted)}: {wrong}"


# Each agent's own scenario works on its queue as well.
@pytest.mark.parametrize("agent", ["sendmail", "postfix", "nullmailer"] if IS_FULL else ["postfix"])
def test_the_queue_is_shown_and_changed_by_pattern(
    host: Host, busy_outside: Callable[[], None], agent: str
) -> None:
    assert host.becomes(agent).rc == 0
    kept, gone = host.sends("bob+kept@example.com"), host.sends("bob+gone@example.com")
    wait_for("both wait", lambda: len(host.waiting()) == 2, 60)
    pattern = ["queue_action=delete", "queue_recipient=bob+gone@*"]
    refused = host.queue("queue_action=delete", "queue_really=true")
    assert refused.rc != 0
    assert "delete without a pattern would empty the queue" in refused.text
    dry = host.queue(*pattern)
    assert "bob+gone@example.com" in dry.text
    assert "bob+kept@example.com" not in dry.text
    assert "Nothing was changed" in dry.text
    assert len(host.waiting()) == 2
    assert host.queue(*pattern, "queue_really=true").rc == 0
    assert [line.split(" -> ")[1].split(" ")[0] for line in host.waiting()] == [
        "bob+kept@example.com"
    ]
    held = host.queue("queue_action=hold", "queue_sender=program@*", "queue_really=true")
    if agent == "nullmailer":
        assert held.rc != 0
        assert "nullmailer can't hold a message" in held.text
    else:
        assert held.rc == 0
        if agent == "postfix":
            assert host.queue("queue_action=requeue", "queue_really=true").rc == 0
        assert " held <" in host.waiting()[0]
    busy_outside()
    if agent != "nullmailer":
        assert host.queue("queue_action=flush").rc == 0
        assert host.arrived()[kept] == 0
        assert host.queue("queue_action=release", "queue_really=true").rc == 0
    assert host.queue("queue_action=flush").rc == 0
    wait_for("what was kept arrives", lambda: host.arrived()[kept] == 1, 90)
    assert host.arrived()[gone] == 0


if IS_LONG:

    def test_nothing_listens_on_a_drained_host_and_site_yml_brings_it_back(host: Host) -> None:
        listens = "ss -Hltn | grep -c ':25 ' || true"
        assert host.becomes("postfix").rc == 0
        assert host.shell(listens).strip() != "0"
        drain = host.choice("postfix")
        said = host.scenario.playbook(*drain, name="playbooks/drain.yml")
        assert said.rc == 0, said.text
        assert re.search(r"0 left in the queue of postfix, closed to mail from outside", said.text)
        assert host.shell(listens).strip() == "0"
        token = host.sends(BOB)
        wait_for("local programs still send", lambda: host.arrived()[token] == 1)
        back = host.scenario.playbook(*drain, "-e", "drain=false", name="playbooks/drain.yml")
        assert back.rc == 0, back.text
        assert host.shell(listens).strip() != "0"
        assert host.scenario.playbook(*drain, name="playbooks/drain.yml").rc == 0
        converged = host.becomes("postfix")
        assert converged.rc == 0, converged.text
        assert host.shell(listens).strip() != "0"
