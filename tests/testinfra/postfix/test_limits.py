"""How much one client may ask for within a minute, and one login within an hour."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import json
import re
from typing import Any

from dialogues.raw import connected
from dialogues.scenario import Scenario

from .test_submission import EHLO, UNITS

# Each list of lines is a connection from one of the host's addresses; prints the last answer to
# each of its lines, the greeting first.
SAY = """
import json, socket, ssl, sys
order = json.load(sys.stdin)
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
found = []
for lines in order["connections"]:
    client = socket.create_connection(tuple(order["server"]), 20, (order["source"], 0))
    answers = client.makefile("rb")
    said = []
    for line in ["", *lines]:
        if line:
            client.sendall(line.encode() + b"\\r\\n")
        while (answer := answers.readline())[3:4] == b"-":
            pass
        said.append(answer.decode().strip())
        if not answer or answer[:3] == b"421":
            break
        if line == "STARTTLS":
            client = context.wrap_socket(client)
            answers = client.makefile("rb")
    client.close()
    found.append(said)
print(json.dumps(found))
"""
BOB = "MAIL FROM:<bob@example.com>"
PER_MINUTE = {"connections": 60, "messages": 50, "recipients": 100}  # see the edge's variables
LOGINS = 30


def says(
    scenario: Scenario, last: int, connections: list[list[str]], host: str = "edge", port: int = 25
) -> list[list[str]]:
    """Connect from the outside's address that ends so; return all answers, clients named alike."""
    server = scenario.address(host)
    source = f"{server.rpartition('.')[0]}.{last}"
    order = {"server": [server, port], "source": source, "connections": connections}
    said = scenario.run("outside", "python3", "-c", SAY, stdin=json.dumps(order))
    assert said.rc == 0, said.text
    text = re.sub(r"[\w.]*\[[\d.]+\]", "CLIENT", said.text).replace(source, "CLIENT")
    found: list[list[str]] = json.loads(text)
    return found


def passed(scenario: Scenario, last: int) -> None:
    """Let an address pass what strangers have to, so that it is heard by Postfix itself."""
    [answers] = says(scenario, last, [[EHLO, "QUIT"]])
    assert answers[-1].startswith("221"), answers


def test_a_client_may_connect_so_often_in_a_minute(scenario: Scenario) -> None:
    limit = PER_MINUTE["connections"]
    passed(scenario, 212)
    answers = says(scenario, 212, [["QUIT"]] * limit)
    assert {greeting for greeting, _bye in answers[: limit - 1]} == {"220 edge.example.org ESMTP"}
    assert answers[-1][0] == "421 4.7.0 edge.example.org Error: too many connections from CLIENT"
    # Others are not meant.
    passed(scenario, 213)


def test_a_client_may_send_and_name_so_much_in_a_minute(scenario: Scenario) -> None:
    passed(scenario, 214)
    limit = PER_MINUTE["messages"]
    [answers] = says(scenario, 214, [[EHLO, *[BOB, "RSET"] * (limit + 1)]])
    begun = answers[2::2]
    assert set(begun[:limit]) == {"250 2.1.0 Ok"}
    assert begun[limit] == "450 4.7.1 Error: too much mail from CLIENT"
    passed(scenario, 215)
    limit = PER_MINUTE["recipients"]
    to = [f"RCPT TO:<lisa+{number}@edge.example.org>" for number in range(limit + 1)]
    [answers] = says(scenario, 215, [[EHLO, BOB, *to]])
    assert set(answers[3 : 3 + limit]) == {"250 2.1.5 Ok"}
    assert answers[3 + limit] == "450 4.7.1 Error: too many recipients from CLIENT"


def test_a_client_may_try_so_many_logins_in_a_minute(scenario: Scenario) -> None:
    tries = 8  # fewer than the errors for which a client is sent away
    lines = [EHLO, "STARTTLS", EHLO, *["AUTH LOGIN", "*"] * tries]
    answers = says(scenario, 216, [lines] * (LOGINS // tries + 1), "mail", 587)
    tried = [answer for one in answers for answer in one[4::2]]
    assert {answer[:3] for answer in tried[:LOGINS]} == {"334"}
    assert tried[LOGINS] == "450 4.7.1 Error: too many AUTH commands from CLIENT"


def test_a_login_may_submit_so_many_messages_in_an_hour(scenario: Scenario) -> None:
    scenario.shell("mail", f"systemctl restart {UNITS}")
    words = f"\0dave@example.org\0{scenario.secret('dave')}".encode()
    message = ["MAIL FROM:<dave@example.org>", "RCPT TO:<void@example.org>", "DATA"]
    with connected(scenario.address("mail"), 587) as raw:
        raw.reply()
        raw.say(EHLO)
        raw.starttls()
        raw.say(EHLO)
        assert raw.say(b"AUTH PLAIN " + base64.b64encode(words)).startswith("235")
        answers = [_submitted(raw, message) for _number in range(61)]
    scenario.shell("mail", f"systemctl restart {UNITS}")
    assert {answer[:3] for answer in answers[:60]} == {"354"}
    assert answers[60] == (
        "450 4.7.1 <DATA>: Data command rejected: "
        "60 messages within an hour are the limit of this login; try later"
    )


def _submitted(raw: Any, lines: list[str]) -> str:
    """Submit a message; return the answer to DATA."""
    answers = [raw.say(line) for line in lines]
    if answers[-1].startswith("354"):
        assert raw.say("Subject: one of many\r\n\r\nWords.\r\n.").startswith("250")
    return answers[-1]
