"""Openings decide what listens, what is wrapped in TLS, and who may reach it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_network import (
    certificate_names,
    courier_listeners,
    cyrus_listeners,
    openings,
    stunnel_services,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of


def test_an_opening_tells_its_port_and_who_may_reach_it() -> None:
    site = site_of(good(mail_openings={"smtp": "everyone", "imaps": ["10.20.0.0/16", "fd00::/64"]}))
    assert openings(site, ("smtp", "submission", "imaps")) == [
        {"name": "smtp", "port": 25, "sources": "everyone"},
        {"name": "imaps", "port": 993, "sources": ["10.20.0.0/16", "fd00::/64"]},
    ]


def test_an_unknown_service_is_refused() -> None:
    with pytest.raises(ValueError, match='"smpt" is not a service'):
        openings(site_of(good()), ("smpt",))


def test_tls_services_stand_before_cyrus_and_clear_ones_do_not() -> None:
    raw = good(
        mail_openings={"imaps": "everyone", "pop3s": "everyone", "imap": ["10.20.1.0/24"]},
    )
    site = site_of(raw)
    assert cyrus_listeners(site) == [
        {"name": "imaps", "protocol": "imap", "port": 943, "behind_tls": True},
        {"name": "pop3s", "protocol": "pop3", "port": 910, "behind_tls": True},
        {"name": "imap", "protocol": "imap", "port": 143, "behind_tls": False},
    ]
    assert stunnel_services(site) == [
        {"name": "imaps", "port": 993, "backend_port": 943, "protocol": "imap"},
        {"name": "pop3s", "port": 995, "backend_port": 910, "protocol": "pop3"},
    ]


def test_cyrus_itself_begins_tls_in_managesieve() -> None:
    site = site_of(good(mail_openings={"sieve": "everyone"}))
    assert cyrus_listeners(site) == [
        {"name": "sieve", "protocol": "sieve", "port": 4190, "behind_tls": False}
    ]
    assert stunnel_services(site) == []


def test_a_host_without_a_store_offers_no_mailboxes() -> None:
    assert cyrus_listeners(site_of(send_only())) == []
    assert stunnel_services(site_of(send_only())) == []


def test_a_certificate_names_its_host_first_and_nothing_twice() -> None:
    names = ["imap.example.org", "mail.example.org"]
    site = site_of(good(mail_tls={"names": names}))
    assert certificate_names(site) == ["mail.example.org", "imap.example.org"]


def test_each_store_listens_for_itself_and_stunnel_finds_either() -> None:
    cyrus, courier = site_of(good()), site_of(good(mail_store="courier"))
    assert courier_listeners(cyrus) == cyrus_listeners(courier) == []
    assert courier_listeners(courier) == cyrus_listeners(cyrus)
    assert stunnel_services(courier) == stunnel_services(cyrus) != []
