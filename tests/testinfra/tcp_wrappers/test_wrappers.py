"""Each daemon with TCP wrappers lets in the friend and refuses the stranger; switched off, all."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from pathlib import Path

import pytest
from dialogues.scenario import Scenario

# Port, whether TLS comes first, and what a friend hears: the greeting, or Sendmail's answer to
# MAIL, since it greets everybody and then does nothing for a stranger.
DAEMONS = {
    "sendmail": (25, False, "250 "),
    "sendmail for submission": (587, False, "530 "),
    "cyrus": (143, False, "* OK"),
    "stunnel before cyrus' imapd": (993, True, "* OK"),
    "stunnel before cyrus' pop3d": (995, True, "+OK"),
}
OWN = "# The administrator's own.\nsshd: ALL\nsendmail: all\n"
BEGIN = "# BEGIN postern.mail"
_GREETING = """
import socket, ssl, sys
own, server, port, tls = sys.argv[1:]
try:
    client = socket.create_connection((server, int(port)), 15, (own, 0))
except ConnectionResetError as error:  # connected, and hung up on before it could say so
    print("connected", error)
    sys.exit()
context = ssl._create_unverified_context()
try:
    client = context.wrap_socket(client) if tls == "True" else client
    said = client.recv(200).decode()
    if said.startswith("220 "):
        for line in ("EHLO outside.example.com", "MAIL FROM:<bob@example.com>"):
            client.sendall(line.encode() + b"\\r\\n")
            said = client.recv(4000).decode()
    print("connected", said or "closed")
except OSError as error:
    print("connected", error)
"""


def greeting(scenario: Scenario, last: int, port: int, tls: bool) -> str:
    """Return what the server says to one of outside's addresses; that it connects is certain."""
    server = scenario.address("mail")
    own = f"{server.rpartition('.')[0]}.{last}"
    said = scenario.run("outside", "python3", "-c", _GREETING, own, server, str(port), str(tls))
    assert said.text.startswith("connected "), said.text
    return said.text.removeprefix("connected ")


@pytest.mark.parametrize("daemon", DAEMONS)
def test_a_daemon_lets_in_the_friend_and_refuses_the_stranger(
    scenario: Scenario, daemon: str
) -> None:
    port, tls, greets = DAEMONS[daemon]
    assert greeting(scenario, 210, port, tls).startswith(greets)
    assert not greeting(scenario, 200, port, tls).startswith(greets)


def test_the_host_itself_is_let_in(scenario: Scenario) -> None:
    own = "import smtplib; print(smtplib.SMTP('localhost', 25, timeout=20).noop()[0])"
    assert scenario.run("mail", "python3", "-c", own).text.strip() == "250"


def test_only_what_stands_in_front_counts_and_the_rest_of_the_file_stays(
    scenario: Scenario,
) -> None:
    text = scenario.shell("mail", "cat /etc/hosts.allow")
    assert text.startswith(BEGIN)
    assert text.endswith(OWN) or "sendmail: all" in text.partition("# END postern.mail")[2]


def test_what_libwrap_would_judge_otherwise_does_not_go_live(scenario: Scenario) -> None:
    before = scenario.shell("mail", "cat /etc/hosts.allow")
    bad = [{"name": "imaps", "sources": ["10.1.2.3/8"]}, {"name": "a b", "sources": "all"}]
    said = scenario.playbook("--extra-vars", json.dumps({"tcp_wrappers_extra_openings": bad}))
    assert said.rc != 0
    assert 'openings[5].sources[0]: "10.1.2.3/8" is no network' in said.text
    assert 'openings[6].name: "a b" is no name of a daemon' in said.text
    assert 'openings[6].sources: "all" is no list' in said.text
    assert scenario.shell("mail", "cat /etc/hosts.allow") == before


def test_switched_off_it_leaves_nothing_and_lets_in_whom_the_firewall_does(
    scenario: Scenario, tmp_path: Path
) -> None:
    path = tmp_path / "off.json"
    path.write_text(json.dumps({"all": {"hosts": {"mail": {"tcp_wrappers_enabled": False}}}}))
    off = scenario.playbook(f"--inventory={path}")
    assert off.rc == 0, off.text
    text = scenario.shell("mail", "cat /etc/hosts.allow")
    assert BEGIN not in text
    assert OWN in text
    for port, tls, greets in DAEMONS.values():
        assert greeting(scenario, 200, port, tls).startswith(greets)
    on = scenario.playbook()
    assert on.rc == 0, on.text
    assert "no TCP wrappers there" not in on.text  # none of this host's daemons ignores them
    assert scenario.shell("mail", "cat /etc/hosts.allow").startswith(BEGIN)
