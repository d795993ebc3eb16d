"""Sieve: the site's script, people's own over ManageSieve from outside, and the inventory's."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time

from ansible_collections.postern.mail.plugins.module_utils._certificates.served import fetch
from dialogues.mail import BOB, People, new_token
from dialogues.managesieve import Sieve
from dialogues.raw import Raw
from dialogues.scenario import Scenario, wait_for

VACATION = """require ["vacation"];
vacation :days 1 :subject "Away until Monday" "I read it on Monday.";
"""


def holds(people: People, account: str, folder: str, token: str) -> bool:
    """Say whether a person's folder has a message with that token."""
    with people.mailbox(account) as imap:
        if imap.select(folder, readonly=True)[0] != "OK":
            return False
        return bool(imap.search(None, "SUBJECT", f'"{token}"')[1][0])


def writes(people: People, account: str, *header: str) -> str:
    """Let a stranger write with further header lines; return the token."""
    token = new_token()
    more = [word for line in header for word in ("--header", line)]
    said = people.swaks("--from", BOB, "--to", f"{account}@example.org", *more, token=token)
    assert said.rc == 0, said.text
    return token


def test_spam_goes_to_junk_for_people_who_have_no_script(people: People) -> None:
    spam, ham = writes(people, "carol", "X-Spam-Flag: YES"), writes(people, "carol")
    wait_for("it is in Junk", lambda: holds(people, "carol", "Junk", spam))
    wait_for("it is in the inbox", lambda: holds(people, "carol", "INBOX", ham))
    assert not holds(people, "carol", "INBOX", spam)


def test_a_script_of_the_inventory_sorts_mail(people: People) -> None:
    token = new_token()
    said = people.swaks("--from", BOB, "--to", "dave@example.org", token=f"list {token}")
    assert said.rc == 0, said.text
    wait_for("it is in Lists", lambda: holds(people, "dave", "Lists", token))


def test_an_absent_person_answers_once_with_a_script_uploaded_from_outside(
    people: People, sieve: Sieve, scenario: Scenario
) -> None:
    assert sieve.put("alice", "away", VACATION).rc == 0
    sieve("alice", "--remotesieve", "away", "--activate")
    assert '"away" ACTIVE' in sieve("alice", "--list").text
    first, second = writes(people, "alice"), writes(people, "alice")
    count = "grep -l 'I read it on Monday' -r /home/bob/Maildir/new /home/bob/Maildir/cur | wc -l"
    wait_for("bob has an answer", lambda: scenario.shell("outside", count).strip() != "0")
    for token in (first, second):
        people.receives("alice", token)
    assert scenario.shell("outside", count).strip() == "1"


def test_a_script_with_a_fault_is_refused_and_the_old_one_stays(sieve: Sieve) -> None:
    script = 'require ["fileinto"];\nif header :is "Subject" { fileinto }\n'
    said = sieve.put("alice", "away", script)
    assert "line 2" in said.text, said.text
    assert '"away" ACTIVE' in sieve("alice", "--list").text


def test_no_login_is_listened_to_before_tls(scenario: Scenario) -> None:
    raw = Raw(scenario.address("mail"), 4190)
    raw.send(b'AUTHENTICATE "PLAIN" "AGEAYg=="\r\n')
    time.sleep(1)
    text = b""
    while not any(word in text for word in (b"\r\nNO ", b"\r\nNO\r\n")):
        piece = raw._socket.recv(4096)
        assert piece, text
        text += piece
    assert b'"STARTTLS"' in text
    assert b'"SASL" ""' in text
    raw.close()


def test_a_run_renews_the_certificate_and_leaves_peoples_scripts_alone(
    scenario: Scenario, sieve: Sieve
) -> None:
    before = fetch(scenario.address("mail"), 4190, 20)
    renewed = scenario.playbook("--extra-vars", "certificates_renew_days=397")
    assert renewed.rc == 0, renewed.text
    assert fetch(scenario.address("mail"), 4190, 20) != before
    assert '"away" ACTIVE' in sieve("alice", "--list").text
