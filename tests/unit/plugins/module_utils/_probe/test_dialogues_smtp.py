"""What SMTP must refuse: held with good and careless servers."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.tests.unit.probe_servers import (
    ALICE,
    RELAY,
    Servers,
)


def test_a_server_that_refuses_every_form_of_relaying_keeps_the_promise(servers: Servers) -> None:
    servers.start("smtp", "submission", "submissions")
    services = ("smtp", "submission", "submissions")
    states = servers.states("relay_refused", services=services, **RELAY)
    assert states == ["kept"] * 14


def test_an_open_relay_is_caught(servers: Servers) -> None:
    servers.start("smtp", relays=True)
    results = servers.hold("relay_refused", services=("smtp",), **RELAY)
    broken = [result.name for result in results if not result.verdict.kept]
    forms = ("plain", "empty_sender", "forged_sender")
    assert broken == [f"relay_refused:smtp:{form}" for form in forms]
    assert servers.mail == []


def test_a_relay_by_routed_addresses_is_caught(servers: Servers) -> None:
    servers.start("smtp", routed_forms_pass=True)
    forms = ("percent", "source_route", "bang", "quoted", "nested")
    states = servers.states("relay_refused", services=("smtp",), forms=forms, **RELAY)
    assert states == ["broken"] * 5


def test_a_relay_attempt_that_is_only_put_off_proves_nothing(servers: Servers) -> None:
    servers.start("smtp", relay_refusal="450 4.7.1 Come back later")
    (result,) = servers.hold("relay_refused", services=("smtp",), forms=("plain",), **RELAY)
    assert result.verdict.state == "broken"
    assert "put off" in result.verdict.detail


def test_forging_is_caught(servers: Servers) -> None:
    words = {
        "services": ("submission", "submissions"),
        "account": ALICE,
        "sender": "carol@example.org",
        "recipient": ALICE.login,
    }
    servers.start("submission", "submissions")
    assert servers.states("forging_refused", **words) == ["kept", "kept"]
    servers.start("submission", "submissions", allows_forging=True)
    assert servers.states("forging_refused", **words) == ["broken", "broken"]


def test_starttls_that_is_missing_or_obeys_earlier_commands_is_caught(servers: Servers) -> None:
    servers.start("smtp")
    assert servers.states("starttls", services=("smtp",)) == ["kept", "kept"]
    servers.start("smtp", offers_starttls=False)
    assert servers.states("starttls", services=("smtp",))[0] == "broken"
    servers.start("smtp", obeys_injected=True)
    assert servers.states("starttls", services=("smtp",)) == ["kept", "broken"]


def test_a_server_that_takes_mail_for_nobody_is_caught(servers: Servers) -> None:
    servers.start("smtp")
    assert servers.states("unknown_recipient_refused", domain="example.org") == ["kept"]
    servers.start("smtp", knows_everybody=True)
    assert servers.states("unknown_recipient_refused", domain="example.org") == ["broken"]


def test_an_address_that_must_exist_is_missed(servers: Servers) -> None:
    servers.start("smtp")
    assert servers.states("recipient_accepted", recipient="postmaster@example.org") == ["kept"]
    assert servers.states("recipient_accepted", recipient="abuse@example.org") == ["broken"]


def test_verbs_that_tell_who_exists_are_caught(servers: Servers) -> None:
    words = {"services": ("smtp",), "domain": "example.org", "recipient": ALICE.login}
    servers.start("smtp")
    assert servers.states("verbs_off", **words) == ["kept", "kept"]
    servers.start("smtp", vrfy_tells=True)
    assert servers.states("verbs_off", **words) == ["broken", "broken"]
