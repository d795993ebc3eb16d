"""Hostile and malformed SMTP against Sendmail, with the exact refusals."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from dialogues.mail import People, new_token
from dialogues.raw import Raw, connected
from dialogues.scenario import Scenario, wait_for

from .conftest import to_anybody

BOB = "MAIL FROM:<bob@example.com>"
ALICE = "RCPT TO:<alice@example.org>"


@pytest.fixture
def server(scenario: Scenario) -> str:
    return scenario.address("mail")


def begun(raw: Raw) -> Raw:
    """Wait for the greeting and greet back."""
    assert raw.reply() == "220 mail.example.org ESMTP"
    assert raw.say("EHLO outside.example.com").startswith("250")
    return raw


# What is said after the greeting, line by line, and the whole of the last answer.
DENIED = "550 5.7.1 <{}>... Relaying denied"
UNKNOWN = "550 5.1.1 <{}>... User unknown"
TOO_LARGE = "552 5.2.3 Message size exceeds fixed maximum message size (2097152)"


def to(address: str, answer: str) -> tuple[list[str], str]:
    """Return the dialogue of a message to an address."""
    return [BOB, f"RCPT TO:<{address}>"], answer.format(address)


DIALOGUES = {
    "vrfy": (["VRFY alice"],
             "252 2.5.2 Cannot VRFY user; try RCPT to attempt delivery (or try finger)"),
    "expn": (["EXPN sales"], "502 5.7.0 Sorry, we do not allow this operation"),
    "etrn": (["ETRN example.org"], "502 5.7.0 Sorry, we do not allow this operation"),
    "verb": (["VERB"], "502 5.7.0 Verbose unavailable"),
    "unknown command": (["FROB x"], '500 5.5.1 Command unrecognized: "FROB x"'),
    "web browser": (["GET / HTTP/1.1"], '500 5.5.1 Command unrecognized: "GET / HTTP/1.1"'),
    "help": (["HELP"], "214 2.0.0 End of HELP info"),
    "recipient before sender": ([ALICE], "503 5.0.0 Need MAIL before RCPT"),
    "data before sender": (["DATA"], "503 5.0.0 Need MAIL command"),
    "data before recipient": ([BOB, "DATA"], "503 5.0.0 Need RCPT (recipient)"),
    "two senders": ([BOB, BOB], "503 5.5.0 Sender already specified"),
    "relay": to("x@example.edu", DENIED),
    "percent": to("x%example.edu@example.org", UNKNOWN),
    "bang": to("example.edu!x@example.org", UNKNOWN),
    "route": to("@example.org:x@example.edu", DENIED),
    "quoted": to('"x@example.edu"@example.org', UNKNOWN),
    "quoted, of this host": to('"x@example.edu"@mail.example.org', DENIED),
    "literal": to("x@[192.0.2.1]", DENIED),
    "store's own form": to("alice@example.org.postern-store", UNKNOWN),
    "pipe": to('"|/bin/sh"', "550 5.7.1 <{}>... Cannot mail directly to programs"),
    "file": to("/etc/passwd", "550 5.7.1 <{}>... Cannot mail directly to files"),
    "include": to(":include:/etc/passwd", "550 5.7.1 <{}>... Cannot mail directly to :include:s"),
    "unix user": to("daemon@mail.example.org", UNKNOWN),
    "empty recipient": to("", "553 5.0.0 <{}>... User address required"),
    "broken recipient": ([BOB, "RCPT TO:<alice@example.org"],
                         "553 5.0.0 <alice@example.org... Unbalanced '<'"),
    "blanks": to("a b@example.org", UNKNOWN),
    "sender without domain": (
        ["MAIL FROM:<bob>", ALICE],
        "553 5.5.4 <alice@example.org>... Domain name required for sender address bob",
    ),
    "sender of no domain": (
        ["MAIL FROM:<x@no-such.example.com>", ALICE],
        "553 5.1.8 <alice@example.org>... "
        "Domain of sender address x@no-such.example.com does not exist",
    ),
    "refused sender": (
        ["MAIL FROM:<spammer@example.com>", ALICE],
        "550 5.7.1 <alice@example.org>... no thanks",
    ),
    "too large": ([f"{BOB} SIZE=99999999"], TOO_LARGE),
    "bad size": ([f"{BOB} SIZE=-1"], "552 5.2.3 Message size invalid"),
    "unknown parameter": ([f"{BOB} FROB=1"], "555 5.5.4 FROB parameter unrecognized"),
    "login on 25": (["AUTH PLAIN AGEAYg=="], "503 5.3.3 AUTH not available"),
    "turn": (["TURN"], '502 5.5.1 Command not implemented: "TURN"'),
    "long line": (["NOOP " + "x" * 20000],
                  "421 4.7.0 mail.example.org Command too long, possible attack CLIENT"),
}  # fmt: skip


@pytest.mark.parametrize("name", DIALOGUES)
def test_it_is_refused_in_these_words(server: str, name: str) -> None:
    lines, answer = DIALOGUES[name]
    with connected(server) as raw:
        begun(raw)
        said = [to_anybody(raw.say(line)) for line in lines]
    assert said[-1] == answer
    assert all(earlier.startswith("250") for earlier in said[:-1]), said


def test_who_speaks_before_the_greeting_is_refused(server: str) -> None:
    with connected(server) as raw:
        raw.send(b"EHLO outside.example.com\r\n")
        assert raw.reply().startswith("554 mail.example.org ESMTP not accepting messages")


def test_mail_needs_a_greeting(server: str) -> None:
    with connected(server) as raw:
        raw.reply()
        assert raw.say(BOB).startswith("503 5.0.0 Polite people say HELO first")


def test_a_message_has_no_more_recipients_than_allowed(server: str) -> None:
    with connected(server) as raw:
        begun(raw).say(BOB)
        said = [raw.say(f"RCPT TO:<any{n}@example.net>") for n in range(21)]
        assert all(line.startswith("250") for line in said[:20]), said
        assert said[20].startswith("452 4.5.3 Too many recipients")


def test_logins_are_asked_for_on_submission_and_only_under_tls(server: str) -> None:
    with connected(server, 587) as raw:
        begun(raw)
        assert raw.say("AUTH PLAIN AGEAYg==").startswith("503 5.3.3 AUTH not available")
        assert raw.say(BOB).startswith("530 5.7.0 Authentication required")


def test_what_was_said_before_tls_counts_for_nothing(server: str) -> None:
    with connected(server, 587) as raw:
        begun(raw)
        raw.send(b"STARTTLS\r\nNOOP injected\r\n")
        assert raw.reply() == "220 2.0.0 Ready to start TLS"
        raw.wrap()
        assert raw.silent()
        assert raw.say("EHLO outside.example.com").startswith("250")


SMUGGLED = "MAIL FROM:<admin@example.org>\r\nRCPT TO:<alice@example.org>\r\nDATA\r\nSubject: {}\r\n"


BARE = "421 4.5.0 Bare {} not allowed"
LF, CR = BARE.format("linefeed (LF)"), BARE.format("carriage return (CR)")
ENDS = {
    b"\n.\n": LF,
    b"\n.\r\n": LF,
    b"\r\n.\n": LF,
    b"\r.\r": CR,
    b"\r.\r\n": CR,
    b"\r\n.\r": CR,
    b"\r\n\0.\r\n": ("250 2.0.0", "554 5.6.1 NUL byte not allowed"),  # one message, or none
}


@pytest.mark.parametrize("end", ENDS)
def test_no_second_message_is_smuggled_in(
    scenario: Scenario, people: People, server: str, end: bytes
) -> None:
    first, second = new_token(), new_token()
    with connected(server) as raw:
        begun(raw)
        for line in (BOB, ALICE):
            assert raw.say(line).startswith("250")
        assert raw.say("DATA").startswith("354")
        raw.send(f"Subject: {first}\r\n\r\nfirst".encode() + end)
        raw.send(SMUGGLED.format(second).encode() + b"\r\nsecond\r\n.\r\n")
        answer = raw.reply()
    assert answer.startswith(ENDS[end])
    waiting = "find /var/spool/mqueue -name 'qf*' | wc -l"
    wait_for("nothing waits", lambda: scenario.shell("mail", waiting).strip() == "0")
    assert people.count("alice", first) == int(answer.startswith("250"))
    assert people.count("alice", second) == 0
