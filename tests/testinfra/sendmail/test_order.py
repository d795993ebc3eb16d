"""The order in which Sendmail looks an address up, as a table: what it says, and where it ends."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from dialogues.mail import BOB, People, new_token
from dialogues.scenario import Scenario

STORE = "mailer store, host mail.example.org"
# Address; which step decides; what `sendmail -bv` says of each end.
# She has a copy made of all that she gets.
CAROL = [f"{STORE}, user {who}@example.org" for who in ("carol", "keeper")]
TABLE = [
    ("dave@example.net", "access refuses, before virtusertable is asked", None),
    ("alice@example.org", "virtusertable", [f"{STORE}, user alice@example.org"]),
    (
        "info@example.org",
        "virtusertable, twice",
        [f"{STORE}, user alice@example.org"],
    ),
    (
        "sales@example.org",
        "virtusertable leads to an alias, that to two people, one of them with a copy",
        [
            f"{STORE}, user carol@example.org",
            f"{STORE}, user dave@example.org",
            f"{STORE}, user keeper@example.org",
        ],
    ),
    ("any.name@example.net", "virtusertable's catch-all", CAROL),
    ("erin@example.net", "virtusertable, before its catch-all", ["user erin@example.net"]),
    ("nobody@example.org", "virtusertable refuses", None),
    ("nobody@mail.example.org", "virtusertable refuses for local names too", None),
    ("root@mail.example.org", "virtusertable", [f"{STORE}, user alice@example.org"]),
    ("root", "aliases, for a name without a domain", ["user alice@example.org"]),
    ("info@branch.example", "mailertable", ["mailer esmtp, host [outside.example.com]"]),
    (BOB, "nothing: it goes out", ["mailer esmtp, host example.com., user bob@example.com"]),
]


@pytest.mark.parametrize(("address", "step", "ends"), TABLE, ids=[row[0] for row in TABLE])
def test_an_address_is_looked_up_in_this_order(
    scenario: Scenario, address: str, step: str, ends: list[str] | None
) -> None:
    said = scenario.run("mail", "/usr/sbin/sendmail", "-Am", "-bv", address)
    lines = [line for line in said.text.splitlines() if "deliverable" in line]
    if ends is None and "access" not in step:
        assert "User unknown" in said.text, said.text
    elif ends is not None:
        assert len(lines) == len(ends), said.text
        for end in ends:
            assert any(end in line for line in lines), said.text


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("dave@example.net", "550 5.7.1 <dave@example.net>... nobody of that name"),
        ("nobody@example.org", "550 5.1.1 <nobody@example.org>... User unknown"),
        ("nobody@mail.example.org", "550 5.1.1 <nobody@mail.example.org>... User unknown"),
        ("nobody@branch.example", "550 5.1.1 <nobody@branch.example>... User unknown"),
        ("alice@example.org.postern-store", "550 5.1.1 <alice@example.org.postern-store>... User"),
    ],
)
def test_what_is_refused_is_refused_at_once(people: People, address: str, answer: str) -> None:
    said = people.swaks("--from", BOB, "--to", address, token=new_token())
    assert answer in said.text, said.text
