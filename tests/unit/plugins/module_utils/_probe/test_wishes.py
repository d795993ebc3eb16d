"""What can be reached, and from where one is trusted, follows from the address one comes from."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe.wishes import (
    among,
    is_reachable,
    is_trusted,
    owner,
    usable,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, site_of


@pytest.mark.parametrize(
    ("name", "seen_as", "reachable"),
    [
        ("smtp", "", True),
        ("imaps", "", False),
        ("imaps", "10.20.0.9", True),
        ("imaps", "192.0.2.1", False),
        ("pop3s", "10.20.0.9", False),
    ],
)
def test_an_opening_is_reachable_from_its_networks(
    name: str, seen_as: str, reachable: bool
) -> None:
    site = site_of(good(mail_openings={"smtp": "everyone", "imaps": ["10.20.0.0/16"]}))
    assert is_reachable(site, name, seen_as) is reachable


def test_who_may_relay_is_trusted_and_an_unknown_place_is_not() -> None:
    site = site_of(good())
    assert is_trusted(site, "10.20.0.9")
    assert not is_trusted(site, "192.0.2.1")
    assert not is_trusted(site, "")


def test_services_keep_their_order() -> None:
    assert among(("imaps", "pop3s", "smtp"), ("smtp", "imaps")) == ["imaps", "smtp"]


def test_accounts_without_a_known_password_or_locked_are_of_no_use() -> None:
    assert [owner(account) for account in usable(site_of(good()).accounts)] == [
        {"login": "alice@example.org", "password": "fake-alice"}
    ]
