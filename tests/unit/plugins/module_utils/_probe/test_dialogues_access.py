"""Who gets in, and who doesn't: held with good and careless servers."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.postern.mail.tests.unit.mail_certificates import leaf
from ansible_collections.postern.mail.tests.unit.mail_servers import (
    unused_port,
)
from ansible_collections.postern.mail.tests.unit.probe_servers import (
    ALICE,
    LOGINS,
    Servers,
)


@pytest.mark.parametrize("careless", ["offers_auth_in_clear", "takes_auth_in_clear"])
@pytest.mark.parametrize("service", ["smtp", "submission"])
def test_plain_text_auth_is_caught(servers: Servers, service: str, careless: str) -> None:
    servers.start(service)
    assert servers.states("plaintext_login_refused", services=(service,)) == ["kept"]
    servers.start(service, **{careless: True})
    assert servers.states("plaintext_login_refused", services=(service,)) == ["broken"]


@pytest.mark.parametrize("service", ["imap", "pop3"])
def test_plain_text_reading_is_caught(servers: Servers, service: str) -> None:
    servers.ports[service] = unused_port()
    assert servers.states("plaintext_login_refused", services=(service,)) == ["kept"]
    servers.start(service)
    assert servers.states("plaintext_login_refused", services=(service,)) == ["kept"]
    servers.start(service, takes_auth_in_clear=True)
    assert servers.states("plaintext_login_refused", services=(service,)) == ["broken"]


@pytest.mark.parametrize("service", LOGINS)
def test_logins_work_and_wrong_passwords_do_not(servers: Servers, service: str) -> None:
    servers.start(service)
    assert servers.states("login", services=(service,), account=ALICE) == ["kept"]
    wrong = replace(ALICE, password="wrong")
    assert servers.states("login", services=(service,), account=wrong) == ["broken"]
    words = {"services": (service,), "account": ALICE}
    assert servers.states("wrong_password_refused", **words) == ["kept"]
    servers.start(service, takes_any_password=True)
    assert servers.states("wrong_password_refused", **words) == ["broken"]


@pytest.mark.parametrize("service", LOGINS)
def test_nobody_logs_in_where_the_certificate_is_not_trusted(
    servers: Servers, service: str
) -> None:
    servers.start(service, tls=leaf(self_signed=True).context())
    (result,) = servers.hold("login", services=(service,), account=ALICE)
    assert result.verdict.state == "broken"
    assert "certificate not accepted" in result.verdict.detail
    assert not any("AUTH" in line or "LOGIN" in line for line in result.evidence)
