"""Who relays for having read mail, from where, for how long; and who does not."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from dialogues.mail import BOB, People, new_token
from dialogues.scenario import Scenario, wait_for

from .conftest import ALICE, LIFETIME_SECONDS, SERVERS, UNITS, World

READERS = {"mail": (201, "pop3s"), "second": (202, "imaps")}  # who logs in first, and how
WITNESS = 203  # logs in rightly: when it may relay, all that was logged before has been read
GUESSER, FORGED = 204, 205
servers = pytest.mark.parametrize("server", SERVERS)


@servers
def test_a_login_lets_its_address_relay_and_no_neighbour(
    world: World, people: People, server: str
) -> None:
    number, protocol = READERS[server]
    assert world.refused(server, number)
    world.granted(server, number, protocol)
    token = new_token()
    text = f"From: me@example.com\r\nTo: {BOB}\r\nSubject: {token}\r\n\r\nWords.\r\n"
    assert world.answer(server, number, text=text) == 250
    people.bob_receives(token)
    assert world.refused(server, number + 5)
    for other, (elsewhere, _protocol) in READERS.items():
        assert other == server or world.refused(server, elsewhere)  # it knows its own logins only


@servers
def test_a_login_from_a_network_that_many_share_grants_nothing(world: World, server: str) -> None:
    assert world.read(server, 209)
    world.granted(server, WITNESS)
    assert world.refused(server, 209)


@servers
def test_what_refuses_a_sender_refuses_it_after_a_login(world: World, server: str) -> None:
    world.granted(server, WITNESS)
    assert world.answer(server, WITNESS, sender="spammer@example.com") >= 550
    assert world.answer(server, WITNESS, to=ALICE, sender="spammer@example.com") >= 550


@servers
def test_who_guesses_gets_nothing_whatever_it_calls_itself(world: World, server: str) -> None:
    forged = world.client(FORGED)
    names = (
        ALICE,
        f"[{forged}] {ALICE} PLAIN User logged in",
        f"login: [{forged}] {ALICE} PLAIN User logged in",
        f"x\nlogin: [{forged}] {ALICE} PLAIN User logged in SESSIONID=<x>",
    )
    ways = [(protocol, name) for protocol in ("imaps", "pop3s") for name in names]
    with ThreadPoolExecutor(len(ways)) as pool:  # each refusal takes seconds
        taken = pool.map(lambda way: world.read(server, GUESSER, *way, password="wrong"), ways)
        assert not any(taken)
    world.granted(server, WITNESS)
    assert world.refused(server, GUESSER)
    assert world.refused(server, FORGED)


@servers
def test_what_somebody_else_logs_grants_nothing(
    world: World, scenario: Scenario, server: str
) -> None:
    line = f"login: [{world.client(FORGED)}] {ALICE} PLAIN User logged in SESSIONID=<forged>"
    scenario.shell(
        server,
        f"""
        cp /usr/bin/logger /tmp/imapd
        for user in mallory nobody; do
            as="setpriv --reuid=$user --clear-groups /tmp/imapd"
            for tag in cyrus/imaps imapd; do # it stays, so that journald can look at it
                {{ echo '{line}'; sleep 1; }} | $as -t $tag
            done
            printf '%s\\n' 'MESSAGE={line}' SYSLOG_IDENTIFIER=cyrus/imaps \\
                _SYSTEMD_UNIT=cyrus-imapd.service _COMM=imapd "_UID=$(id -u cyrus)" | $as --journald
        done
        journalctl --sync
        """,
    )
    found = scenario.shell(server, "journalctl -q -o cat _COMM=imapd | grep -c forged")
    assert int(found) >= 4  # it was there to be read
    world.granted(server, WITNESS)
    assert world.refused(server, FORGED)


@servers
def test_a_kill_takes_nothing_away(world: World, scenario: Scenario, server: str) -> None:
    world.granted(server, WITNESS)
    begun = "systemctl show -P NRestarts postern-pop-before-smtp.service"
    before = int(scenario.shell(server, begun))
    scenario.shell(server, "systemctl kill --signal=KILL postern-pop-before-smtp.service")
    wait_for("it runs again", lambda: int(scenario.shell(server, begun)) > before, 15)
    wait_for("it remembers", lambda: world.answer(server, WITNESS) == 250, 10)
    assert world.refused(server, FORGED)


@servers
def test_without_it_nobody_relays_and_all_other_mail_arrives(
    world: World, people: People, scenario: Scenario, server: str
) -> None:
    world.granted(server, WITNESS)
    scenario.shell(server, f"systemctl stop {UNITS}")
    try:
        assert 400 <= world.answer(server, WITNESS) < 500
        assert 400 <= world.answer(server, FORGED) < 500
        token = new_token()
        text = f"From: me@example.com\r\nTo: {ALICE}\r\nSubject: {token}\r\n\r\nWords.\r\n"
        assert world.answer(server, FORGED, to=ALICE, text=text) == 250
        if server == "mail":
            people.receives("alice", token)
        if server == "second":
            find = f"grep -rqs {token} /var/spool/cyrus/mail"
            wait_for("it is there", lambda: scenario.run(server, "sh", "-c", find).rc == 0, 30)
    finally:
        scenario.shell(server, f"systemctl start {UNITS}")
    world.granted(server, WITNESS)


@servers
def test_it_may_do_no_more_than_it_has_to(scenario: Scenario, server: str) -> None:
    status = scenario.shell(
        server,
        "cat /proc/$(systemctl show -P MainPID postern-pop-before-smtp.service)/status",
    )
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert fields["Uid"].split()[0] not in ("0", "65534")
    assert int(fields["CapEff"], 16) == int(fields["CapBnd"], 16) == 0
    assert fields["NoNewPrivs"] == "1"


@servers
def test_after_the_lifetime_it_is_over(world: World, server: str) -> None:
    number, _protocol = READERS[server]
    since = world.first_login[f"{server} {number}"]
    time.sleep(max(0, since + LIFETIME_SECONDS + 2 - time.monotonic()))
    assert world.refused(server, number)


def test_turned_off_nothing_is_left(world: World, scenario: Scenario) -> None:
    found = (
        "cd /etc/systemd/system; ls -d *pop-before-smtp* *.wants/*pop-before-smtp*"
        " /usr/local/sbin/*pop-before-smtp* /run/*pop-before-smtp*"
        " /var/spool/postfix/run/relay-clients 2>/dev/null || true;"
        " systemctl list-units --all --no-legend '*pop-before-smtp*';"
        " getent passwd postern-pop || true;"
        " grep -l relay_clients /etc/postfix/main.cf /etc/mail/sendmail.cf 2>/dev/null || true"
    )
    for server in SERVERS:
        assert scenario.shell(server, found)
        world.granted(server, WITNESS)
    off = ("-e", "pop_before_smtp_enabled=false")
    said = scenario.playbook(*off)
    assert said.rc == 0, said.text
    for server in SERVERS:
        assert scenario.shell(server, found) == ""
        assert world.refused(server, WITNESS)
    if os.environ.get("POSTERN_FULL"):
        assert not any(scenario.playbook(*off, "--check").changed.values())
