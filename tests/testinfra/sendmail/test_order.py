"""The order in which Sendmail looks an address up, as a table: what it says, and where it ends."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from dialogues.raw import connected
from dialogues.scenario import Scenario

from .conftest import to_anybody

TAKEN = "250 2.1.5 <{}>... Recipient ok"
UNKNOWN = "550 5.1.1 <{}>... User unknown"
ABROAD = "550 5.7.1 <{}>... Relaying denied"


@dataclass(frozen=True)
class Row:
    """An address, the step that decides, where its mail ends, and what strangers are told.

    ends: mailer, host and user of each end, whom `sendmail -bv` names without asking access.
    """

    address: str
    step: str
    ends: tuple[str, ...] = ()
    answer: str = TAKEN


def stored(*users: str) -> tuple[str, ...]:
    """Return the ends of mail for people with mailboxes."""
    return tuple(f"mailer store, host mail.example.org, user {user}" for user in users)


ALICE, CAROL, DAVE, KEEPER = (f"{who}@example.org" for who in ("alice", "carol", "dave", "keeper"))
TABLE = [
    Row("dave@example.net", "access refuses what virtusertable would take", stored(CAROL, KEEPER),
        "550 5.7.1 <{}>... nobody of that name"),
    Row(ALICE, "virtusertable", stored(ALICE)),
    Row("info@example.org", "virtusertable, twice", stored(ALICE)),
    Row("sales@example.org", "virtusertable, then an alias of two, one of them with a copy",
        stored(CAROL, DAVE, KEEPER)),
    Row("any.name@example.net", "virtusertable's catch-all", stored(CAROL, KEEPER)),
    Row("erin@example.net", "virtusertable, before its catch-all", stored("erin@example.net")),
    Row("left@example.org", "virtusertable refuses in the user's words", (),
        "551 5.1.6 she has moved away"),
    Row("nobody@example.org", "virtusertable refuses", (), UNKNOWN),
    Row("nobody@mail.example.org", "virtusertable refuses for local names too", (), UNKNOWN),
    Row("root@mail.example.org", "virtusertable", stored(ALICE)),
    Row("postmaster", "aliases, for a name without a domain", stored("erin@example.net")),
    Row("info@branch.example", "access lets it in, mailertable leads it on",
        ("mailer esmtp, host [outside.example.com], user info@branch.example",)),
    Row("nobody@branch.example", "access refuses what mailertable would lead on",
        ("mailer esmtp, host [outside.example.com], user nobody@branch.example",), UNKNOWN),
    Row("alice@example.org.postern-store", "the mailboxes' inner form is nobody's", stored(ALICE),
        UNKNOWN),
    Row("bob@example.com", "nothing: it goes out, and not for strangers",
        ("mailer esmtp, host example.com., user bob@example.com",), ABROAD),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.address}: {row.step}")
def test_an_address_is_looked_up_in_this_order(scenario: Scenario, row: Row) -> None:
    said = scenario.run("mail", "/usr/sbin/sendmail", "-Am", "-bv", row.address).text
    ends = re.findall(r"deliverable: (mailer .*)$", said, re.MULTILINE)
    assert sorted(ends) == sorted(row.ends), said
    with connected(scenario.address("mail")) as raw:
        raw.reply()
        for line in ("EHLO outside.example.com", "MAIL FROM:<bob@example.com>"):
            assert raw.say(line).startswith("250")
        answer = to_anybody(raw.say(f"RCPT TO:<{row.address}>"))
    assert answer == row.answer.format(row.address)
