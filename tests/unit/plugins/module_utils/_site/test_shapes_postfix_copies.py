"""Copies: one for each message, whichever way it came, and none of mail that others get."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
    choices_of,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_copies import (
    backup_copies,
    copy_parameters,
    copy_tables,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, site_of

KEPT = "kept@archive.example"


def backed(*names: str, **changes: Any) -> dict[str, Any]:
    accounts = [{**a, "backup": a["name"] in names} for a in good()["mail_accounts"]]
    return good(mail_accounts=accounts, **{"mail_backup": KEPT, **changes})


def test_a_persons_mail_is_copied_by_whatever_address_it_comes() -> None:
    entries = backup_copies(site_of(backed("alice")))
    assert set(entries.values()) == {KEPT}
    assert {"alice@example.org", "sales@example.org", "abuse@example.net"} <= set(entries)
    assert {"root@mail.example.org", "root@localhost"} <= set(entries)
    assert not {"carol@example.org", "dave@example.net"} & set(entries)


def test_what_a_catch_all_takes_is_copied_and_nothing_declared_beside_it() -> None:
    raw = backed("carol")
    found = {table["name"]: table for table in copy_tables(site_of(raw), Choices())}
    [(pattern, copy)] = found["backup_of_catch_alls"]["entries"].items()
    assert copy == KEPT
    matches = re.compile(pattern[1:-1], re.IGNORECASE).match
    for caught in ("nobody@example.net", "davet@example.net", "nobody+x@example.net"):
        assert matches(caught), caught
    for other in ("dave@example.net", "Dave+x@example.net", "root@example.net", "a@example.org"):
        assert not matches(other), other
    assert "pcre:" in copy_parameters(site_of(raw), Choices())["recipient_bcc_maps"]


def test_who_reads_the_copies_gets_none_of_his_own_mail() -> None:
    entries = backup_copies(site_of(backed("alice", "carol", mail_backup="carol")))
    assert "carol@example.org" not in entries
    assert entries["alice@example.org"] == "carol@example.org"


def test_without_an_address_for_copies_there_are_none() -> None:
    parameters = copy_parameters(site_of(good()), Choices())
    assert set(parameters.values()) == {""}
    assert copy_tables(site_of(good()), Choices()) == []


def test_the_journal_gets_every_message() -> None:
    parameters = copy_parameters(site_of(good(mail_journal="all@archive.example")), Choices())
    assert parameters["always_bcc"] == "all@archive.example"


def test_aliases_in_files_are_copied_by_what_they_lead_to() -> None:
    raw = backed("alice", mail_alias_files=["/lists/aliases.txt"])
    [table] = copy_tables(site_of(raw), Choices())
    [source] = table["sources"]
    assert source["leads"]["alice@example.org"] == KEPT
    assert "carol@example.org" not in source["leads"]


def test_copies_by_sender_and_recipient_have_tables_of_their_own() -> None:
    raw = {"sender_bcc": {"@example.net": "carol"}, "recipient_bcc": {"x@example.com": "alice"}}
    choices = choices_of((raw,), "example.org")
    parameters = copy_parameters(site_of(good()), choices)
    assert parameters["sender_bcc_maps"] == "lmdb:$config_directory/maps/sender_bcc"
    assert parameters["recipient_bcc_maps"] == "lmdb:$config_directory/maps/recipient_bcc"
    found = {table["name"]: table["entries"] for table in copy_tables(site_of(good()), choices)}
    assert found["sender_bcc"] == {"@example.net": "carol@example.org"}


@pytest.mark.parametrize("whose", ["alice@example.org", "@example.org"])
def test_two_copies_of_one_address_are_refused_since_one_would_be_forgotten(whose: str) -> None:
    choices = choices_of(({"recipient_bcc": {whose: "carol"}},), "example.org")
    with pytest.raises(ValueError, match=r"has copies at kept@archive\.example already"):
        copy_tables(site_of(backed("alice")), choices)
