"""Served certificates are read and judged."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe.certificate import (
    covers,
    days_until,
    judge_certificate,
)
from ansible_collections.postern.mail.plugins.module_utils._probe.der import read_certificate
from ansible_collections.postern.mail.tests.unit.mail_certificates import authority, leaf
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime.now(UTC)


def test_a_certificate_is_read_as_the_library_reads_it() -> None:
    pair = leaf(("mail.example.org", "*.example.net"))
    seen = read_certificate(pair.der)
    assert seen.names == ("mail.example.org", "*.example.net")
    assert seen.subject == "mail.example.org"
    assert seen.issuer == "Test Authority"
    assert int(seen.serial, 16) == pair.certificate.serial_number
    assert seen.not_after == pair.certificate.not_valid_after_utc
    assert seen.not_before == pair.certificate.not_valid_before_utc
    assert not seen.self_signed
    assert read_certificate(authority().der).self_signed


@given(st.binary(max_size=300))
def test_rubbish_is_no_certificate(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a readable certificate"):
        read_certificate(data)


@given(st.integers(min_value=0, max_value=600))
def test_a_cut_certificate_is_no_crash(length: int) -> None:
    der = leaf().der
    if length >= len(der):
        return
    with pytest.raises(ValueError, match="not a readable certificate"):
        read_certificate(der[:length])


@pytest.mark.parametrize(
    ("names", "wanted", "covered"),
    [
        (["mail.example.org"], "mail.example.org", True),
        (["MAIL.example.org"], "mail.EXAMPLE.org.", True),
        (["*.example.org"], "mail.example.org", True),
        (["*.example.org"], "a.mail.example.org", False),
        (["*.example.org"], "example.org", False),
        (["*.org"], "example.org", False),
        ([], "mail.example.org", False),
    ],
)
def test_names_are_matched_as_the_standard_says(
    names: list[str], wanted: str, covered: bool
) -> None:
    assert covers(names, wanted) is covered


def test_all_faults_of_a_certificate_are_told_together() -> None:
    seen = read_certificate(leaf(days=3).der)
    verdict = judge_certificate(seen, "self-signed certificate", ["imap.example.org"], 14, NOW)
    assert verdict.state == "broken"
    for words in ("no name imap.example.org", "self-signed", "only 3 days left"):
        assert words in verdict.detail


def test_days_left_are_negative_after_the_end() -> None:
    assert days_until(NOW + timedelta(days=2, hours=1), NOW) == 2
    assert days_until(NOW - timedelta(hours=1), NOW) == -1
