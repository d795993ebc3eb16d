"""Maildirs as the role of a store publishes them."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._site.maildirs import (
    Maildirs,
    maildir,
    maildirs_of,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, site_of


def test_a_store_without_maildirs_publishes_none() -> None:
    assert maildirs_of({}) is None
    assert maildirs_of(None) is None


def test_numbers_may_come_as_text() -> None:
    raw = {"folder": "/m", "owner": "vmail", "owner_id": "5000", "command": ["/bin/x", "y"]}
    assert maildirs_of(raw) == Maildirs("/m", "vmail", 5000, ("/bin/x", "y"))


def test_each_account_has_its_own_below_its_domain() -> None:
    assert [maildir(account) for account in site_of(good()).mailboxes] == [
        "example.org/alice/Maildir/",
        "example.org/carol/Maildir/",
        "example.net/dave/Maildir/",
    ]
