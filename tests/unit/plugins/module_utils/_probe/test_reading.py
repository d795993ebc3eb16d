"""A mailbox is read over IMAP and POP3 alike."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe.reading import open_reading
from ansible_collections.postern.mail.plugins.module_utils._probe.transcript import Transcript
from ansible_collections.postern.mail.tests.unit.probe_servers import ALICE, Servers

LETTERS = [b"Message-ID: <one@x>\r\n\r\nFirst", b"Message-ID: <two@x>\r\n\r\nSecond"]


@pytest.mark.parametrize("service", ["imaps", "pop3s"])
def test_a_message_is_found_by_its_message_id_and_removed(servers: Servers, service: str) -> None:
    servers.mail += LETTERS
    servers.start(service)
    session = open_reading(servers.target, service, Transcript())
    session.login_as(ALICE)
    assert session.find("two@x") == ["2"]
    assert "two@x" in session.message_id("2")
    assert session.fetch_text("2").endswith(b"Second")
    session.remove(["2"])
    session.logout()
    assert servers.mail == [LETTERS[0], b""]


def test_peoples_letters_are_not_evidence(servers: Servers) -> None:
    servers.mail += LETTERS
    servers.start("pop3s")
    transcript = Transcript()
    session = open_reading(servers.target, "pop3s", transcript)
    session.login_as(ALICE)
    session.find("two@x")
    session.logout()
    assert "one@x" not in "".join(transcript.lines)
