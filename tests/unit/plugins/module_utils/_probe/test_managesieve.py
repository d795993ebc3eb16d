"""ManageSieve, held with good and careless servers; logins are tested with the others'."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.tests.unit.probe_servers import ALICE, Servers

SIEVE = ("sieve",)


@pytest.mark.parametrize("careless", ["offers_auth_in_clear", "takes_auth_in_clear"])
def test_a_password_in_clear_text_is_caught(servers: Servers, careless: str) -> None:
    servers.start("sieve")
    assert servers.states("plaintext_login_refused", services=SIEVE) == ["kept"]
    servers.start("sieve", **{careless: True, "takes_any_password": True})
    assert servers.states("plaintext_login_refused", services=SIEVE) == ["broken"]


def test_a_server_without_tls_is_caught_before_a_password_is_said(servers: Servers) -> None:
    servers.start("sieve", offers_starttls=False)
    (result,) = servers.hold("login", services=SIEVE, account=ALICE)
    assert result.verdict.detail == "refused: STARTTLS is not offered"
    assert not any("AUTHENTICATE" in line for line in result.evidence)


def test_the_greeting_is_judged(servers: Servers) -> None:
    servers.start("sieve", greeting="ManageSieve")
    assert servers.states("banner", services=SIEVE) == ["kept"]
    servers.start("sieve", greeting="Cyrus timsieved v3.6.1-Debian")
    assert servers.states("banner", services=SIEVE) == ["broken"]


def test_the_certificate_is_looked_at(servers: Servers) -> None:
    servers.start("sieve")
    assert servers.states("certificate", services=SIEVE) == ["kept"]
    assert servers.states("certificate", services=SIEVE, names=("other.example",)) == ["broken"]


def test_a_password_is_nowhere_in_the_evidence(servers: Servers) -> None:
    servers.start("sieve")
    (result,) = servers.hold("login", services=SIEVE, account=ALICE)
    assert "(a password)" in str(result.evidence)
    assert ALICE.password not in str(result.evidence)
