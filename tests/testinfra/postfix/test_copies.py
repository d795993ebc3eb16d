"""Copies: as they were, told to nobody outside, and never lost when the archive says no."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from dialogues.mail import BOB, People, new_token
from dialogues.scenario import Scenario, wait_for

JOURNAL = "bob+journal@example.com"
Arrived = Callable[[], dict[str, Counter[str]]]
HEADERS = """From: Bob <bob@example.com>
To: alice.liddell@example.org,
  somebody@elsewhere.example
Cc: Carol <carol@example.org>
Bcc-Like: no
X-Odd:   three   spaces
Subject: {token} =?utf-8?q?=C3=A4?=
Message-ID: <{token}@example.com>
Date: Mon, 02 Mar 2026 10:00:00 +0100
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
"""


def test_a_copy_is_what_the_person_got(scenario: Scenario, people: People) -> None:
    token = new_token()
    headers = HEADERS.format(token=token)
    said = scenario.run(
        "outside", "/usr/sbin/sendmail", "-f", BOB, "alice.liddell@example.org",
        stdin=f"{headers}\nWords.\n",
    )  # fmt: skip
    assert said.rc == 0, said.text
    people.receives("alice", token)
    people.receives("keeper", token)
    texts = {account: message(people, account, token) for account in ("alice", "keeper")}
    assert own_part(texts["keeper"]) == own_part(texts["alice"])
    assert headers.replace("\n", "\r\n") in texts["keeper"]
    assert "keeper" not in texts["alice"].partition("\r\nFrom:")[2]


def message(people: People, account: str, token: str) -> str:
    with people.mailbox(account) as imap:
        _, found = imap.search(None, "SUBJECT", f'"{token}"')
        [number] = found[0].split()
        _, data = imap.fetch(number.decode(), "(BODY.PEEK[])")
    return next(part[1].decode() for part in data if isinstance(part, tuple))


def own_part(text: str) -> str:
    """Return a message without the lines that its last delivery put before it."""
    return (
        text[text.index("Received: from outside.example.com") :].partition("for <")[0]
        + (text.partition("\r\nFrom:")[2])
    )


def test_an_archive_that_refuses_gets_its_copy_later_and_nobody_hears_of_it(
    scenario: Scenario, people: People, settle: Callable[[], None], arrived: Arrived
) -> None:
    refuse = f"check_recipient_access inline:{{{{{JOURNAL}=550 not today}}}}"
    scenario.shell("outside", f"postconf -e 'smtpd_recipient_restrictions={refuse}'")
    scenario.shell("outside", "systemctl reload postfix")
    try:
        token = people.bob_writes("dave@example.org")
        people.receives("dave", token)
        waiting = f"postqueue -p | grep -A 3 {BOB} | grep -q 'not today'"
        wait_for("the copy waits", lambda: scenario.run("mail", "sh", "-c", waiting).rc == 0, 30)
        assert arrived()[token] == {"dave": 1}
    finally:
        scenario.shell("outside", "postconf -X smtpd_recipient_restrictions")
        scenario.shell("outside", "systemctl reload postfix")
    scenario.shell("mail", "postqueue -f")
    settle()
    assert arrived()[token] == {"dave": 1, JOURNAL: 1}


def test_a_way_that_cannot_be_verified_is_not_taken(scenario: Scenario, people: People) -> None:
    people.sendmail("mail", "dave@example.org", "x@bank.example")
    waiting = (
        "postqueue -p | grep -B 1 x@bank.example | grep -Eq 'certificate not (trusted|verified)'"
    )
    try:
        wait_for("it waits", lambda: scenario.run("mail", "sh", "-c", waiting).rc == 0, 30)
    finally:
        scenario.shell("mail", "postsuper -d ALL deferred")
