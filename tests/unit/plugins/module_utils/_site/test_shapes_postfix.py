"""Postfix' parameters follow from the site."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix import (
    postfix_parameters,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of


def test_a_store_takes_mail_for_its_domains_and_hands_it_to_cyrus() -> None:
    site = site_of(good(mail_trusted_networks=["10.20.0.0/16", "fd00::/64"]))
    parameters = postfix_parameters(site)
    assert parameters["myhostname"] == "mail.example.org"
    assert parameters["mydestination"] == "$myhostname localhost"
    assert parameters["mynetworks"] == "127.0.0.0/8 [::1]/128 10.20.0.0/16 [fd00::]/64"
    assert parameters["virtual_mailbox_domains"] == "example.net example.org"
    assert parameters["virtual_alias_domains"] == ""
    assert parameters["inet_interfaces"] == "all"
    assert parameters["relayhost"] == ""


def test_a_send_only_host_gives_everything_to_its_relay() -> None:
    parameters = postfix_parameters(site_of(send_only()))
    assert parameters["mydestination"] == ""
    assert parameters["virtual_mailbox_domains"] == ""
    assert parameters["inet_interfaces"] == "loopback-only"
    assert parameters["smtpd_tls_security_level"] == "none"  # it has no certificate to show
    assert parameters["smtpd_tls_chain_files"] == ""
    assert parameters["relayhost"] == "[mail.example.org]:587"
    assert parameters["smtp_tls_security_level"] == "secure"
    assert parameters["smtp_sasl_auth_enable"] == "yes"
    assert "fake" not in str(parameters)


def test_a_host_that_only_forwards_has_alias_domains() -> None:
    aliases = dict.fromkeys(["root", "postmaster", "abuse"], "me@example.com")
    site = site_of(good(mail_store="none", mail_accounts=[], mail_aliases=aliases))
    parameters = postfix_parameters(site)
    assert parameters["virtual_alias_domains"] == "example.net example.org"
    assert parameters["virtual_mailbox_domains"] == ""


@pytest.mark.parametrize(
    ("relay", "level", "transport"),
    [
        ({"tls": "verify"}, "secure", "smtp"),
        ({"tls": "require", "port": 465}, "encrypt", "wrapped"),
        ({"tls": "opportunistic", "port": 25}, "may", "smtp"),
    ],
)
def test_the_way_to_the_relay_is_as_safe_as_asked(
    relay: dict[str, object], level: str, transport: str
) -> None:
    site = site_of(send_only(mail_relay={"host": "smart.example.com", **relay}))
    parameters = postfix_parameters(site)
    assert parameters["smtp_tls_security_level"] == level
    assert parameters["default_transport"] == transport
    assert parameters["smtp_sasl_auth_enable"] == "no"


@pytest.mark.parametrize(("users", "home"), [("mbox", ""), ("maildir", "Maildir/")])
def test_unix_users_get_what_is_sent_to_a_bare_name(users: str, home: str) -> None:
    parameters = postfix_parameters(site_of(send_only(mail_local_users=users)))
    assert parameters["myorigin"] == "$myhostname"
    assert parameters["mydestination"] == "$myhostname localhost"
    assert parameters["local_recipient_maps"] == "proxy:unix:passwd.byname $alias_maps"
    assert parameters["local_transport"] == "local:$myhostname"
    assert parameters["home_mailbox"] == home
    assert parameters["alias_maps"] == "lmdb:$config_directory/maps/local_aliases"
    assert parameters["smtp_generic_maps"] == "lmdb:$config_directory/maps/leaving"


def test_without_local_users_nothing_is_said_of_their_mailboxes() -> None:
    assert not {"alias_maps", "local_transport", "home_mailbox"} & set(
        postfix_parameters(site_of(good()))
    )


def test_tables_are_named_by_their_type() -> None:
    discarded = [{"recipient": "old@example.org", "action": "discard"}]
    site = site_of(good(mail_access=discarded))
    parameters = postfix_parameters(site, ({"map_type": "hash"},))
    assert parameters["transport_maps"] == "hash:$config_directory/maps/transports"
    assert "lmdb:" not in str(parameters)
