"""Long lists answer as the inventory's own names do: a bare name holds in every mail domain."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._site.lists import Lists, NameList

LISTS = Lists(
    aliases={b"team": b"alice, bob@example.com", b"info@example.net": b"carol@example.org"},
    recipients={"branch.example": NameList(frozenset((b"info", b"boss@branch.example")))},
)
DOMAINS = frozenset(("example.org", "example.net"))


def test_an_address_has_its_full_alias_or_the_bare_one_of_its_name() -> None:
    assert LISTS.alias_for("team@example.net", DOMAINS) == "team"
    assert LISTS.alias_for("team@example.com", DOMAINS) is None
    assert LISTS.alias_for("info@example.net", DOMAINS) == "info@example.net"
    assert LISTS.alias_for("info@example.org", DOMAINS) is None


def test_bare_targets_belong_to_the_home_domain() -> None:
    assert LISTS.targets_of("team", "example.org") == ("alice@example.org", "bob@example.com")
    assert LISTS.targets_of("nobody", "example.org") == ()


def test_recipients_are_names_or_addresses_of_their_domain() -> None:
    assert LISTS.has_recipient("info@branch.example")
    assert LISTS.has_recipient("boss@branch.example")
    assert not LISTS.has_recipient("info@example.org")
    assert not LISTS.has_recipient("chef@branch.example")
