"""Laws of reading back: a rendered file is its model, and a record survives its file."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._firewall.model import Firewall
from ansible_collections.postern.mail.plugins.module_utils._firewall.parse import (
    Record,
    digest,
    read_record,
    read_rules,
    restoring,
    without_counts,
    write_record,
)
from ansible_collections.postern.mail.plugins.module_utils._firewall.render import render_rules
from ansible_collections.postern.mail.tests.unit.firewalls import firewalls
from hypothesis import given
from hypothesis import strategies as st


@given(firewalls)
def test_a_rendered_file_reads_back_as_its_model(firewall: Firewall) -> None:
    assert read_rules(render_rules(firewall)) == firewall


@given(st.text(), st.text())
def test_a_record_reads_back(rules: str, listing: str) -> None:
    record = Record(digest(rules), listing)
    assert read_record(write_record(record)) == record


@pytest.mark.parametrize("content", [None, b"", b"rubbish", b"[]", b'{"rules": "x"}', b"\xff\xfe"])
def test_a_record_that_cannot_be_read_counts_as_none(content: bytes | None) -> None:
    assert read_record(content) is None


def test_restoring_nothing_only_removes_the_table() -> None:
    assert restoring(None) == "table inet postern\ndelete table inet postern\n"


def test_restoring_puts_the_listed_table_back_in_the_same_transaction() -> None:
    listing = "table inet postern {\n}\n"
    assert restoring(listing) == restoring(None) + listing


def test_clients_that_are_counted_are_no_part_of_a_listing() -> None:
    counting = "\tset imaps.clients_v4 {\n\t\ttype ipv4_addr\n\t\tflags dynamic\n%s\t}\n"
    elements = (
        "\t\telements = { 192.0.2.1 ct count over 50,\n\t\t\t     192.0.2.2 ct count over 50 }\n"
    )
    named = "\tset ssh_v4 {\n\t\tflags interval\n\t\telements = { 192.0.2.0/24 }\n\t}\n"
    assert without_counts(named + counting % elements) == named + counting % ""


def test_how_many_elements_a_set_has_is_no_part_of_the_rules() -> None:
    said = "\t\tsize 65535\t# count 3\n\t\tflags dynamic\n"
    assert without_counts(said) == "\t\tsize 65535\n\t\tflags dynamic\n"
