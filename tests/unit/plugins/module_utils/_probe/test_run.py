"""Whatever happens, there is a result; secrets stay inside."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe.model import (
    Mailbox,
    Promise,
    Target,
)
from ansible_collections.postern.mail.plugins.module_utils._probe.run import counts, probe
from ansible_collections.postern.mail.tests.unit.mail_servers import (
    Behaviour,
    Line,
    running,
    unused_port,
)
from ansible_collections.postern.mail.tests.unit.probe_servers import (
    ALICE,
    KINDS,
    LOGINS,
    MANNER,
    RELAY,
    Servers,
    delivery,
)


def test_passwords_never_appear_in_results(servers: Servers) -> None:
    servers.start("smtp", *LOGINS)
    results = delivery(servers, "imaps", "pop3s")
    results += servers.hold("login", services=LOGINS, account=ALICE)
    text = str([result.as_dict() for result in results])
    assert ALICE.password not in text
    assert "Y29ycmVjdCBob3JzZQ" not in text
    assert "********" in text


def test_check_mode_sends_nothing_and_says_so(servers: Servers) -> None:
    servers.start("smtp", "imaps")
    promise = Promise(
        "delivery",
        recipient=ALICE.login,
        mailboxes=(Mailbox("imaps", servers.target, ALICE),),
    )
    results = probe([promise], servers.target, replace(MANNER, may_send=False))
    assert {result.verdict.detail for result in results} == {"check mode: nothing is sent"}
    assert counts(results) == {"kept": 0, "broken": 0, "skipped": 3}
    assert servers.mail == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("banner", {"services": ("smtp", "imaps", "pop3s")}),
        ("certificate", {"services": ("smtp", "imaps", "pop3s")}),
        ("login", {"services": LOGINS, "account": ALICE}),
        ("relay_refused", {"services": ("smtp",), **RELAY}),
        ("starttls", {"services": ("smtp",)}),
        ("verbs_off", {"services": ("smtp",), "domain": "x.example", "recipient": "a@x.example"}),
        ("unknown_recipient_refused", {"domain": "example.org"}),
        ("wrong_password_refused", {"services": LOGINS, "account": ALICE}),
    ],
)
def test_a_server_that_is_down_breaks_promises_with_a_reason(
    servers: Servers, kind: str, words: dict[str, Any]
) -> None:
    servers.ports |= {service: unused_port() for service in KINDS}
    for result in servers.hold(kind, **words):
        assert result.verdict.state == "broken"
        assert result.verdict.detail == "Connection refused"


def test_a_name_that_does_not_resolve_is_the_reason() -> None:
    target = Target("mail.invalid", "mail.invalid", helo="x", timeout_seconds=3)
    (result,) = probe([Promise("banner", services=("smtp",))], target, MANNER)
    assert "does not resolve" in result.verdict.detail


def test_a_missing_file_of_certificates_is_the_reason(servers: Servers) -> None:
    servers.start("imaps")
    target = replace(servers.target, ca_certificates=None, ca_file="/nowhere/ca.crt")
    (result,) = probe([Promise("login", services=("imaps",), account=ALICE)], target, MANNER)
    assert result.verdict.detail == "/nowhere/ca.crt: no such file of certificates"


def test_a_server_that_speaks_nonsense_is_a_broken_promise_not_a_crash(servers: Servers) -> None:
    class Nonsense(Line):
        def handle(self) -> None:
            self.wfile.write(b"\x00\xff nonsense\r\n" * 3)

    with running(Nonsense, Behaviour()) as port:
        servers.ports |= {"smtp": port, "imap": port, "pop3": port}
        results = servers.hold("banner", services=("smtp", "imap", "pop3"))
    assert [result.verdict.state for result in results] == ["broken"] * 3
    assert all(result.verdict.detail for result in results)
