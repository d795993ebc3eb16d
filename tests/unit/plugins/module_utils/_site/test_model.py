"""The model answers for itself: addresses, ports, and what a bare alias means."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of


def test_a_bare_alias_holds_in_every_domain_and_a_full_one_where_it_says() -> None:
    site = site_of(good(mail_aliases={"root": "alice", "info@example.net": ["carol", "alice"]}))
    assert list(site.declared_aliases()) == [
        ("root@example.net", ("alice@example.org",), "mail_aliases.root"),
        ("root@example.org", ("alice@example.org",), "mail_aliases.root"),
        (
            "info@example.net",
            ("carol@example.org", "alice@example.org"),
            'mail_aliases["info@example.net"]',
        ),
        ("sales@example.org", ("alice@example.org",), "mail_accounts[0].aliases[0]"),
    ]


def test_a_host_without_store_and_domains_only_sends() -> None:
    assert site_of(send_only()).send_only
    assert not site_of(good()).send_only
    assert site_of(send_only(mail_accounts=good()["mail_accounts"])).mailboxes == ()


def test_a_host_that_hands_domains_on_or_keeps_users_mail_does_more_than_send() -> None:
    branch = {"name": "branch.example", "host": "mail.branch.example"}
    edge = site_of(send_only(mail_relay_domains=[branch], mail_accounts=good()["mail_accounts"]))
    assert (edge.send_only, edge.receives) == (False, True)
    assert edge.relay_domain_names == {"branch.example"}
    assert edge.people == edge.mailboxes == ()
    assert list(edge.declared_aliases()) == []
    users = site_of(send_only(mail_local_users="mbox"))
    assert (users.send_only, users.receives) == (False, False)


def test_mail_comes_in_where_it_ends_or_where_a_port_is_opened_for_it() -> None:
    assert not site_of(send_only()).receives
    assert site_of(send_only(mail_openings={"smtp": ["10.0.0.0/8"]})).receives
    assert site_of(good(mail_openings={})).receives


def test_an_opening_knows_its_port() -> None:
    opening = site_of(good()).opening("imaps")
    assert opening is not None
    assert opening.port == 993
    assert site_of(good()).opening("pop3s") is None


def test_no_secret_shows_when_a_model_is_printed() -> None:
    relay = {"host": "smart.example.com", "username": "u", "password": "fake-relay"}
    shown = repr(site_of(good(mail_relay=relay)))
    assert "fake-" not in shown
    assert "$6$" not in shown
