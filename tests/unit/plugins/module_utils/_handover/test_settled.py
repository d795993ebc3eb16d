"""A mailbox that has been through all tables has a form of its own in Sendmail alone."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._handover import settled
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_sendmail_addresses import (
    STORE,
)


def test_the_inner_form_is_the_one_that_sites_have() -> None:
    assert f".{STORE}" == settled.SUFFIX


def test_an_address_is_the_same_after_there_and_back() -> None:
    within = settled.inner("carol+x@Example.org", {"example.org"})
    assert settled.is_inner(within)
    assert settled.outer(within) == "carol+x@Example.org"


@pytest.mark.parametrize("address", ["bob@example.com", "root", "x@sub.example.org"])
def test_who_has_no_mailbox_here_has_no_inner_form(address: str) -> None:
    assert settled.inner(address, {"example.org"}) == address


def test_mailboxes_are_where_a_store_takes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways, domains = tmp_path / "mailertable", tmp_path / "virtuser-domains"
    monkeypatch.setattr(settled, "MAILERTABLE", ways)
    monkeypatch.setattr(settled, "DOMAINS", domains)
    assert settled.domains_of_mailboxes() == frozenset()
    ways.write_text("branch.example\tesmtp:[x]\n")
    domains.write_text("example.net\nexample.org\n")
    assert settled.domains_of_mailboxes() == frozenset()
    ways.write_text("# one\n.postern-store\tstore:mail\n")
    assert settled.domains_of_mailboxes() == {"example.net", "example.org"}
