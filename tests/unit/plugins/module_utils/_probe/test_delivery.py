"""Messages travel, are found, and are removed again."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
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
