"""Certificates, old TLS and greetings: held with good and careless servers."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ssl
from typing import Any

import pytest
from ansible_collections.postern.mail.tests.unit.mail_certificates import leaf
from ansible_collections.postern.mail.tests.unit.mail_servers import (
    unused_port,
)
from ansible_collections.postern.mail.tests.unit.probe_servers import (
    KINDS,
    LOGINS,
    Servers,
)


@pytest.mark.parametrize("service", ["smtp", *LOGINS])
@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (leaf(days=-3), "expired 3 days ago"),
        (leaf(days=5), "only 5 days left"),
        (leaf(("other.example.org",)), "no name mail.example.org"),
        (leaf(self_signed=True), "chain: self"),
    ],
    ids=["expired", "ends soon", "wrong name", "self-signed"],
)
def test_bad_certificates_are_caught(servers: Servers, service: str, bad: Any, words: str) -> None:
    servers.start(service, tls=bad.context())
    (result,) = servers.hold("certificate", services=(service,))
    assert result.verdict.state == "broken"
    assert words in result.verdict.detail


@pytest.mark.parametrize("service", ["smtp", *LOGINS])
def test_a_good_certificate_is_told_with_its_days(servers: Servers, service: str) -> None:
    servers.start(service)
    (result,) = servers.hold("certificate", services=(service,))
    assert result.verdict.state == "kept", result.verdict.detail
    assert result.verdict.facts["days_left"] == 90


@pytest.mark.filterwarnings("ignore:.*TLSv1:DeprecationWarning")
@pytest.mark.parametrize("service", ["smtp", *LOGINS])
def test_old_tls_is_caught(servers: Servers, service: str) -> None:
    servers.start(service)
    assert servers.states("old_tls_refused", services=(service,)) == ["kept"]
    old = leaf().context()
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.set_ciphers("ALL:@SECLEVEL=0")
    servers.start(service, tls=old)
    assert servers.states("old_tls_refused", services=(service,)) == ["broken"]


def test_old_tls_is_not_proven_refused_by_a_service_that_is_down(servers: Servers) -> None:
    servers.ports["imaps"] = unused_port()
    assert servers.states("old_tls_refused", services=("imaps",)) == ["broken"]


@pytest.mark.parametrize("service", sorted(KINDS))
def test_a_talkative_greeting_is_caught(servers: Servers, service: str) -> None:
    servers.start(service)
    assert servers.states("banner", services=(service,)) == ["kept"]
    servers.start(service, greeting="mail.example.org Exim 4.96 Ubuntu")
    assert servers.states("banner", services=(service,)) == ["broken"]
