"""Hostile SMTP dialogues, byte by byte, and the exact refusal of each."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

import pytest
from dialogues.raw import Raw, connected
from dialogues.scenario import Scenario

EHLO = "EHLO stranger.example.com"
BOB = "MAIL FROM:<bob@example.com>"
ALICE = "RCPT TO:<alice@example.org>"
STARTTLS = "STARTTLS, and on under TLS"
DENIED = "554 5.7.1 <{}>: Relay access denied"
NO_MAILBOX = "550 5.1.1 <{}>: Recipient address rejected: no mailbox here"
UNKNOWN = "500 5.5.2 Error: command not recognized"
RUDE = "221 2.7.0 Error: I can break rules, too. Goodbye."
TLS_FIRST = "530 5.7.0 Must issue a STARTTLS command first"
NOT_YOURS = "553 5.7.1 <{}>: Sender address rejected: not owned by user {}@example.org"


@dataclass(frozen=True)
class Case:
    """What a stranger says, line by line, and the answer to the last line.

    login: the account that logs in before, under TLS on the port for submission.
    """

    name: str
    lines: tuple[str | bytes, ...]
    answer: str
    host: str = "mail"
    port: int = 25
    login: str = ""


def command(name: str, line: str | bytes, answer: str) -> Case:
    return Case(name, (EHLO, line), answer)


def hello(name: str, line: str, answer: str) -> Case:
    return Case(name, (line, BOB, ALICE), answer)


def sender(address: str, answer: str) -> Case:
    return Case(f"from {address}", (EHLO, f"MAIL FROM:<{address}>", ALICE), answer)


def recipient(address: str, answer: str, host: str = "mail") -> Case:
    line = f"RCPT TO:<{address}>"
    return Case(f"to {address[:40]}", (EHLO, BOB, line), answer.format(address), host)


def submits(name: str, *lines: str, answer: str, login: str = "") -> Case:
    return Case(name, lines, answer, port=587, login=login)


def forges(login: str, address: str, shown: str = "") -> Case:
    lines = (f"MAIL FROM:<{address}>", "RCPT TO:<dave@example.org>")
    answer = NOT_YOURS.format(shown or address, login)
    return Case(f"{login} as {address}", lines, answer, port=587, login=login)


CASES = [
    # Commands that nobody needs, out of order, or wrong in themselves.
    command("addresses are not told", "VRFY alice", "502 5.5.1 VRFY command is disabled"),
    command("lists are not told", "EXPN staff", UNKNOWN),
    command("queues are not run", "ETRN example.org",
            "554 5.7.1 <example.org>: Etrn command rejected: Access denied"),
    command("roles are not turned", "TURN", UNKNOWN),
    command("nothing is debugged", "DEBUG", UNKNOWN),
    command("no login on port 25", "AUTH PLAIN AGEAYg==",
            "503 5.5.1 Error: authentication not enabled"),
    command("no other address is claimed", "XCLIENT ADDR=127.0.0.1",
            "550 5.7.0 Error: insufficient authorization"),
    command("no other origin is claimed", "XFORWARD ADDR=127.0.0.1",
            "550 5.7.0 Error: insufficient authorization"),
    command("a web browser", "GET / HTTP/1.1", RUDE),
    command("a form", "POST /login HTTP/1.1", RUDE),
    command("headers without a message", "Subject: buy", RUDE),
    command("rubbish", b"\xff\xfe\x00\x01", RUDE),
    command("STARTTLS with a word", "STARTTLS now", "501 5.5.4 Syntax: STARTTLS"),
    command("a chunk of less than nothing", "BDAT -1", "521 5.5.4 Syntax: BDAT count [LAST]"),
    command("DATA first", "DATA", "503 5.5.1 Error: need RCPT command"),
    command("RCPT first", ALICE, "503 5.5.1 Error: need MAIL command"),
    command("an overlong command", "X" * 3000, UNKNOWN),
    command("an overlong address", f"MAIL FROM:<{'a' * 3000}@example.com>",
            "501 5.1.7 Bad sender address syntax"),
    command("a NUL in a command", b"MAIL FROM:<a\0b@example.com>",
            "501 5.1.7 Bad sender address syntax"),
    command("MAIL TO", "MAIL TO:<bob@example.com>", "501 5.5.4 Syntax: MAIL FROM:<address>"),
    command("two senders", "MAIL FROM:bob alice", "555 5.5.4 Unsupported option: alice"),
    command("an unknown option", f"{BOB} FOO=1", "555 5.5.4 Unsupported option: FOO=1"),
    command("UTF-8 addresses", f"{BOB} SMTPUTF8", "555 5.5.4 Unsupported option: SMTPUTF8"),
    command("a wrong wish for notices", f"{BOB} RET=NONE", "501 5.5.4 Bad RET parameter syntax"),
    command("too large by its own word", f"{BOB} SIZE=1048577",
            "552 5.3.4 Message size exceeds fixed limit"),
    Case("no greeting", (BOB,), "503 5.5.1 Error: send HELO/EHLO first"),
    Case("two messages at once", (EHLO, BOB, BOB), "503 5.5.1 Error: nested MAIL command"),
    Case("DATA for nobody", (EHLO, BOB, "DATA"), "554 5.5.1 Error: no valid recipients"),
    # Who they say they are.
    hello("our own name", "EHLO mail.example.org",
          "554 5.7.1 <mail.example.org>: Helo command rejected: this is my own name"),
    hello("a name that is none", "EHLO -x-",
          "501 5.5.2 <-x->: Helo command rejected: Invalid name"),
    hello("a name in 8 bits", "EHLO bø", "501 5.5.2 <b??>: Helo command rejected: Invalid name"),
    hello("a name that was refused by hand", "EHLO liar.example",
          "554 5.7.1 <liar.example>: Helo command rejected: liars stay outside"),
    # Senders.
    sender("x@spammer.example",
           "554 5.7.1 <x@spammer.example>: Sender address rejected: no adverts"),
    sender("listed@example.com", "554 5.7.1 <listed@example.com>: Sender address rejected: listed"),
    sender("x@sub.listed.example",
           "554 5.7.1 <x@sub.listed.example>: Sender address rejected: listed"),
    sender("x@nowhere.invalid",
           "450 4.1.8 <x@nowhere.invalid>: Sender address rejected: Domain not found"),
    sender("x", "504 5.5.2 <x>: Sender address rejected: need fully-qualified address"),
    Case("from 8 bits", (EHLO, "MAIL FROM:<bøb@example.com>", ALICE),
         "553 5.6.7 <b  b@example.com>: Sender address rejected: addresses are ASCII here"),
    # Relaying, by every trick.
    recipient("someone@example.edu", DENIED),
    recipient("someone%example.edu@mail.example.org", DENIED),
    recipient("someone%example.edu@example.org", DENIED),
    Case("to a source route", (EHLO, BOB, "RCPT TO:<@mail.example.org:someone@example.edu>"),
         DENIED.format("someone@example.edu")),
    Case("to two hops", (EHLO, BOB, "RCPT TO:<@a.example,@b.example:someone@example.edu>"),
         DENIED.format("someone@example.edu")),
    recipient("example.edu!someone", DENIED),
    recipient("example.edu!someone@mail.example.org", DENIED),
    Case("to quotes", (EHLO, BOB, 'RCPT TO:<"someone@example.edu"@example.org>'),
         DENIED.format("someone@example.edu@example.org")),
    recipient("someone@example.edu@mail.example.org", DENIED),
    recipient("alice@@example.org", DENIED),
    recipient("someone@[192.0.2.1]", DENIED),
    recipient("discard@discard.invalid", DENIED),
    recipient("alice@example.org", DENIED, host="edge"),
    # Recipients that are none.
    recipient("someone@192.0.2.1", "501 5.1.3 Bad recipient address syntax"),
    recipient("", "501 5.1.3 Bad recipient address syntax"),
    recipient("alice@example..org", "501 5.1.3 Bad recipient address syntax"),
    recipient("alice", "504 5.5.2 <{}>: Recipient address rejected: need fully-qualified address"),
    recipient("alice@localhost",
              "504 5.5.2 <{}>: Recipient address rejected: need fully-qualified address"),
    recipient("nobody@example.org", "550 5.1.1 <{}>: Recipient address rejected: User unknown"),
    recipient("a" * 70 + "@example.org",
              "550 5.1.1 <{}>: Recipient address rejected: User unknown"),
    recipient("gone@example.org", "554 5.7.1 <{}>: Recipient address rejected: she has left"),
    recipient("|/bin/sh@mail.example.org", NO_MAILBOX),
    recipient("/etc/passwd@mail.example.org", NO_MAILBOX),
    recipient(":include:/etc/passwd@mail.example.org", NO_MAILBOX),
    recipient("lisa@mail.example.org", NO_MAILBOX),
    recipient("nobody@branch.example",
              "550 5.1.1 <{}>: Recipient address rejected: User unknown", host="edge"),
    recipient("|/bin/sh@edge.example.org",
              "550 5.1.1 <{}>: Recipient address rejected: User unknown", host="edge"),
    recipient("nouser@edge.example.org",
              "550 5.1.1 <{}>: Recipient address rejected: User unknown", host="edge"),
    # Submission: over TLS, with a login, under one's own name.
    submits("a login in clear", EHLO, "AUTH PLAIN AGEAYg==", answer=TLS_FIRST),
    submits("mail in clear", EHLO, BOB, answer=TLS_FIRST),
    submits("no login", EHLO, STARTTLS, EHLO, BOB, ALICE,
            answer="554 5.7.1 <CLIENT>: Client host rejected: Access denied"),
    submits("a wrong password", EHLO, STARTTLS, EHLO, "AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHg=",
            answer="535 5.7.8 Error: authentication failed: authentication failure"),
    submits("a login that is given up", EHLO, STARTTLS, EHLO, "AUTH LOGIN", "*",
            answer="501 5.7.0 Authentication aborted"),
    submits("a mechanism that leaks", EHLO, STARTTLS, EHLO, "AUTH CRAM-MD5",
            answer="535 5.7.8 Error: authentication failed: no mechanism available"),
    forges("alice", "carol@example.org"),
    forges("alice", "x@example.com"),
    forges("dave", "team@example.org"),
    forges("desk", "alice@example.org"),
    forges("alice", "@mail.example.org:carol@example.org", "carol@example.org"),
    forges("alice", "carol%example.org@example.org"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_stranger_is_refused_in_these_words(case: Case, scenario: Scenario) -> None:
    with connected(scenario.address(case.host), case.port) as raw:
        assert raw.reply().startswith(f"220 {case.host}.example.org ESMTP")
        if case.login:
            _log_in(raw, scenario, case.login)
        *before, last = case.lines
        for line in before:
            said = raw.starttls() if line == STARTTLS else raw.say(line)
            assert re.match("[23]", said), f"{line!r}: {said}"
        answer = re.sub(r"<[\w.]+\[[\d.]+\]>", "<CLIENT>", raw.say(last))
    assert answer == case.answer


def _log_in(raw: Raw, scenario: Scenario, account: str) -> None:
    words = f"\0{account}@example.org\0{scenario.secret(account)}"
    raw.say(EHLO)
    raw.starttls()
    raw.say(EHLO)
    said = raw.say("AUTH PLAIN " + base64.b64encode(words.encode()).decode())
    assert said.startswith("235"), said


def begin(raw: Raw, *recipients: str) -> None:
    """Say everything up to the message itself."""
    assert raw.reply().startswith("220")
    lines = [EHLO, BOB, *(f"RCPT TO:<{name}>" for name in recipients or ("dave@example.org",))]
    assert all(raw.say(line).startswith("250") for line in lines)
    assert raw.say("DATA").startswith("354")


@pytest.mark.parametrize(
    "end",
    [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n", b"\n.\r", b"\r\n.\r",
     b"\r\n\0.\r\n", b"\r\n.\0\r\n", b"\r\n. \r\n"],
)  # fmt: skip
@pytest.mark.parametrize("host", ["mail", "edge"])
def test_nothing_but_its_own_end_ends_a_message(scenario: Scenario, host: str, end: bytes) -> None:
    to = "dave@example.org" if host == "mail" else "lisa@edge.example.org"
    smuggled = b"MAIL FROM:<admin@example.org>\r\nRCPT TO:<" + to.encode() + b">\r\nDATA\r\n"
    with connected(scenario.address(host)) as raw:
        begin(raw, to)
        raw.send(b"Subject: smuggled\r\n\r\nfirst" + end + smuggled + b"Subject: x\r\n\r\nsecond")
        assert raw.silent(0.5)
        raw.send(b"\r\n.\r\n")
        assert raw.reply().startswith("250 2.0.0 Ok: queued")
        assert raw.say("QUIT").startswith("221")  # no further answer came before


def test_a_client_that_does_not_wait_for_answers_is_sent_away(scenario: Scenario) -> None:
    with connected(scenario.address("mail")) as raw:
        raw.reply()
        raw.send(f"HELO stranger.example.com\r\n{BOB}\r\n{ALICE}\r\nDATA\r\n".encode())
        assert raw.reply() == "554 5.5.0 Error: SMTP protocol synchronization"


def test_what_was_said_before_tls_counts_for_nothing(scenario: Scenario) -> None:
    with connected(scenario.address("mail"), 587) as raw:
        raw.reply()
        raw.say(EHLO)
        raw.send(b"STARTTLS\r\nNOOP injected\r\n")
        assert raw.reply() == "220 2.0.0 Ready to start TLS"
        raw.wrap()
        assert raw.silent()
        assert raw.say(EHLO).startswith("250")


def test_a_message_that_grows_too_large_is_refused(scenario: Scenario) -> None:
    with connected(scenario.address("mail")) as raw:
        begin(raw)
        raw.send(b"Subject: large\r\n\r\n" + (b"x" * 998 + b"\r\n") * 1100 + b".\r\n")
        assert raw.reply() == "552 5.3.4 Error: message file too big"


def test_recipients_beyond_the_limit_are_asked_to_come_later(scenario: Scenario) -> None:
    with connected(scenario.address("mail")) as raw:
        raw.reply()
        raw.say(EHLO)
        raw.say(BOB)
        answers = [raw.say(f"RCPT TO:<dave+{number}@example.org>") for number in range(21)]
    assert set(answers[:20]) == {"250 2.1.5 Ok"}
    assert answers[20] == "452 4.5.3 Error: too many recipients"


def test_who_makes_errors_only_is_sent_away(scenario: Scenario) -> None:
    with connected(scenario.address("mail")) as raw:
        raw.reply()
        raw.say(EHLO)
        raw.say(BOB)
        answers = [raw.say(f"RCPT TO:<nobody{number}@example.org>") for number in range(11)]
    assert answers[10] == "421 4.7.0 mail.example.org Error: too many errors"


def test_one_client_has_so_many_connections_and_no_more(scenario: Scenario) -> None:
    address = scenario.address("edge")
    client = f"{address.rpartition('.')[0]}.1"
    open_ones = [Raw(address) for _number in range(6)]
    try:
        answers = [raw.reply() for raw in open_ones]
    finally:
        for raw in open_ones:
            raw.close()
    assert all(answer.startswith("220") for answer in answers[:5]), answers
    # Postscreen or, to which it hands over whom it knows, smtpd: whoever still counts all of them.
    assert answers[5] in (
        "421 4.7.0 Error: too many connections",
        f"421 4.7.0 edge.example.org Error: too many connections from {client}",
    )


def test_lines_of_any_length_and_nul_bytes_arrive_as_they_may(scenario: Scenario) -> None:
    with connected(scenario.address("mail")) as raw:
        begin(raw)
        raw.send(b"Subject: odd\r\n\r\n" + b"y" * 100_000 + b"\r\na\0b\r\n.\r\n")
        assert raw.reply().startswith("250 2.0.0 Ok: queued")
