"""Every dialogue can be kept and can be broken: held with small servers, good and careless."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe.mailbox import new_token
from ansible_collections.postern.mail.plugins.module_utils._probe.model import (
    Account,
    Mailbox,
    Opening,
    Promise,
    Result,
    Target,
)
from ansible_collections.postern.mail.plugins.module_utils._probe.run import Manner, counts, probe
from ansible_collections.postern.mail.tests.unit.mail_certificates import authority, leaf
from ansible_collections.postern.mail.tests.unit.mail_servers import (
    PEOPLE,
    Behaviour,
    Imap,
    Line,
    Pop3,
    Smtp,
    running,
    unused_port,
)

ALICE = Account("alice@example.org", PEOPLE["alice@example.org"])
KINDS: dict[str, tuple[type[Line], bool]] = {
    "smtp": (Smtp, False),
    "submission": (Smtp, False),
    "submissions": (Smtp, True),
    "imap": (Imap, False),
    "imaps": (Imap, True),
    "pop3": (Pop3, False),
    "pop3s": (Pop3, True),
}
MANNER = Manner(secrets=tuple(PEOPLE.values()))


class Servers:
    """Starts servers for a test and holds promises with them."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.ports: dict[str, int] = {}
        self.mail: list[bytes] = []

    def start(self, *services: str, **behaviour: Any) -> None:
        for service in services:
            kind, implicit = KINDS[service]
            wanted: dict[str, Any] = {"tls": leaf().context(), "mail": self.mail, **behaviour}
            port = running(kind, Behaviour(implicit_tls=implicit, **wanted))
            self.ports[service] = self._stack.enter_context(port)

    @property
    def target(self) -> Target:
        return Target(
            "mail.example.org",
            "127.0.0.1",
            ports=self.ports,
            ca_certificates=authority().pem,
            helo="outside.example.com",
            timeout_seconds=3,
        )

    def hold(self, kind: str, **words: Any) -> list[Result]:
        return probe([Promise(kind, **words)], self.target, MANNER)

    def states(self, kind: str, **words: Any) -> list[str]:
        return [result.verdict.state for result in self.hold(kind, **words)]


@pytest.fixture
def servers() -> Iterator[Servers]:
    with ExitStack() as stack:
        yield Servers(stack)


RELAY: dict[str, Any] = {
    "domain": "example.org",
    "recipient": "bob@example.com",
    "sender": "eve@example.com",
}


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


LOGINS = ("submission", "submissions", "imaps", "pop3s")


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


def test_starttls_that_is_missing_or_obeys_earlier_commands_is_caught(servers: Servers) -> None:
    servers.start("smtp")
    assert servers.states("starttls", services=("smtp",)) == ["kept", "kept"]
    servers.start("smtp", offers_starttls=False)
    assert servers.states("starttls", services=("smtp",))[0] == "broken"
    servers.start("smtp", obeys_injected=True)
    assert servers.states("starttls", services=("smtp",)) == ["kept", "broken"]


@pytest.mark.parametrize("service", sorted(KINDS))
def test_a_talkative_greeting_is_caught(servers: Servers, service: str) -> None:
    servers.start(service)
    assert servers.states("banner", services=(service,)) == ["kept"]
    servers.start(service, greeting="mail.example.org Exim 4.96 Ubuntu")
    assert servers.states("banner", services=(service,)) == ["broken"]


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


def test_ports_that_answer_undeclared_or_stay_silent_are_caught(servers: Servers) -> None:
    servers.start("smtp", "imaps")
    smtp, imaps, shut = servers.ports["smtp"], servers.ports["imaps"], unused_port()
    both = (Opening("smtp", smtp), Opening("imaps", imaps))
    tried = (smtp, imaps, shut)
    assert servers.states("ports", openings=both, closed=tried) == ["kept", "kept"]
    assert servers.states("ports", openings=both[:1], closed=tried) == ["kept", "broken"]
    silent = (*both, Opening("pop3s", shut))
    assert servers.states("ports", openings=silent, closed=tried) == ["broken", "kept"]
    elsewhere = (both[0], Opening("imaps", imaps, ("192.0.2.0/24",)))
    assert servers.states("ports", openings=elsewhere, closed=tried) == ["kept", "broken"]
    ignored = {"openings": both[:1], "closed": tried, "ignored": (imaps,)}
    assert servers.states("ports", **ignored) == ["kept", "kept"]


def test_a_probe_on_the_server_itself_is_told(servers: Servers) -> None:
    (result,) = servers.hold("elsewhere")
    assert result.verdict.state == "broken"
    assert "on the server itself (127.0.0.1)" in result.verdict.detail
    other = replace(servers.target, address="192.0.2.1")
    (result,) = probe([Promise("elsewhere")], other, MANNER)
    assert result.verdict.state == "kept" or "unreachable" in result.verdict.detail


def delivery(servers: Servers, *services: str, **words: Any) -> list[Result]:
    boxes = tuple(Mailbox(service, servers.target, ALICE) for service in services)
    wanted = {"recipient": ALICE.login, "mailboxes": boxes, "wait_seconds": 0.5, **words}
    return servers.hold("delivery", **wanted)


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
