"""Lookup tables: all of them, of one type, the same however the inventory is ordered."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_maps import (
    postfix_maps,
    postfix_secret_maps,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of
from hypothesis import given
from hypothesis import strategies as st


def tables(raw: dict[str, Any], **choices: Any) -> dict[str, dict[str, Any]]:
    return {table["name"]: table for table in postfix_maps(site_of(raw), (choices,))}


@given(st.permutations(good()["mail_accounts"]), st.permutations(good()["mail_domains"]))
def test_the_tables_do_not_depend_on_the_order_of_the_inventory(
    accounts: list[dict[str, Any]], domains: list[dict[str, Any]]
) -> None:
    assert postfix_maps(site_of(good(mail_accounts=accounts, mail_domains=domains))) == (
        postfix_maps(site_of(good()))
    )


def test_a_send_only_host_has_no_addresses_of_its_own() -> None:
    raw = send_only(mail_accounts=good()["mail_accounts"], mail_aliases=good()["mail_aliases"])
    found = tables(raw)
    for name in ("virtual_aliases", "virtual_mailboxes", "sender_logins"):
        assert found[name]["entries"] == {}
    assert "relay_credentials" not in found
    assert postfix_secret_maps(site_of(raw)) == {
        "relay_credentials": {"[mail.example.org]:587": "alice@example.org:fake"}
    }


def test_every_mailbox_is_listed_and_no_alias() -> None:
    assert tables(good())["virtual_mailboxes"]["entries"] == {
        "alice@example.org": "OK",
        "carol@example.org": "OK",
        "dave@example.net": "OK",
    }


def test_compiled_tables_are_of_the_type_that_is_chosen() -> None:
    types = {table["type"] for table in tables(good(), map_type="hash").values()}
    assert types == {"hash", "cidr", "pcre"}
    assert {table["type"] for table in tables(good()).values()} == {"lmdb", "cidr", "pcre"}


def test_passwords_of_senders_are_in_a_secret_table_and_nowhere_else() -> None:
    relays = [{"sender": "@example.net", "host": "out.example.com", "username": "net"}]
    arguments = ({"sender_relays": relays}, {"@example.net": "fake"})
    site = site_of(good())
    assert postfix_secret_maps(site, arguments)["sender_credentials"] == {
        "@example.net": "net:fake"
    }
    assert "fake" not in str(postfix_maps(site, arguments))


def test_a_sender_without_its_password_is_told_at_once() -> None:
    relays = [{"sender": "@example.net", "host": "out.example.com", "username": "net"}]
    with pytest.raises(ValueError, match=r'has none for "@example\.net"'):
        postfix_secret_maps(site_of(good()), ({"sender_relays": relays}, {}))
    with pytest.raises(ValueError, match=r'"@other\.example" has no username'):
        postfix_secret_maps(site_of(good()), ({}, {"@other.example": "fake"}))
