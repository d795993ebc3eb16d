"""Who is let in by networks of both kinds, by tags of the user's own, and by whom he writes to."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from dialogues.scenario import Scenario

# Speaks from one of the host's addresses; prints the answer to each recipient.
SPEAK = """
import socket, sys
source, server, sender, *recipients = sys.argv[1:]
with socket.create_connection((server, 25), 20, (source, 0)) as client:
    lines = client.makefile("rb")
    def answer(text=""):
        client.sendall(text.encode() + b"\\r\\n" if text else b"")
        while (line := lines.readline())[3:4] == b"-":
            pass
        return line.decode().strip()
    answer()
    answer("EHLO stranger.example.com")
    answer(f"MAIL FROM:<{sender}>")
    for recipient in recipients:
        print(answer(f"RCPT TO:<{recipient}>"))
"""
ALICE = "alice@example.org"
TAKEN = "250 2.1.5 <{}>... Recipient ok"


def answers(scenario: Scenario, source: str, sender: str, *recipients: str) -> list[str]:
    server = "fd00:92::10" if ":" in source else scenario.address("mail")
    argv = ("python3", "-c", SPEAK, source, server, sender, *recipients)
    return scenario.run("outside", *argv).text.splitlines()


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        pytest.param("198.51.100.7", f"550 5.7.1 <{ALICE}>... not from there", id="the site's"),
        pytest.param("198.51.100.200", TAKEN.format(ALICE), id="its other half"),
        pytest.param("203.0.113.7", "554 5.7.1 this network by hand", id="by hand"),
        pytest.param("203.0.113.8", f"550 5.7.1 <{ALICE}>... Access denied", id="one of it"),
        pytest.param("203.0.113.9", TAKEN.format(ALICE), id="one of it is pardoned"),
        pytest.param("2001:db8:bad:1::7", f"550 5.7.1 <{ALICE}>... six is too many", id="IPv6"),
        pytest.param("2001:db8:c0de::7", TAKEN.format(ALICE), id="another of IPv6"),
    ],
)
def test_a_network_is_refused_in_its_own_words(
    scenario: Scenario, source: str, answer: str
) -> None:
    assert answers(scenario, source, "bob@example.com", ALICE) == [answer]


def test_who_wants_to_read_it_gets_what_others_are_spared(scenario: Scenario) -> None:
    outside = scenario.address("outside")
    dave = "dave@example.org"
    assert answers(scenario, outside, "spammer@example.com", ALICE, dave) == [
        f"550 5.7.1 <{ALICE}>... no thanks",
        TAKEN.format(dave),
    ]
    assert answers(scenario, "198.51.100.7", "bob@example.com", dave) == [TAKEN.format(dave)]


def test_an_address_of_the_users_own_is_refused_in_his_words(scenario: Scenario) -> None:
    left = "left@example.org"
    assert answers(scenario, scenario.address("outside"), "bob@example.com", left) == [
        "551 5.1.6 she has moved away"
    ]
