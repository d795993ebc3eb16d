"""An SMTP connection logs in as the server offers and writes down what is said."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._probe.smtp import Smtp
from ansible_collections.postern.mail.plugins.module_utils._probe.transcript import Transcript
from ansible_collections.postern.mail.tests.unit.probe_servers import ALICE, Servers


def said(servers: Servers) -> tuple[int, tuple[str, ...]]:
    transcript = Transcript([ALICE.password])
    with Smtp(servers.target, "submission", transcript) as smtp:
        smtp.secure()
        code, _text = smtp.authenticate(ALICE)
    return code, transcript.lines


def test_login_is_by_plain_where_it_is_offered(servers: Servers) -> None:
    servers.start("submission")
    code, lines = said(servers)
    assert code == 235
    assert "> AUTH PLAIN ********" in lines


def test_login_is_by_login_where_nothing_else_is_offered(servers: Servers) -> None:
    servers.start("submission", mechanisms="LOGIN")
    code, lines = said(servers)
    assert code == 235
    assert lines.count("> ********") == 1


def test_the_protocol_and_cipher_are_written_down(servers: Servers) -> None:
    servers.start("submission")
    assert any("TLSv1.3" in line for line in said(servers)[1])
