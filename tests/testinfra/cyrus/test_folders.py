"""Folders as mail programs find them: people's own, and shared ones with their rights."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from dialogues.mail import People, new_token
from dialogues.scenario import Scenario, wait_for

NEWS = '"Shared Folders/news"'


def found_in(people: People, account: str, folder: str, token: str) -> int:
    """Return how many messages of a folder bear a token."""
    with people.mailbox(account) as imap:
        assert imap.select(folder, readonly=True)[0] == "OK", folder
        return len(imap.search(None, "SUBJECT", f'"{token}"')[1][0].split())


@pytest.mark.parametrize(("account", "domain"), [("carol", "example.org"), ("erin", "example.net")])
def test_mail_programs_find_what_each_folder_is_for(
    people: People, account: str, domain: str
) -> None:
    with people.mailbox(account, domain) as imap:
        imap.send(b'x LIST "" "*" RETURN (SPECIAL-USE)\r\n')
        lines = []
        while not (line := imap.readline()).startswith(b"x "):
            lines.append(line.decode())
    uses = {
        found[2]: found[1] for one in lines if (found := re.search(r"\\(\w+)\) \S+ (\S+)", one))
    }
    expected = {"Drafts": "Drafts", "Sent": "Sent", "Junk": "Junk", "Trash": "Trash"}
    assert {name: uses.get(name) for name in (*expected, "Archive")} == {
        **expected,
        "Archive": "Archive",
    }


def test_mail_to_a_shared_folder_is_read_by_those_who_may_and_by_nobody_else(
    people: People,
) -> None:
    token = people.bob_writes("news@example.org")
    for account in ("alice", "carol"):
        wait_for(f"{account} reads {token}", lambda who=account: found_in(people, who, NEWS, token))
    with people.mailbox("dave") as imap:
        assert imap.select(NEWS)[0] == "NO"
        assert not [line for line in imap.list('""', "*")[1] if line and b"news" in line]


def test_who_may_read_may_not_write_and_nobody_reaches_what_is_closed(people: People) -> None:
    with people.mailbox("carol") as imap:
        assert imap.append(NEWS, None, None, b"Subject: x\r\n\r\nx\r\n")[0] == "NO"
        assert imap.select('"Shared Folders/news/old"')[0] == "NO"
    with people.mailbox("alice") as imap:
        assert imap.append(NEWS, None, None, b"Subject: x\r\n\r\nx\r\n")[0] == "OK"
        assert imap.select('"Shared Folders/news/old"')[0] == "OK"


def test_mail_to_a_shared_folder_without_the_right_to_post_is_returned(
    people: People, scenario: Scenario
) -> None:
    token = new_token()
    said = people.sendmail("outside", "bob@example.com", "shared+news/old@example.org", token=token)
    find = f"grep -l {said} -r /home/bob/Maildir/new"  # the agent waits for a mailbox at first
    wait_for("bob hears of it", lambda: scenario.run("outside", "sh", "-c", find).rc == 0, 240)


def test_a_person_may_use_folders_of_any_name(people: People) -> None:
    with people.mailbox("carol") as imap:
        name = '"Pr&APw-fungen"'
        imap.create(name)
        assert imap.append(name, None, None, b"Subject: x\r\n\r\nx\r\n")[0] == "OK"
        assert imap.select(name)[1] == [b"1"]
        imap.delete(name)
