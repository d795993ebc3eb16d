"""What must hold follows from the site's model."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._probe.promises import (
    FOREIGN_RECIPIENT,
    probe_account,
    promises_of,
)
from ansible_collections.postern.mail.plugins.module_utils._probe.request import (
    read_promises,
    read_target,
)
from ansible_collections.postern.mail.plugins.module_utils._probe.wishes import Wishes
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of

EVERY = dict.fromkeys(["smtp", "submission", "submissions", "imaps", "pop3s"], "everyone")
ALICE = "alice@example.org"


def promised(kind: str, wishes: Wishes | None = None, **changes: Any) -> list[dict[str, Any]]:
    site = site_of(good(**{"mail_openings": EVERY, **changes}))
    found = promises_of(site, wishes or Wishes(login=ALICE))
    return [promise for promise in found if promise["promise"] == kind]


def test_every_promise_can_be_held_as_it_is() -> None:
    params = {
        "server": "mail.example.org",
        "account": {"login": ALICE, "password": "x"},
        "promises": promises_of(site_of(good(mail_openings=EVERY)), Wishes(login=ALICE)),
    }
    _promises, problems = read_promises(params, read_target(params))
    assert problems == []


def test_a_host_without_openings_promises_nothing() -> None:
    assert promises_of(site_of(send_only()), Wishes(login=ALICE)) == []


def test_mail_is_delivered_to_the_account_and_to_its_alias_and_fetched_both_ways() -> None:
    found = promised("delivery")
    assert [promise["recipient"] for promise in found[:2]] == [ALICE, "sales@example.org"]
    assert found[0]["mailboxes"] == [{"service": "imaps"}, {"service": "pop3s"}]


def test_a_catch_all_is_read_as_its_account_when_the_password_is_known() -> None:
    accounts = [{"name": "alice", "password": "a"}, {"name": "carol", "password": "pw-carol"}]
    found = promised(
        "delivery",
        mail_accounts=accounts,
        mail_aliases={
            "root": "alice",
            "postmaster": "alice",
            "abuse": "alice",
        },
    )
    assert found[-1]["recipient"] == "postern-probe-anybody@example.net"
    assert found[-1]["mailboxes"][0]["login"] == "carol@example.org"
    assert len(promised("delivery")) == 2


def test_unknown_recipients_are_refused_only_where_nothing_catches_all() -> None:
    assert [one["domain"] for one in promised("unknown_recipient_refused")] == ["example.org"]


def test_relaying_is_tried_with_a_domain_that_has_no_catch_all() -> None:
    (relay,) = promised("relay_refused")
    assert relay["domain"] == "example.org"
    assert relay["recipient"] == FOREIGN_RECIPIENT
    assert "forms" not in relay
    caught = [{"name": "example.org", "catch_all": "alice"}]
    accounts = [{"name": "alice", "password": "a"}]
    aliases = {"root": "alice", "postmaster": "alice", "abuse": "alice"}
    (relay,) = promised(
        "relay_refused", mail_domains=caught, mail_accounts=accounts, mail_aliases=aliases
    )
    assert relay["forms"] == ["plain", "empty_sender", "forged_sender"]


def test_relaying_is_not_judged_from_a_network_that_may_relay() -> None:
    assert promised("relay_refused", Wishes(login=ALICE, seen_as="192.0.2.1"))
    assert not promised("relay_refused", Wishes(login=ALICE, seen_as="10.20.0.9"))


def test_services_for_other_networks_are_only_looked_at_from_there() -> None:
    openings = {**EVERY, "imaps": ["10.20.0.0/16"], "imap": ["10.20.0.0/16"]}
    (login,) = promised("login", mail_openings=openings)
    assert login["services"] == ["submission", "submissions", "pop3s"]
    (plain,) = promised("plaintext_login_refused", mail_openings=openings)
    assert plain["services"] == ["smtp", "submission", "imap", "pop3"]
    inside = Wishes(login=ALICE, seen_as="10.20.0.9")
    (login,) = promised("login", inside, mail_openings=openings)
    assert "imaps" in login["services"]
    (plain,) = promised("plaintext_login_refused", inside, mail_openings=openings)
    assert plain["services"] == ["smtp", "submission", "pop3"]


def test_all_openings_are_declared_to_the_port_scan() -> None:
    (ports,) = promised("ports", mail_openings={**EVERY, "imaps": ["10.20.0.0/16"]})
    assert {"name": "imaps", "port": 993, "sources": ["10.20.0.0/16"]} in ports["openings"]
    assert len(ports["openings"]) == 5


def test_without_an_account_no_login_is_tried() -> None:
    for kind in ("login", "submit", "wrong_password_refused", "forging_refused", "delivery"):
        assert promised(kind, Wishes()) == []
    assert promised("relay_refused", Wishes())


def test_without_an_outside_address_the_account_writes_to_itself() -> None:
    (own,) = promised("submit")
    assert own["recipient"] == ALICE
    assert own["mailboxes"] == [{"service": "imaps"}]
    box = {"service": "maildir", "path": "/home/bob/Maildir"}
    wishes = Wishes(login=ALICE, recipient="bob@example.com", mailboxes=[box])
    (out,) = promised("submit", wishes)
    assert (out["recipient"], out["mailboxes"]) == ("bob@example.com", [box])


def test_the_first_account_whose_password_is_known_is_taken() -> None:
    site = site_of(good())
    assert probe_account(site) == {"login": ALICE, "password": "fake-alice"}
    assert probe_account(site, "carol@example.org") is None
    assert probe_account(site, "dave@example.net") is None
    assert probe_account(site_of(send_only())) is None
