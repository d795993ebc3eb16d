"""Strangers before the edge: who talks first, who is listed, and lists that refuse to answer."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from dialogues.scenario import Scenario, wait_for

# Speaks as one of the host's addresses; a second visit goes on where the first was passed.
SPEAK = """
import socket, sys
source, first = sys.argv[1], sys.argv[2] == "first"
with socket.create_connection((sys.argv[3], 25), 20, (source, 0)) as client:
    lines = client.makefile("rb")
    say = lambda text: client.sendall(text.encode() + b"\\r\\n")
    if first:
        say("EHLO stranger.example.com")
    answers = []
    for text in ("EHLO stranger.example.com", "MAIL FROM:<bob@example.com>",
                 "RCPT TO:<lisa@edge.example.org>"):
        line = b"-" * 4
        while line[3:4] == b"-":
            line = lines.readline()
        answers.append(line.decode().strip())
        if line[:1] != b"2":
            break
        say(text)
    else:
        line = b"-" * 4
        while line[3:4] == b"-":
            line = lines.readline()
        answers.append(line.decode().strip())
    print(answers[-1])
"""


def speak(scenario: Scenario, last: int, first: bool = False) -> str:
    """Return the last answer that the host's address ending so gets from the edge."""
    edge = scenario.address("edge")
    source = f"{edge.rpartition('.')[0]}.{last}"
    words = ("first" if first else "polite", edge)
    said = scenario.run("outside", "python3", "-c", SPEAK, source, *words)
    return re.sub(r"\[[\d.]+\]", "[CLIENT]", said.text.strip())


REFUSED = "550 5.7.1 Service unavailable; client [CLIENT] blocked using {}"


@pytest.mark.parametrize(
    ("last", "answer"),
    [
        pytest.param(201, REFUSED.format("bad.example"), id="listed"),
        pytest.param(202, "250 2.1.5 Ok", id="the list refuses to answer"),
        pytest.param(203, "250 2.1.5 Ok", id="127.0.0.1 is no verdict"),
        pytest.param(204, "250 2.1.5 Ok", id="a resolver makes something up"),
        pytest.param(205, "250 2.1.5 Ok", id="one list of little weight"),
        pytest.param(206, "250 2.1.5 Ok", id="listed as bad and as good"),
        pytest.param(208, "250 2.1.5 Ok", id="both lists refuse to answer"),
        pytest.param(209, "250 2.1.5 Ok", id="listed nowhere"),
    ],
)
def test_only_verdicts_count_and_their_weights_add_up(
    scenario: Scenario, last: int, answer: str
) -> None:
    assert speak(scenario, last) == answer


def test_who_talks_before_the_greeting_is_refused(scenario: Scenario) -> None:
    # What was said too early is read first, so the answers come one line late.
    assert speak(scenario, 210, first=True).startswith(("550 5.5.1", "521 5.5.1"))
    logged = "journalctl -q --no-pager -o cat -t postfix/postscreen | grep -q 'PREGREET'"
    wait_for("it is logged", lambda: scenario.run("edge", "sh", "-c", logged).rc == 0, 10)


def test_who_has_passed_is_not_asked_again(scenario: Scenario) -> None:
    assert speak(scenario, 209) == "250 2.1.5 Ok"
    old = "journalctl -q --no-pager -o cat -t postfix/postscreen | grep -c 'PASS OLD.*\\.209\\]'"
    wait_for("it is logged", lambda: scenario.run("edge", "sh", "-c", old).rc == 0, 10)
