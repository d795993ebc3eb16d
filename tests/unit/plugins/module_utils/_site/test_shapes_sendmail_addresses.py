"""Sendmail's addresses follow from the site: one target each, by an alias where there are more."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._sendmail.checks_tables import (
    alias_target_fault,
    faults,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_sendmail_addresses import (
    BACKUP,
    DISCARD,
    STORE,
    UNKNOWN,
    local_host_names,
    sendmail_aliases,
    token,
    virtusertable,
    virtusertable_sources,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of

ABUSE = token("abuse@example.org")


def table(**changes: Any) -> dict[str, str]:
    return virtusertable(site_of(good(**changes)))


def aliases(**changes: Any) -> dict[str, Any]:
    entries = sendmail_aliases(site_of(good(**changes)))["entries"]
    assert isinstance(entries, dict)
    return entries


def test_an_account_ends_in_its_mailbox_and_keeps_what_stands_behind_the_plus() -> None:
    assert table()["alice@example.org"] == f"alice%3@example.org.{STORE}"


def test_an_alias_leads_on_with_one_target() -> None:
    assert table()["sales@example.org"] == "alice%3@example.org"


def test_several_targets_are_reached_by_an_alias() -> None:
    assert table()["abuse@example.org"] == ABUSE
    assert aliases()[ABUSE] == ["alice@example.org", "carol@example.org"]


def test_a_catch_all_takes_the_rest_of_its_domain_alone() -> None:
    found = table()
    assert found["@example.net"] == "carol@example.org"
    assert found["dave@example.net"] == f"dave%3@example.net.{STORE}"
    assert found["postmaster@example.net"] == "alice%3@example.org"
    assert found["@example.org"] == UNKNOWN


def test_nobody_of_the_host_itself_has_a_mailbox_but_its_aliases_hold() -> None:
    found = table()
    assert found["@mail.example.org"] == UNKNOWN
    assert found["root@mail.example.org"] == "alice%3@example.org"
    assert found["root@localhost"] == "alice%3@example.org"


def test_unix_users_keep_theirs_where_they_have_mailboxes() -> None:
    found = table(mail_local_users="mbox")
    assert "@mail.example.org" not in found
    assert found["alice@mail.example.org"] == "alice%3@example.org"


def test_a_backup_copy_is_made_where_mail_ends_whatever_its_way() -> None:
    accounts = [{"name": "alice", "password": "fake", "backup": True}]
    accounts += [{"name": "keep", "password": "fake", "backup": True}]
    changes = {"mail_accounts": accounts, "mail_backup": "keep", "mail_aliases": ROOTS}
    changes["mail_domains"] = [{"name": "example.org"}]
    name = token("alice@example.org")
    assert table(**changes)["alice@example.org"] == name
    found = aliases(**changes)
    assert found[name] == [f"alice@example.org.{STORE}", BACKUP]
    assert found[BACKUP] == ["keep@example.org"]
    # Who wrote hears nothing of a copy that fails.
    assert found[f"owner-{BACKUP}"] == ["postmaster"]
    assert found["postmaster"]
    # Who reads the copies gets none of the copies.
    assert table(**changes)["keep@example.org"] == f"keep%3@example.org.{STORE}"


ROOTS = dict.fromkeys(["root", "postmaster", "abuse"], "alice")


def test_an_alias_of_an_accounts_own_name_keeps_the_mailbox() -> None:
    own = {**ROOTS, "dave@example.net": ["dave@example.net", "carol"]}
    assert table(mail_aliases=own)["dave@example.net"] == token("dave@example.net")
    targets = aliases(mail_aliases=own)[token("dave@example.net")]
    assert targets == [f"dave@example.net.{STORE}", "carol@example.org"]


def test_discarded_recipients_end_nowhere() -> None:
    access = [{"recipient": "void@example.org", "action": "discard"}]
    assert table(mail_access=access)["void@example.org"] == DISCARD
    assert aliases(mail_access=access)[DISCARD] == ["/dev/null"]


def test_a_host_that_only_sends_sends_what_it_says_to_itself() -> None:
    site = site_of(send_only())
    assert virtusertable(site) == {
        "@localhost": "%1%3@example.org",
        "@web.example.org": "%1%3@example.org",
    }
    assert virtusertable_sources(site) == []
    assert sendmail_aliases(site)["entries"]["postmaster"] == ["postmaster@example.org"]


def test_a_host_named_as_its_domain_does_not_lead_to_itself_for_ever() -> None:
    site = site_of(send_only(mail_hostname="example.org"))
    assert virtusertable(site) == {}


def test_long_lists_go_to_the_host_as_files() -> None:
    file = {"kind": "recipient", "path": "/x/void.txt", "action": "discard"}
    site = site_of(good(mail_alias_files=["/x/aliases.txt"], mail_access_files=[file]))
    first, second = virtusertable_sources(site)
    assert first == {
        "file": "/x/aliases.txt",
        "form": "aliases",
        "origin": "example.org",
        "domains": ["example.net", "example.org", "localhost", "mail.example.org"],
    }
    assert second == {"file": "/x/void.txt", "form": "keys", "value": DISCARD}


@pytest.mark.parametrize("address", ["a+b@x.example", 'o"r@x.example', "Ä@x.example"])
def test_the_alias_of_an_address_has_a_name_of_its_own_that_sendmail_takes(address: str) -> None:
    assert not faults("aliases", [f"{token(address)} x".encode()])
    assert token(address) != token(f"{address}x")


def test_all_of_it_is_what_sendmail_takes() -> None:
    entries = [f"{key} {value}".encode() for key, value in table().items()]
    assert not faults("virtusertable", entries)
    for targets in aliases().values():
        assert not [fault for target in targets if (fault := alias_target_fault(target))]


def test_the_hosts_own_names_are_local() -> None:
    assert local_host_names(site_of(good())) == ["localhost", "mail.example.org"]
