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
from ansible_collections.postern.mail.tests.unit.mail_certificates import leaf

NOW = datetime.now(UTC)


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
