"""Logins and mailboxes follow from the accounts of a host with a store."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._site.shapes_accounts import (
    account_entries,
    cyrus_mailboxes,
)
from ansible_collections.postern.mail.tests.unit.site_models import SHA512, good, send_only, site_of


def test_each_account_is_a_login_by_its_full_address() -> None:
    assert account_entries(site_of(good())) == [
        {"name": "alice@example.org", "password": "fake-alice", "locked": False},
        {"name": "carol@example.org", "password_hash": SHA512, "locked": False},
        {"name": "dave@example.net", "password": "fake-dave", "locked": True},
    ]


def test_each_account_has_a_mailbox_and_perhaps_a_quota() -> None:
    assert cyrus_mailboxes(site_of(good())) == [
        {"name": "alice@example.org", "quota_kib": 2 * 1024**2},
        {"name": "carol@example.org", "quota_kib": None},
        {"name": "dave@example.net", "quota_kib": None},
    ]


def test_a_renamed_account_says_which_mailbox_moves() -> None:
    accounts = good()["mail_accounts"]
    accounts[2]["formerly"] = "david"
    assert cyrus_mailboxes(site_of(good(mail_accounts=accounts)))[2] == {
        "name": "dave@example.net",
        "quota_kib": None,
        "renamed_from": "david@example.net",
    }


def test_a_host_without_a_store_has_neither_though_the_site_has_accounts() -> None:
    site = site_of(send_only(mail_accounts=good()["mail_accounts"]))
    assert account_entries(site) == []
    assert cyrus_mailboxes(site) == []
