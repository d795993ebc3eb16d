"""People read their mail over IMAPS and POP3S, each their own, and as many at a time as allowed."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import imaplib
import json
import os
from pathlib import Path

import pytest
from dialogues.courier import Server
from dialogues.scenario import Scenario, wait_for

ALICE, CAROL = "alice@example.org", "carol@example.org"


def test_the_site_is_proven_from_outside(scenario: Scenario, tmp_path: Path) -> None:
    reports = json.dumps({"verify_report_directory": str(tmp_path)})
    hosts = "all" if os.environ.get("POSTERN_FULL") else "mail"  # a minute or two for each
    said = scenario.playbook("--limit", hosts, "-e", reports, name="playbooks/verify.yml")
    assert said.rc == 0, said.text
    assert "promises are kept" in said.text


def test_a_new_mailbox_is_there_before_the_first_login(server: Server) -> None:
    with server.mailbox("keeper@example.org") as imap:
        listed = {line.split()[-1] for line in imap.lsub()[1] if isinstance(line, bytes)}
        assert {b'"INBOX.Drafts"', b'"INBOX.Sent"', b'"INBOX.Junk"', b'"INBOX.Trash"'} <= listed


def test_a_message_is_read_over_both_protocols(server: Server) -> None:
    token = server.gets("alice.liddell@example.org")
    server.receives(ALICE, token)
    count, text = server.pop(ALICE)
    assert count > 0
    assert token.encode() in text


def test_a_waiting_program_hears_of_new_mail_at_once(server: Server) -> None:
    with server.mailbox(CAROL) as imap:
        imap.send(b"a1 IDLE\r\n")
        assert imap.readline().startswith(b"+")
        server.gets(CAROL)
        assert b"EXISTS" in imap.readline()


def test_the_clients_own_address_is_logged(server: Server, scenario: Scenario) -> None:
    with server.mailbox(ALICE):
        outside = scenario.address("mail").rsplit(".", 1)[0]
        log = server.shell("journalctl -u courier-imap -o cat | grep 'LOGIN, user=alice' | tail -1")
    assert f"ip=[::ffff:{outside}.1]" in log  # the tests' own place in the scenario's network


def test_who_is_locked_or_guesses_does_not_get_in(server: Server) -> None:
    with pytest.raises(imaplib.IMAP4.error), server.mailbox("dave@example.org"):
        pass
    with contextlib.closing(server.connect().socket()), pytest.raises(imaplib.IMAP4.error):
        server.connect().login(ALICE, "wrong")


def test_nobody_is_there_but_who_has_an_account(server: Server) -> None:
    with pytest.raises(imaplib.IMAP4.error):
        server.connect().login("root", "x")


def test_one_client_has_ten_sessions_and_no_more(server: Server) -> None:
    with contextlib.ExitStack() as stack:
        for _number in range(10):
            stack.enter_context(server.mailbox(ALICE))
        with pytest.raises((imaplib.IMAP4.error, OSError)):
            stack.enter_context(server.mailbox(ALICE))
    wait_for("room again", lambda: server.count(ALICE, "none") == 0, 20)


def test_courier_speaks_no_tls_of_its_own_and_tells_no_version(server: Server) -> None:
    imap = server.connect()
    assert b"STARTTLS" not in imap.welcome
    assert b"." not in imap.welcome.split(b"ready")[0].rpartition(b"]")[2]
    imap.logout()
    listening = server.shell("ss -Hltnp | grep couriertcpd || true")
    assert sorted(line.split()[3].rpartition(":")[2] for line in listening.splitlines()) == [
        "910",
        "943",
    ]
    assert server.shell(
        "systemctl is-enabled courier-imap-ssl courier-pop-ssl || true"
    ).split() == [
        "disabled",
        "disabled",
    ]


def test_readers_read_and_writers_change_what_is_shared(first: Server) -> None:
    with first.mailbox(ALICE) as imap:
        assert imap.append('"#shared.team"', "", "", b"Subject: ours\r\n\r\nWords.\r\n")[0] == "OK"
        imap.create('"#shared.team.below"')
        assert imap.append('"#shared.team.below"', "", "", b"Subject: b\r\n\r\n.\r\n")[0] == "OK"
    first.converge()  # a folder that people make has the site's rights from now on
    with first.mailbox(CAROL) as imap:
        assert imap.select('"#shared.team"', readonly=True)[0] == "OK"
        assert imap.search(None, "SUBJECT", "ours")[1] != [b""]
        assert imap.append('"#shared.team"', "", "", b"Subject: no\r\n\r\n.\r\n")[0] == "NO"
        assert imap.select('"#shared.team.below"')[0] == "OK"
    with first.mailbox("keeper@example.org") as imap:
        assert imap.select('"#shared.team"')[0] == "NO"
        assert b"team" not in b"".join(filter(None, imap.list('""', '"#shared.*"')[1]))
