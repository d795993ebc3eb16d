"""Messages travel, are found, and are removed again."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe import sendmail
from ansible_collections.postern.mail.plugins.module_utils._probe.mailbox import new_token
from ansible_collections.postern.mail.plugins.module_utils._probe.model import (
    Mailbox,
)
from ansible_collections.postern.mail.tests.unit.mail_servers import (
    unused_port,
)
from ansible_collections.postern.mail.tests.unit.probe_servers import (
    ALICE,
    Servers,
    delivery,
)


@pytest.mark.parametrize("order", [("imaps", "pop3s"), ("pop3s", "imaps")])
def test_a_message_is_delivered_fetched_and_removed(
    servers: Servers, order: tuple[str, ...]
) -> None:
    servers.start("smtp", *order)
    results = delivery(servers, *order)
    assert [result.verdict.state for result in results] == ["kept"] * 4
    assert "round_trip_seconds" in results[1].verdict.facts
    assert servers.mail == [b""]


def test_a_message_that_is_lost_is_missed(servers: Servers) -> None:
    servers.start("smtp", "imaps", loses_mail=True)
    results = delivery(servers, "imaps")
    assert [result.verdict.state for result in results] == ["kept", "broken", "kept"]
    assert "not there" in results[1].verdict.detail


def test_a_message_that_cannot_be_removed_is_told(servers: Servers) -> None:
    servers.start("smtp", "imaps", keeps_removed=True)
    assert [result.verdict.state for result in delivery(servers, "imaps")][-1] == "broken"


def test_a_pop3_server_that_gives_a_session_up_is_asked_again(servers: Servers) -> None:
    servers.start("smtp", "pop3s", hang_ups=2)
    results = delivery(servers, "pop3s")
    assert [result.verdict.state for result in results] == ["kept"] * 3
    assert servers.mail == [b""]


def test_a_message_is_removed_even_when_another_way_to_fetch_it_fails(servers: Servers) -> None:
    servers.start("smtp", "imaps")
    servers.ports["pop3s"] = unused_port()
    results = delivery(servers, "imaps", "pop3s")
    assert [result.verdict.state for result in results] == ["kept", "kept", "broken", "kept"]
    assert servers.mail == [b""]


def test_a_refused_message_leaves_nothing_to_fetch(servers: Servers) -> None:
    servers.start("smtp", "imaps")
    results = delivery(servers, "imaps", recipient="nobody@example.org")
    assert [result.verdict.state for result in results] == ["broken", "skipped", "skipped"]


def test_removal_takes_only_the_probes_own_messages(servers: Servers) -> None:
    stale = f"Message-ID: <{new_token(now=1_000_000)}@x>".encode()
    other_probe = f"Message-ID: <{new_token()}@x>".encode()
    letter = b"Message-ID: <letter@x>\r\n\r\nDear Alice"
    servers.mail += [letter, stale, other_probe]
    servers.start("smtp", "imaps")
    assert all(result.verdict.kept for result in delivery(servers, "imaps"))
    assert servers.mail == [letter, b"", other_probe, b""]


@pytest.mark.parametrize("knows_uidplus", [True, False])
def test_what_its_owner_has_marked_as_deleted_is_never_removed(
    servers: Servers, knows_uidplus: bool
) -> None:
    letter = b"Message-ID: <letter@x>\r\n\r\nDear Alice"
    servers.mail.append(letter)
    servers.start("smtp", "imaps", knows_uidplus=knows_uidplus, marked={1})
    results = delivery(servers, "imaps")
    assert servers.mail[0] == letter
    assert results[-1].verdict.kept is knows_uidplus


def test_a_server_without_uidplus_is_cleared_as_well(servers: Servers) -> None:
    servers.start("smtp", "imaps", knows_uidplus=False)
    assert all(result.verdict.kept for result in delivery(servers, "imaps"))
    assert servers.mail == [b""]


def test_an_account_sends_and_strangers_cannot(servers: Servers) -> None:
    words = {"services": ("submission", "submissions"), "recipient": "bob@example.com"}
    servers.start("submission", "submissions", "imaps", needs_login=True)
    sent = {"sender": ALICE.login, "account": ALICE, **words}
    assert servers.states("submit", **sent) == ["kept", "kept"]
    assert servers.states("submit", **words) == ["broken", "broken"]
    boxes = (Mailbox("imaps", servers.target, ALICE),)
    assert servers.states("submit", mailboxes=boxes, **sent) == ["kept"] * 6


def test_a_message_is_found_in_a_maildir_and_removed(servers: Servers, tmp_path: Path) -> None:
    token = new_token()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1").write_text(f"Message-ID: <{token}@x>\n\nHello\n")
    (tmp_path / "new" / "2").write_text("Message-ID: <letter@x>\n\nDear Bob\n")
    box = Mailbox("maildir", servers.target, path=str(tmp_path))
    words = {"token": token, "mailboxes": (box,), "wait_seconds": 0.2}
    assert servers.states("arrival", **words) == ["kept", "kept"]
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["2"]
    assert servers.states("arrival", **words) == ["broken", "kept"]


def maildir(folder: Path, token: str) -> Path:
    (folder / "new").mkdir(parents=True)
    (folder / "new" / "1").write_text(f"Message-ID: <{token}@x>\n\nHello\n")
    return folder


def test_copies_are_found_and_removed_in_every_place(servers: Servers, tmp_path: Path) -> None:
    token = new_token()
    own, copy = (maildir(tmp_path / name, token) for name in ("alice", "backup"))
    boxes = tuple(Mailbox("maildir", servers.target, path=str(path)) for path in (own, own, copy))
    words = {"token": token, "mailboxes": boxes, "wait_seconds": 0.2}
    results = servers.hold("arrival", **words)
    assert [result.name for result in results] == [
        "fetch:maildir",
        "fetch:maildir",
        f"fetch:maildir:{copy}",
        "removal:maildir",
        f"removal:maildir:{copy}",
    ]
    assert all(result.verdict.kept for result in results)
    assert not list(tmp_path.glob("*/new/*"))


def test_a_copy_that_is_missing_is_told(servers: Servers, tmp_path: Path) -> None:
    token = new_token()
    own, copy = maildir(tmp_path / "alice", token), maildir(tmp_path / "backup", "another")
    boxes = tuple(Mailbox("maildir", servers.target, path=str(path)) for path in (own, copy))
    words = {"token": token, "mailboxes": boxes, "wait_seconds": 0.2}
    assert servers.states("arrival", **words) == ["kept", "broken", "kept", "kept"]


@pytest.mark.parametrize("kind", ["maildir", "mbox"])
def test_the_hosts_own_command_delivers_to_a_user_of_the_host(
    monkeypatch: pytest.MonkeyPatch, servers: Servers, tmp_path: Path, kind: str
) -> None:
    box = tmp_path / "box"
    place = box / "new" / "1" if kind == "maildir" else box
    place.parent.mkdir(parents=True, exist_ok=True)
    command = tmp_path / "sendmail"
    command.write_text(f"#!/bin/sh\n{{ echo From a@x; cat; echo; }} > {place}\n")
    command.chmod(0o755)
    monkeypatch.setattr(sendmail, "PLACES", str(tmp_path))
    results = servers.hold(
        "local_delivery",
        recipient="tester@desk.example.org",
        mailboxes=(Mailbox(kind, servers.target, path=str(box)),),
        wait_seconds=0.2,
    )
    assert [result.verdict.state for result in results] == ["kept"] * 3
    assert "local_delivery_seconds" in results[1].verdict.facts
    assert not box.exists() or not box.is_file() or box.read_bytes() == b""
