"""Mailboxes are renamed and removed as said; services come back; a second run is silent."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import imaplib
import os

import pytest
from dialogues.courier import Server
from dialogues.scenario import wait_for

ALICE, KEEPER = "alice@example.org", "keeper@example.org"
NEWCOMER, SETTLED = "newcomer@example.org", "settled@example.org"
PEOPLE = "playbooks/accounts.yml"
ALIASES = {"root": "alice", "postmaster": "alice", "abuse": "carol"}


def accounts(*more: str, locked: str = "") -> list[dict[str, object]]:
    """Return some of the site's people, and more, one of them perhaps locked."""
    return [
        {"name": name, "password": "{{ password }}", "locked": name == locked}
        for name in ("alice", "carol", "keeper", *more)
    ]


@pytest.mark.parametrize("daemon", ["authdaemond", "couriertcpd", "courierlogger"])
def test_a_killed_daemon_comes_back(first: Server, daemon: str) -> None:
    first.shell(f"pkill -9 -x {daemon}")

    def works() -> bool:
        try:
            with first.mailbox(ALICE):
                return first.pop(ALICE)[0] >= 0
        except Exception:
            return False

    wait_for("Courier is back", works, 30)


def test_a_killed_session_loses_nothing(first: Server) -> None:
    token = first.gets(ALICE)
    first.receives(ALICE, token)
    with first.mailbox(ALICE) as imap:
        imap.append("INBOX.Sent", "", "", b"Subject: kept\r\n\r\nWords.\r\n")  # type: ignore[arg-type]
        first.shell("pkill -9 -u vmail -x imapd")
    first.receives(ALICE, token)
    with first.mailbox(ALICE) as imap:
        assert imap.select("INBOX.Sent")[0] == "OK"


def test_people_come_are_locked_renamed_and_go_and_their_mail_does_as_said(first: Server) -> None:
    with first.mailbox(KEEPER) as imap:
        first.converge(
            mail_accounts=accounts("newcomer", locked="keeper"),
            mail_aliases=ALIASES,
            courier_extra_imap_settings={"IMAP_LOG_DELETIONS": 1},
        )
        with pytest.raises((imaplib.IMAP4.error, OSError)):
            imap.noop()
    with pytest.raises(imaplib.IMAP4.error), first.mailbox(KEEPER):
        pass
    assert "IMAP_LOG_DELETIONS" in first.shell("cat /etc/courier/imapd")
    token = first.gets(NEWCOMER)
    first.receives(NEWCOMER, token)

    people = accounts("settled")
    people[-1]["formerly"] = "newcomer"
    first.converge(PEOPLE, mail_accounts=people, mail_aliases=ALIASES)
    first.receives(SETTLED, token)
    first.receives(KEEPER, "none", times=0)  # unlocked
    assert "IMAP_LOG_DELETIONS" not in first.shell("cat /etc/courier/imapd")


def test_mail_that_nobody_claims_goes_when_asked(first: Server) -> None:
    left = {"mail_accounts": accounts(), "mail_aliases": ALIASES, "accounts_mail": "archive"}
    kept = ["alice", "carol", "dave", "keeper", "settled", "small"]
    listing = "ls -A /srv/vmail/example.org"

    said = first.converge(PEOPLE, **left)
    assert "To archive: 4 of 4 that nobody claims" in said.text
    assert SETTLED in said.text
    assert first.shell(listing).split() == kept

    first.converge(PEOPLE, **left, accounts_only="settled@example.org", accounts_really=True)
    assert SETTLED in first.shell("ls /var/lib/postern/archive")
    newest = "$(ls -t /var/lib/postern/archive/settled*.tar.gz | head -n 1)"
    assert f"{SETTLED}/Maildir/" in first.shell(f"tar tzf {newest}")
    assert first.shell(listing).split() == [name for name in kept if name != "settled"]

    archives = first.shell("ls /var/lib/postern/archive")
    left["accounts_mail"] = "delete"
    first.converge(PEOPLE, **left, accounts_only="small@example.org", accounts_really=True)
    assert first.shell("ls /var/lib/postern/archive") == archives
    assert first.shell(listing).split() == ["alice", "carol", "dave", "keeper"]


def test_at_the_end_a_run_restores_everything_and_a_second_one_is_silent(first: Server) -> None:
    first.converge()
    assert first.converge().changed["mail"] == 0


if os.environ.get("POSTERN_FULL"):  # installs another store, which takes minutes

    def test_the_store_can_change_and_no_mail_goes(first: Server) -> None:
        token = first.gets(ALICE)
        first.receives(ALICE, token)
        first.converge(mail_store="cyrus")
        active = first.shell("systemctl is-active courier-imap cyrus-imapd || true").split()
        assert active == ["inactive", "active"]
        first.gets(ALICE)
        assert token in first.shell("grep -rhs ^Subject: /srv/vmail/example.org/alice")
        first.converge()
        assert first.shell("systemctl is-enabled cyrus-imapd || true").strip() == "disabled"
        first.receives(ALICE, token)
