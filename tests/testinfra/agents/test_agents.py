"""A host changes its agent by one line, with mail in its queue: none is lost, none doubled."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from dialogues.scenario import wait_for

from .conftest import BOB, Host

PINNED = "/etc/apt/preferences.d/none"
MAINS = {"postfix": "postfix", "sendmail": "sendmail-bin", "nullmailer": "nullmailer"}
# What each agent's packages, processes and files are called, to look for what is left of them.
TRACES = {
    "postfix": ("postfix", "lib/postfix/sbin", "/etc/postfix /var/spool/postfix"),
    "sendmail": (
        "sendmail|sensible-mda",
        "libexec/sendmail|^sendmail:",
        "/etc/mail /var/spool/mqueue /var/spool/mqueue-client /etc/systemd/system/*sendmail*"
        " /etc/cron.d/sendmail /etc/tmpfiles.d/postern-sendmail.conf",
    ),
    "nullmailer": ("nullmailer", "nullmailer-send", "/etc/nullmailer /var/spool/nullmailer"),
}


def only(host: Host, agent: str) -> None:
    """Expect one agent, and nothing that is left of the others or of the change."""
    for name, (packages, processes, paths) in TRACES.items():
        if name == agent:
            continue
        kept = host.shell(f"dpkg -l | grep -E '^[a-z]+ +({packages})' || true")
        assert not kept, kept
        runs = host.shell(f"ps -eo args | grep -E '{processes}' | grep -v grep || true")
        assert not runs, runs
        left = host.shell(f"ls -d {paths} 2>/dev/null || true")
        assert not left, left
        listing = "systemctl list-units --all --plain --no-legend --type=service,socket,timer"
        units = host.shell(f"{listing} '*{name}*' | grep -v not-found || true")
        assert not units, units
    assert "ii" in host.shell(f"dpkg -l {MAINS[agent]} | tail -n 1")
    between = "/var/lib/postern/handover* /usr/sbin/sendmail.postern /usr/lib/sendmail.postern"
    assert not host.shell(f"ls -d {between} 2>/dev/null || true")
    assert "sendmail" not in host.shell("dpkg-divert --list")
    assert "Stands in" not in host.shell("head -c 300 /usr/sbin/sendmail | tr -d '\\0'")


def tried(host: Host, agent: str) -> list[str]:
    """Try the queue and return what waits soon after."""
    assert host.queue(agent, "queue_action=flush").rc == 0
    time.sleep(5)
    return host.waiting(agent)


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
    assert host.queue("sendmail", "queue_action=flush").rc == 0
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
        assert any(" <> ->" in line for line in host.waiting(agent))
    accepted = sending()
    assert len(accepted) > 30
    busy_outside()
    wanted = {**dict.fromkeys(tokens, 1), **dict.fromkeys(accepted, 1)}
    # To bob and bob+two: one message in each of the two envelopes' mailboxes.
    for number in range(1, len(tokens), 3):
        wanted[tokens[number]] = 2
    # A run of Sendmail's queue passes over what another run has in hand: again, until it is empty.
    wait_for("the queue is empty", lambda: not tried(host, "sendmail"), 300)
    wait_for("all have arrived", lambda: {*wanted} <= {*host.arrived()}, 60)
    arrived = host.arrived()
    wrong = {token: arrived[token] for token in wanted if arrived[token] != wanted[token]}
    assert not wrong, f"{len(wrong)} of {len(wanted)}: {wrong}"


@pytest.mark.parametrize("agent", ["sendmail", "postfix", "nullmailer"])
def test_the_queue_is_shown_and_changed_by_pattern(
    host: Host, busy_outside: Callable[[], None], agent: str
) -> None:
    assert host.becomes(agent).rc == 0
    kept, gone = host.sends("bob+kept@example.com"), host.sends("bob+gone@example.com")
    wait_for("both wait", lambda: len(host.waiting(agent)) == 2, 60)
    pattern = ["queue_action=delete", "queue_recipient=bob+gone@*"]
    refused = host.queue(agent, "queue_action=delete", "queue_really=true")
    assert refused.rc != 0
    assert "delete without a pattern would empty the queue" in refused.text
    dry = host.queue(agent, *pattern)
    assert "bob+gone@example.com" in dry.text
    assert "bob+kept@example.com" not in dry.text
    assert "Nothing was changed" in dry.text
    assert len(host.waiting(agent)) == 2
    assert host.queue(agent, *pattern, "queue_really=true").rc == 0
    assert [line.split(" -> ")[1].split(" ")[0] for line in host.waiting(agent)] == [
        "bob+kept@example.com"
    ]
    held = host.queue(agent, "queue_action=hold", "queue_sender=program@*", "queue_really=true")
    if agent == "nullmailer":
        assert held.rc != 0
        assert "nullmailer can't hold a message" in held.text
    else:
        assert held.rc == 0
        assert " held <" in host.waiting(agent)[0]
    busy_outside()
    if agent != "nullmailer":
        assert host.queue(agent, "queue_action=flush").rc == 0
        assert host.arrived()[kept] == 0
        assert host.queue(agent, "queue_action=release", "queue_really=true").rc == 0
    assert host.queue(agent, "queue_action=flush").rc == 0
    wait_for("what was kept arrives", lambda: host.arrived()[kept] == 1, 90)
    assert host.arrived()[gone] == 0


def test_nothing_listens_on_a_drained_host_and_site_yml_brings_it_back(host: Host) -> None:
    listens = "ss -Hltn | grep -c ':25 ' || true"
    assert host.becomes("postfix").rc == 0
    assert host.shell(listens).strip() != "0"
    drain = ["-e", "mail_transfer_agent=postfix"]
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
