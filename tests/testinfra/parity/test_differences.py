"""What Postfix and Sendmail do each in its own way, as docs/transfer-agents.md says."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from dialogues.mail import new_token
from dialogues.parity import Result
from dialogues.scenario import Scenario, wait_for

ALICE = "alice@example.org"
Became = dict[str, dict[str, Result]]


def logged(scenario: Scenario, agent: str, pattern: str) -> bool:
    """Say whether an agent's host has logged what fits a pattern."""
    script = f"journalctl -q --no-pager -o cat --since=-20min | grep -Eq '{pattern}'"
    return scenario.run(agent, "sh", "-c", script).rc == 0


def stored(scenario: Scenario, agent: str, token: str) -> int:
    """Return how many mailboxes of a host have a message."""
    find = f"grep -rlF {token} /var/spool/cyrus/mail --include='[0-9]*.' || true"
    return len(scenario.shell(agent, find).split())


@pytest.mark.parametrize(
    ("agent", "answer"),
    [
        ("postfix", "554 5.7.1 <spammer@example.com>: Sender address rejected: no adverts here"),
        ("sendmail", f"550 5.7.1 <{ALICE}>... no adverts here"),
    ],
)
def test_each_refuses_with_its_own_number(became: Became, agent: str, answer: str) -> None:
    assert became[agent]["a refused sender"].said == (f"{ALICE}: {answer}",)


@pytest.mark.usefixtures("became")
@pytest.mark.parametrize(
    ("agent", "pattern", "is_so"),
    [
        ("postfix", r"to=<dave\+x@example.org>, orig_to=<sales\+x@example.org>", True),
        ("postfix", r"to=<alice\+x@example.org>, orig_to=<alice.liddell\+x@example.org>", True),
        ("sendmail", r"to=.*dave\+x@example.org", False),
    ],
)
def test_what_stands_behind_a_plus_reaches_each_target_with_postfix_alone(
    scenario: Scenario, agent: str, pattern: str, is_so: bool
) -> None:
    assert logged(scenario, agent, pattern) is is_so


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("alice.liddell+x@example.org", "user alice+x@example.org"),
        ("sales+x@example.org", "user dave@example.org"),
    ],
)
def test_sendmail_keeps_what_stands_behind_a_plus_for_one_target(
    scenario: Scenario, address: str, answer: str
) -> None:
    said = scenario.shell("sendmail", f"sendmail -bv {address}")
    assert answer in said.splitlines()[-1]


@pytest.mark.parametrize(("agent", "copies"), [("postfix", 1), ("sendmail", 0)])
def test_a_local_program_is_refused_by_sendmail_alone(
    scenario: Scenario, agent: str, copies: int
) -> None:
    token, after = new_token(), new_token()
    for sender, subject in (("spammer@example.com", token), (ALICE, after)):
        argv = ("/usr/sbin/sendmail", "-f", sender, "--", ALICE)
        scenario.run(agent, *argv, stdin=f"Subject: {subject}\n\nWords.\n")
    wait_for("what came after it is there", lambda: stored(scenario, agent, after) == 1)
    assert stored(scenario, agent, token) == copies


# Gives a mailbox another name, as the administrator that the module is.
RENAME = """
import imaplib, socket, sys
class Admin(imaplib.IMAP4):
    def _create_socket(self, timeout=None):
        client = socket.socket(socket.AF_UNIX)
        client.connect("/run/cyrus/socket/admin")
        return client
imap = Admin()
imap.login("cyrus-admin", open("/etc/postern/cyrus-admin.secret").read().strip())
said = imap.rename(*(f"user/{name}" for name in sys.argv[1:]))
assert said[0] == "OK", said
"""


def test_postfix_keeps_mail_for_a_mailbox_that_is_not_there_yet(scenario: Scenario) -> None:
    names = ("erin@example.net", "erin-away@example.net")
    token = new_token()
    assert scenario.run("postfix", "python3", "-c", RENAME, *names).rc == 0
    try:
        argv = ("/usr/sbin/sendmail", "-f", ALICE, "--", names[0])
        scenario.run("postfix", *argv, stdin=f"Subject: {token}\n\nWords.\n")
        pattern = "to=<erin@example.net>.*status=(deferred|SOFTBOUNCE)"
        wait_for("it is put off", lambda: logged(scenario, "postfix", pattern), 30)
        assert stored(scenario, "postfix", token) == 0
    finally:
        said = scenario.run("postfix", "python3", "-c", RENAME, *reversed(names))
    assert said.rc == 0, said.text
    scenario.shell("postfix", "postqueue -f")
    wait_for("it is there", lambda: stored(scenario, "postfix", token) == 1, 30)


# An account that Sendmail knows, and whose mailbox is not made yet; and then nobody's any more.
NOT_YET = (
    "cd /etc/mail; cp -p virtusertable /run/kept; printf "
    "'newcomer@example.org\\tnewcomer@example.org.postern-store\\n' >> virtusertable; "
    "makemap hash virtusertable < virtusertable"
)
AFTER = "cd /etc/mail; cp -p /run/kept virtusertable; makemap hash virtusertable < virtusertable"


def test_sendmail_returns_mail_for_a_mailbox_that_is_not_there_yet(scenario: Scenario) -> None:
    scenario.shell("sendmail", NOT_YET)
    try:
        argv = ("/usr/sbin/sendmail", "-f", ALICE, "--", "newcomer@example.org")
        token = new_token()
        scenario.run("sendmail", *argv, stdin=f"Subject: {token}\n\nWords.\n")
        refused = r"to=.*newcomer@example.org.*(stat=User unknown|5\.1\.1)"
        wait_for("it is logged", lambda: logged(scenario, "sendmail", refused), 30)
        wait_for("its sender is told", lambda: stored(scenario, "sendmail", token) == 1, 30)
    finally:
        scenario.shell("sendmail", AFTER)
