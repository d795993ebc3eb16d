"""What Cyrus does when it is hurt, and that no mail is lost by it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import imaplib
import re
import time

import pytest
from dialogues.mail import People, new_token
from dialogues.scenario import Scenario, wait_for

CAROL = "carol@example.org"
BOUNCE_SECONDS = 240
BIG = 700_000


def test_what_does_not_fit_waits_and_is_returned_and_the_rest_goes_on(
    people: People, scenario: Scenario
) -> None:
    first, second = (new_token() for _ in range(2))
    people.sendmail("outside", "bob@example.com", "dave@example.org", token=f"{first} {'x' * 60}")
    people.receives("dave", first)
    fill = f"head -c {BIG} /dev/zero | tr '\\0' x | fold -w 900"
    for token in (new_token(), second):
        message = f"printf 'From: bob@example.com\\nSubject: {token}\\n\\n'; {fill}"
        scenario.shell("outside", f"({message}) | sendmail -f bob@example.com dave@example.org")
        if token != second:
            people.receives("dave", token)
    said = "journalctl --no-pager -o cat | grep 'dave@example.org' | grep -c 'Over quota' || true"
    wait_for("it is deferred", lambda: scenario.shell("mail", said).strip() != "0")
    heads = "postqueue -j | grep -o '[0-9A-F]*\", \"arrival' | cut -d '\"' -f 1"
    assert second in scenario.shell("mail", f"{heads} | xargs -n 1 postcat -qh")
    find = f"grep -l {second} -r /home/bob/Maildir/new"
    wait_for(
        "bob hears of it",
        lambda: scenario.run("outside", "sh", "-c", find).rc == 0,
        BOUNCE_SECONDS,
    )
    assert people.count("dave", second) == 0
    small = people.bob_writes("dave@example.org")
    people.receives("dave", small)


def test_a_session_that_waits_hears_of_new_mail_at_once(people: People) -> None:
    with people.mailbox("carol") as imap:
        imap.send(b"i IDLE\r\n")
        assert imap.readline().startswith(b"+")
        said = people.swaks("--from", "bob@example.com", "--to", CAROL)
        assert said.rc == 0, said.text
        start = time.monotonic()
        imap.sock.settimeout(20)
        while b"EXISTS" not in (line := imap.readline()):
            assert line
        assert time.monotonic() - start < 2
        imap.send(b"DONE\r\n")
        while not imap.readline().startswith(b"i "):
            pass


@pytest.mark.parametrize(
    "blow",
    ["pkill -9 imapd; pkill -9 lmtpd; true", "systemctl kill --kill-whom=main -s KILL cyrus-imapd"],
    ids=["sessions", "master"],
)
def test_mail_that_was_accepted_is_there_after_a_kill(
    people: People, scenario: Scenario, blow: str
) -> None:
    tokens = [people.bob_writes(CAROL) for _ in range(5)]
    scenario.shell("mail", blow)
    tokens += [people.bob_writes(CAROL) for _ in range(5)]

    wait_for("Cyrus is back", lambda: is_back(people))
    for token in tokens:
        people.receives("carol", token)
        assert people.count("carol", token) == 1


def is_back(people: People) -> bool:
    """Say whether a person can log in."""
    try:
        with people.mailbox("carol"):
            return True
    except (OSError, imaplib.IMAP4.error):
        return False


def test_a_damaged_mailbox_is_mended_and_its_mail_is_there(
    people: People, scenario: Scenario
) -> None:
    token = people.bob_writes("alice@example.org")
    people.receives("alice", token)
    place = "/usr/lib/cyrus/bin/mbpath user/alice@example.org"
    scenario.shell("mail", f"printf rubbish | dd of=$({place})/cyrus.index conv=notrunc 2>&1")
    arguments = ["--extra-vars", "reconstruct_mailbox=alice@example.org"]
    dry = scenario.playbook(*arguments, name="playbooks/reconstruct.yml")
    assert dry.changed["mail"] == 0, dry.text
    assert re.search("invalid format|Damaged", dry.text), dry.text
    really = ["--extra-vars", "reconstruct_really=true"]
    done = scenario.playbook(*arguments, *really, name="playbooks/reconstruct.yml")
    assert done.rc == 0, done.text
    assert people.count("alice", token) == 1
