"""One message on every path, to and from a real peer: where it ends, how often, nowhere else."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from dialogues.mail import BOB, People

JOURNAL = "bob+journal@example.com"
ALICE, CAROL, DAVE, KEEPER = (
    f"{name}@example.org" for name in ("alice", "carol", "dave", "keeper")
)


@dataclass(frozen=True)
class Path:
    """A message: what it shows, who hands it over where, to whom, and in which mailboxes it ends.

    journal: how many copies the journal gets, which has one of all that passes the mail server.
    """

    name: str
    sender: str
    to: tuple[str, ...]
    ends: dict[str, int] = field(default_factory=dict)
    host: str = "outside"
    login: str = ""
    journal: int = 1

    @property
    def expected(self) -> Counter[str]:
        """Every mailbox with the number of its copies."""
        copies = {JOURNAL: self.journal} if self.journal else {}
        return Counter({**self.ends, **copies})


PATHS = [
    # From outside, by MX.
    Path("account", BOB, (DAVE,), {"dave": 1}),
    Path("account with backup", BOB, (ALICE,), {"alice": 1, "keeper": 1}),
    Path("own alias", BOB, ("alice.liddell@example.org",), {"alice": 1, "keeper": 1}),
    Path("extension", BOB, ("alice+shop@example.org",), {"alice": 1, "keeper": 1}),
    Path("alias of two", BOB, ("sales@example.net",), {"carol": 1, "dave": 1, "keeper": 1}),
    Path("required address", BOB, ("postmaster@example.net",), {"dave": 1}),
    Path("the host itself", BOB, ("root@mail.example.org",), {"dave": 1}),
    Path("alias from a file", BOB, ("team@example.net",), {"alice": 1, "carol": 1, "keeper": 1}),
    Path("full alias from a file", BOB, ("press@example.org",), {"alice": 1, "keeper": 1}),
    Path("alias that leads back out", BOB, ("bobs@example.org",), {BOB: 1}),
    Path("file alias that leads out", BOB, ("far@example.org",), {BOB: 1}),
    Path("catch-all", BOB, ("whoever@example.net",), {"carol": 1, "keeper": 1}),
    Path("two with backup", BOB, (ALICE, CAROL), {"alice": 1, "carol": 1, "keeper": 1}),
    Path("the copies' own mailbox", BOB, (KEEPER,), {"keeper": 1}),
    Path("a person and the copies", BOB, (ALICE, KEEPER), {"alice": 1, "keeper": 1}),
    Path("thrown away for one", BOB, ("void@example.org", DAVE), {"dave": 1}),
    Path("thrown away by a file", BOB, ("noreply@example.org", DAVE), {"dave": 1}),
    Path("thrown away by sender", "loud@example.com", (DAVE,), journal=0),
    Path("null sender", "", (DAVE,), {"dave": 1}),
    # Through the edge, which knows who exists at the branch.
    Path("edge", BOB, ("info@branch.example",), {"dave": 1}),
    Path("edge by file", BOB, ("help@branch.example",), {"carol": 1, "keeper": 1}),
    Path("edge, two ways", BOB, ("sales@branch.example", ALICE),
         {"alice": 1, "carol": 1, "dave": 1, "keeper": 1}, journal=2),
    Path("edge, its UNIX user", BOB, ("lisa@edge.example.org",), {"lisa@edge": 1}, journal=0),
    Path("edge, alias to its user", BOB, ("root@edge.example.org",), {"lisa@edge": 1}, journal=0),
    # From the edge: bare names are its own, some senders take a way of their own.
    Path("edge to itself", "root", ("lisa",), {"lisa@edge": 1}, host="edge", journal=0),
    Path("edge straight out", "lisa@edge.example.org", (BOB,), {BOB: 1}, host="edge", journal=0),
    Path("sender relay", "news@example.org", (BOB,), {BOB: 1}, host="edge"),
    Path("sender relay, TLS first", "shop@example.net", (BOB,), {BOB: 1}, host="edge"),
    Path("relay domain before sender relay", "news@example.org", ("info@branch.example",),
         {"dave": 1}, host="edge"),
    # From the desk: its users' mail stays, all else goes through the mail server by a login.
    Path("desk to itself", "root", ("lisa",), {"lisa@desk": 1}, host="desk", journal=0),
    Path("desk by a former name", "root", ("lisa@old-desk.example.org",), {"lisa@desk": 1},
         host="desk", journal=0),
    Path("desk, system mail", "cron", ("root",), {"dave": 1}, host="desk"),
    Path("desk out", "lisa", (BOB,), {BOB: 1}, host="desk"),
    Path("desk, account", "lisa", (ALICE,), {"alice": 1, "keeper": 1}, host="desk"),
    # By submission.
    Path("submission out", ALICE, (BOB,), {BOB: 1}, login="alice"),
    Path("submission inside", CAROL, (DAVE,), {"dave": 1}, login="carol"),
    Path("sends as", "x@branch.example", (DAVE,), {"dave": 1}, login="dave"),
    Path("copy by recipient", BOB, ("watched@example.org",), {"dave": 1, "carol": 1}),
    Path("copy by sender", DAVE, (BOB,), {BOB: 1, "carol": 1}, login="dave"),
    # What the mail server itself sends.
    Path("own mail", "root", ("dave",), {"dave": 1}, host="mail"),
]  # fmt: skip


@pytest.fixture(scope="module")
def outcome(
    people: People,
    submit: Callable[..., str],
    settle: Callable[[], None],
    arrived: Callable[[], dict[str, Counter[str]]],
) -> dict[str, Counter[str]]:
    """Send them all, wait until every queue is empty, and count."""
    tokens = {
        path.name: submit(path.login, path.sender, *path.to)
        if path.login
        else people.sendmail(path.host, path.sender, *path.to)
        for path in PATHS
    }
    settle()
    counted = arrived()
    return {name: counted.get(token, Counter()) for name, token in tokens.items()}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_a_message_ends_where_it_should_and_nowhere_else(
    path: Path, outcome: dict[str, Counter[str]]
) -> None:
    assert outcome[path.name] == path.expected


def test_the_ways_out_were_as_safe_as_asked(outcome: dict[str, Any], scenario: Any) -> None:
    log = {
        host: scenario.shell(host, "journalctl -q --no-pager -o cat -t postfix/relay/smtp "
                             "-t postfix/smtp -t postfix/bysender/smtp -t postfix/wrapped/smtp "
                             "-t postfix/bysender-wrapped/smtp -t postfix/keep/smtp")
        for host in ("edge", "mail", "desk")
    }  # fmt: skip
    verified = "Verified TLS connection established to mail.example.org"
    assert f"{verified}[" in log["edge"]
    assert ":25: " in log["edge"]
    assert ":587: " in log["edge"]
    assert ":465: " in log["edge"]
    assert verified in log["desk"]
    assert "TLS connection established to outside.example.com" in log["mail"]


def test_each_sender_used_its_own_login(outcome: dict[str, Any], scenario: Any) -> None:
    log = scenario.shell("mail", "journalctl -q --no-pager -o cat | grep sasl_username")
    edge, desk = scenario.address("edge"), scenario.address("desk")
    by_login = [line for line in log.splitlines() if f"[{edge}]" in line]
    assert {line.rpartition("=")[2] for line in by_login} == {ALICE, CAROL}
    by_desk = {line.rpartition("=")[2] for line in log.splitlines() if f"[{desk}]" in line}
    assert by_desk == {"desk@example.org"}
