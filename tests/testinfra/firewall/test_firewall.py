"""A host's firewall: what it lets in, and that no change of it cuts the controller off."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import shlex
import socket
import time
from typing import Any

from dialogues.scenario import Scenario

CUT_OFF = json.dumps({"firewall_extra_rules": ["tcp dport 22 drop"]})
LISTEN = """
import socket, time
held = [socket.create_server(("", port)) for port in (25, 26)]
time.sleep(30)
"""
# Clients in a network namespace beside the host, each with an address of its own. It says how each
# connection began, in order, and holds all of them.
CLIENTS = """
import socket, sys
held = []
for address in sys.argv[1:]:
    link = socket.socket(socket.AF_INET6)
    link.settimeout(2)
    link.bind((address, 0))
    try:
        link.connect(("2001:db8::1", 993))
        print(address, "in")
    except OSError as error:
        print(address, type(error).__name__)
    held.append(link)
"""
LISTEN_TLS = """
import socket, time
held = socket.create_server(("::", 993), family=socket.AF_INET6)
time.sleep(60)
"""
BESIDE = """
unshare --user --map-root-user --net sleep 60 & beside=$!
python3 -c "$LISTEN" & listener=$!
leave() {
    kill $beside $listener
    ip link delete near 2>/dev/null || true
    nft flush set inet postern imaps.clients_v6 # the live table is as it was
}
trap leave EXIT
for try in $(seq 50); do
    [ "$(readlink /proc/$beside/ns/net)" != "$(readlink /proc/self/ns/net)" ] && break
    sleep 0.1
done
ip link add near type veth peer name far netns $beside
ip address add 2001:db8::1/32 dev near nodad
ip link set near up
inside() { nsenter --user --net --target $beside "$@"; }
for address in $ADDRESSES; do inside ip address add $address/32 dev far nodad; done
inside ip link set far up
for try in $(seq 50); do ss -Hltn sport = 993 | grep -q . && break; sleep 0.1; done
inside python3 -c "$CLIENTS" $TRIES
echo ---
nft list set inet postern imaps.clients_v6
"""
TRACES = "find /etc -type f -path '*postern*' -not -path '*postern-lab*'"
RULES = "nft --stateless list table inet postern"


def test_the_unit_brings_the_rules_back_after_a_restart(mail: Any) -> None:
    assert "policy drop" in mail.check_output(RULES)
    assert mail.check_output("systemctl list-units --failed --no-legend") == ""


def test_only_what_is_opened_answers(scenario: Scenario) -> None:
    address = scenario.address("mail")
    scenario.run("mail", "systemd-run", "--unit=listeners", "python3", "-c", LISTEN)
    time.sleep(1)
    try:
        assert _answers(address, 22)
        assert _answers(address, 25)
        assert not _answers(address, 26)
    finally:
        scenario.run("mail", "systemctl", "stop", "listeners")


def test_a_client_over_ipv6_is_its_network_and_strangers_are_not_counted(
    scenario: Scenario,
) -> None:
    first, same, other, stranger = (
        "2001:db8:0:1::a",
        "2001:db8:0:1::b",
        "2001:db8:0:2::a",
        "2001:db8:8000::a",
    )
    tries = [stranger, first, same, same, other]
    words = {
        "LISTEN": LISTEN_TLS,
        "CLIENTS": CLIENTS,
        "ADDRESSES": " ".join((first, same, other, stranger)),
        "TRIES": " ".join(tries),
    }
    told = "".join(f"{name}={shlex.quote(text)}\n" for name, text in words.items())
    answers, _part, counted = scenario.shell("mail", told + BESIDE).partition("---\n")
    assert [line.split() for line in answers.splitlines()] == [
        [stranger, "TimeoutError"],
        [first, "in"],
        [same, "in"],
        [same, "ConnectionRefusedError"],
        [other, "in"],
    ]
    assert "2001:db8:0:1:: ct count" in counted
    assert "2001:db8:8000:" not in counted


def test_a_change_that_cuts_the_controller_off_is_taken_back_within_a_minute(
    scenario: Scenario,
) -> None:
    before = scenario.shell("mail", RULES)
    begin = time.monotonic()
    said = scenario.playbook("--extra-vars", CUT_OFF)
    seconds = time.monotonic() - begin
    assert said.rc != 0
    assert "took them back" in said.text
    assert "tcp dport 22 drop" in said.text
    assert seconds < 75, f"{seconds:.0f} s, of which the run itself needs about ten"
    assert scenario.shell("mail", RULES) == before
    assert _answers(scenario.address("mail"), 22)


def test_the_next_run_is_silent(scenario: Scenario) -> None:
    said = scenario.playbook()
    assert said.rc == 0, said.text
    assert said.changed == {"mail": 0}


def test_rules_that_a_hand_removed_come_back(scenario: Scenario) -> None:
    before = scenario.shell("mail", RULES)
    scenario.shell("mail", "nft delete table inet postern")
    said = scenario.playbook("--diff")
    assert said.rc == 0, said.text
    assert said.changed == {"mail": 1}
    assert scenario.shell("mail", RULES) == before


def test_the_firewall_leaves_with_all_its_traces(scenario: Scenario) -> None:
    foreign = "nft add table inet foreign"
    scenario.shell("mail", foreign)
    said = scenario.playbook("--extra-vars", json.dumps({"firewall_enabled": False}))
    assert said.rc == 0, said.text
    tables = scenario.shell("mail", "nft list tables")
    assert "postern" not in tables
    assert "inet foreign" in tables
    assert scenario.shell("mail", TRACES) == ""
    assert scenario.playbook().rc == 0


def _answers(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=2):
            return True
    except OSError:
        return False
