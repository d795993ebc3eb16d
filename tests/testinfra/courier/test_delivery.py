"""Mail reaches its Maildir by every way, once; a full one makes it wait, and nothing is lost."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from dialogues.courier import Server
from dialogues.mail import new_token
from dialogues.scenario import wait_for

ALICE, CAROL, KEEPER = "alice@example.org", "carol@example.org", "keeper@example.org"
ERIN, SMALL = "erin@example.net", "small@example.org"


@pytest.mark.parametrize(
    ("address", "reader"),
    [
        (ALICE, ALICE),
        ("Alice@Example.ORG", ALICE),
        ("alice.liddell@example.org", ALICE),
        ("alice+lists@example.org", ALICE),
        (ERIN, ERIN),
        ("Erin+x@example.net", ERIN),
        ("whoever@example.net", CAROL),
        ("postmaster@example.org", ALICE),
    ],
)
def test_each_way_leads_to_its_mailbox_once(server: Server, address: str, reader: str) -> None:
    server.receives(reader, server.gets(address))


def test_one_message_to_several_is_one_for_each_and_a_copy(server: Server) -> None:
    token = server.gets("everybody@example.org")
    for reader in (ALICE, CAROL, ERIN, KEEPER):
        server.receives(reader, token)


def test_what_the_host_itself_reports_arrives(server: Server) -> None:
    token = new_token()
    server.shell(f"printf 'Subject: {token}\\n\\nWords.\\n' | sendmail root")
    server.receives(ALICE, token)


def test_mail_is_its_owners_alone_and_nothing_runs_as_root(server: Server) -> None:
    server.receives(ERIN, server.gets(ERIN))
    found = server.shell(
        "find /srv/vmail -type f -path '*/new/*' -printf '%u %m\\n'"
        " -o -type f -path '*/cur/*' -printf '%u %m\\n' | sort -u"
    )
    assert set(found.splitlines()) == {"vmail 600"}


def test_a_full_mailbox_makes_mail_wait_until_there_is_room(server: Server) -> None:
    server.receives(SMALL, server.gets(SMALL, size=40_000))
    token = server.gets(SMALL, size=40_000)
    server.keeps_waiting(SMALL)
    assert server.count(SMALL, token) == 0
    with server.mailbox(SMALL) as imap:
        imap.store("1:*", "+FLAGS", r"(\Deleted)")
        imap.expunge()
    server.try_again()
    server.receives(SMALL, token)


def test_a_mailbox_that_stays_full_returns_mail_to_its_sender(server: Server) -> None:
    token = server.gets(SMALL, size=60_000)
    server.keeps_waiting(SMALL)
    if server.host == "mail":
        limit = "postconf -e {}; postfix reload"
        server.shell(limit.format("maximal_queue_lifetime=1s bounce_queue_lifetime=1s"))
        server.try_again()
        again = "postconf -X maximal_queue_lifetime bounce_queue_lifetime; postfix reload"
    else:
        server.shell("sleep 2; sendmail -q -O Timeout.queuereturn=1s")
        again = "true"
    find = f"grep -rls {token} /home/bob/Maildir/new"
    wait_for(
        "bob has it back", lambda: server.scenario.run("outside", "sh", "-c", find).rc == 0, 60
    )
    server.shell(again)
    with server.mailbox(SMALL) as imap:
        imap.store("1:*", "+FLAGS", r"(\Deleted)")
        imap.expunge()


@pytest.mark.parametrize("who", [ALICE, ERIN])  # without a quota, and with one
def test_mail_waits_for_a_maildir_that_is_away(server: Server, who: str) -> None:
    name, domain = who.split("@")
    home = f"/srv/vmail/{domain}/{name}"
    server.shell(f"mv {home} {home}.away")
    try:
        token = server.gets(who)
        server.keeps_waiting(who)
        assert server.shell(f"ls -A /srv/vmail/{domain} | grep -x {name} || true") == ""
    finally:
        server.shell(f"mv {home}.away {home}")
    server.try_again()
    server.receives(who, token)
