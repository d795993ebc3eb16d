"""Who is refused by lists, limits and filters: DNS lists, rates, a milter, the inside."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from dialogues.mail import BOB, People, new_token, replies
from dialogues.scenario import Scenario, wait_for

ALICE = "alice@example.org"
INSIDE = "alice@example.org.postern-store"
REFUSED = "550 5.7.1 <alice@example.org>... no thanks"
# Connects as one of the host's addresses, so often and all at once; prints each greeting.
CONNECT = """
import contextlib, socket, sys
source, server, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
held = []
for _ in range(times):
    client = socket.create_connection((server, 25), 20, (source, 0))
    lines = client.makefile("rb")
    print(lines.readline().decode().strip())
    if sys.argv[4] == "hold":
        held.append((client, lines))
    else:
        with contextlib.suppress(ConnectionError):  # who is turned away need not hear QUIT
            client.sendall(b"QUIT\\r\\n")
            lines.read()
        client.close()
"""

# Line by line, each when the answer to the one before is there.
TALK = """exec python3 -c '
import socket, sys
with socket.socket({family}) as server:
    server.settimeout(20)
    server.connect({place})
    answers = server.makefile("rb")
    for line in ["", *sys.stdin]:
        server.sendall(line.strip().encode() + b"\\r\\n" if line else b"")
        while (answer := answers.readline())[3:4] == b"-":
            pass
        print(answer.decode().strip())
'"""


def stranger(scenario: Scenario, last: int) -> str:
    """Return one of the outside's further addresses."""
    return f"{scenario.address('outside').rpartition('.')[0]}.{last}"


@pytest.mark.parametrize(
    ("last", "answer"),
    [
        pytest.param(201, r"550 5\.7\.1 .*listed at bad\.example", id="listed"),
        pytest.param(202, "250 2.1.5 ", id="the list refuses to answer"),
        pytest.param(203, "250 2.1.5 ", id="another verdict than those that count"),
        pytest.param(206, "250 2.1.5 ", id="listed nowhere"),
    ],
)
def test_who_is_on_a_dns_list_is_refused(
    people: People, scenario: Scenario, last: int, answer: str
) -> None:
    words = ["--local-interface", stranger(scenario, last), "--quit-after", "RCPT"]
    said = people.swaks(*words, "--from", BOB, "--to", ALICE)
    assert replies(said, answer), said.text


@pytest.mark.parametrize(
    ("last", "manner", "times", "welcome"),
    [
        pytest.param(204, "end", 5, 3, id="three a minute"),
        pytest.param(205, "hold", 4, 2, id="two at a time"),
        pytest.param(206, "hold", 5, 5, id="neither is said of others"),
    ],
)
def test_a_client_has_so_many_connections(
    scenario: Scenario, last: int, manner: str, times: int, welcome: int
) -> None:
    place = (stranger(scenario, last), scenario.address("mail"), str(times), manner)
    said = scenario.run("outside", "python3", "-c", CONNECT, *place).text.splitlines()
    assert len(said) == times, said
    assert all(line.startswith("220 mail.example.org") for line in said[:welcome]), said
    late = ("421 4.3.2 Too many open connections.", "421 4.3.2 Connection rate limit exceeded.")
    assert all(line.startswith(late) for line in said[welcome:]), said


def test_the_limits_of_a_client_end(scenario: Scenario) -> None:
    place = (stranger(scenario, 205), scenario.address("mail"), "1", "end")
    said = scenario.run("outside", "python3", "-c", CONNECT, *place).text
    assert said.startswith("220 mail.example.org"), said


@pytest.mark.parametrize(
    ("sender", "answer"),
    [
        ("listed@example.com", "550 5.7.1 <alice@example.org>... listed"),
        ("pardoned@example.com", "250 2.1.5 "),  # refused by the site, pardoned by hand
        ("spammer@example.com", REFUSED),
    ],
)
def test_senders_of_lists_are_refused(people: People, sender: str, answer: str) -> None:
    said = people.swaks("--from", sender, "--to", ALICE, "--quit-after", "RCPT")
    assert replies(said, re.escape(answer)), said.text


def test_recipients_of_lists_are_thrown_away(people: People, scenario: Scenario) -> None:
    token = new_token()
    said = people.swaks("--from", BOB, "--to", f"noreply@example.org,{ALICE}", token=token)
    assert said.rc == 0, said.text
    people.receives("alice", token)
    logged = "journalctl -q --no-pager -t sm-mta --since=-2min | grep 'noreply@example.org.*stat='"
    assert "/dev/null" in scenario.shell("mail", logged)


def test_an_extra_setting_wins_over_the_roles(people: People) -> None:
    said = people.swaks("--quit-after", "EHLO")
    assert "SIZE 2097152" in said.text


def test_a_filter_marks_mail_from_outside_and_from_the_host(
    people: People, scenario: Scenario
) -> None:
    tokens = people.bob_writes(ALICE), people.sendmail("mail", ALICE, ALICE)
    for token in tokens:
        people.receives("alice", token)
        with people.mailbox("alice") as imap:
            found = imap.search(None, "SUBJECT", token)[1][0].decode()
            header = imap.fetch(found, "(BODY.PEEK[HEADER.FIELDS (X-Filtered)])")[1][0][1]
        # The words and their end of line; the other filter is not there, and nothing waits for it.
        assert header.split() == [b"X-Filtered:", b"8"], header


def test_a_filter_refuses_a_sender(people: People) -> None:
    said = people.swaks("--from", "refused-x@example.com", "--to", ALICE)
    assert replies(said, r"550 5\.7\.1 .*The filter does not like you"), said.text


@pytest.fixture
def no_filter(scenario: Scenario) -> Iterator[None]:
    """The mail server while its filter does not run."""
    scenario.shell("mail", "systemctl stop milter")
    yield
    scenario.shell("mail", "systemctl start milter")


@pytest.mark.usefixtures("no_filter")
def test_without_a_filter_that_must_be_there_mail_is_asked_to_come_again(
    people: People, scenario: Scenario
) -> None:
    said = people.swaks("--from", BOB, "--to", ALICE)
    assert replies(said, r"451 4\.") or replies(said, r"4\d\d "), said.text
    token = people.bob_writes(ALICE)
    waits = "postqueue -p | grep -c '(host mail.example.org.* said: 4' || true"
    wait_for("it waits outside", lambda: scenario.shell("outside", waits).strip() != "0")
    assert people.count("alice", token) == 0
    scenario.shell("mail", "systemctl start milter")

    def comes_again() -> bool:
        # More than once: the filter may need a moment before it answers.
        scenario.shell("outside", "postqueue -f")
        return people.count("alice", token) > 0

    wait_for("alice has it", comes_again)
    assert people.count("alice", token) == 1


def test_mailboxes_have_no_second_name_for_who_may_relay(
    people: People, scenario: Scenario
) -> None:
    """Neither logins nor trusted hosts nor the host itself reach a mailbox past the tables."""
    login = ["--port", "587", "--tls", "--auth", "PLAIN", "--auth-user", ALICE]
    login += ["--auth-password", scenario.secret("alice")]
    said = people.swaks(*login, "--from", ALICE, "--to", INSIDE)
    assert replies(said, r"550 5\.1\.1 .*User unknown"), said.text
    forms = [
        INSIDE,
        INSIDE.upper(),
        f"{INSIDE}.",
        f"@mail.example.org:{INSIDE}",
        f"{INSIDE.replace('@', '%')}@mail.example.org",
        f"{INSIDE.replace('@', '%')}@example.org",
        f'"{INSIDE}"@mail.example.org',
        f'"{INSIDE}"@localhost',
        f'"{INSIDE}"',
        f'"{INSIDE}"@example.org',
    ]
    port = TALK.format(family="socket.AF_INET", place='("mail.example.org", 25)')
    handover = TALK.format(family="socket.AF_UNIX", place='"/run/postern-sendmail/handover"')
    for host, way in (("desk", port), ("mail", handover)):
        lines = ["EHLO desk.example.org", "MAIL FROM:<ann@example.org>"]
        lines += [f"RCPT TO:<{form}>" for form in forms]
        said = scenario.run(host, "sh", "-c", way, stdin="\r\n".join([*lines, "QUIT", ""]))
        answers = re.findall(r"^\d\d\d .*$", said.text, re.MULTILINE)
        assert [line[:3] for line in answers[1:3]] == ["250", "250"], said.text
        assert [line[:2] for line in answers[3:-1]] == ["55"] * len(forms), said.text
