"""Reports are gathered from whatever the probes returned, and judge it soberly."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe.report import (
    broken_sentences,
    condensed,
    read_report,
    verdict,
)
from ansible_collections.postern.mail.tests.unit.probe_samples import probes, result


def test_figures_are_the_slowest_delivery_and_the_nearest_expiry() -> None:
    figures = read_report(probes()).figures
    assert figures["round_trip_seconds"] == 1.5
    assert figures["days_left"] == 20
    assert (figures["kept"], figures["broken"], figures["skipped"]) == (4, 1, 1)


def test_one_broken_promise_is_the_verdict() -> None:
    assert verdict(read_report(probes())) == "1 of 5 promises is broken"
    assert verdict(read_report({"a": {"results": [result("login:imaps")]}})) == (
        "All 1 promises are kept"
    )


def test_a_probe_that_failed_or_never_ran_is_a_broken_promise() -> None:
    for bad in ({"failed": True, "msg": "no python"}, {"unreachable": True}, None, "nonsense"):
        report = read_report({"mail": bad})
        assert verdict(report) == "1 of 1 promises is broken"
        assert broken_sentences(report)[0].startswith("mail: broken: The probe itself runs")


def test_a_task_that_was_skipped_says_nothing() -> None:
    report = read_report({"mail": [{"skipped": True}, probes()["mail"]], "desk": {"skipped": True}})
    assert [section.host for section in report.sections] == ["mail"]


def test_nothing_proven_is_not_good() -> None:
    for nothing in ({}, {"mail": {"results": []}}):
        assert broken_sentences(read_report(nothing)) == ["Nothing was tried."]


def test_a_single_return_value_is_a_report_too() -> None:
    report = read_report({"results": [result("login:imaps")], "broken": []})
    assert report.sections[0].host == "mail.example.org"


@pytest.mark.parametrize("bad", [None, [], "text", 3])
def test_something_else_is_refused(bad: object) -> None:
    with pytest.raises(ValueError, match="dictionary"):
        read_report(bad)


def test_kept_lines_of_a_kind_are_told_as_one_and_broken_ones_alone() -> None:
    raw = [
        result("relay_refused:smtp:plain"),
        result("relay_refused:smtp:bang"),
        result("relay_refused:smtp:percent", state="broken"),
        result("relay_refused:submission:plain"),
        result("ports_open"),
    ]
    lines = condensed(read_report({"mail": {"results": raw}}).lines)
    told = [(line.promise, line.detail, line.state) for line in lines]
    assert told == [
        ("Strangers cannot relay, in any form", "smtp (2 ways), submission", "kept"),
        ("promise of relay_refused:smtp:percent", "detail", "broken"),
        ("promise of ports_open", "detail", "kept"),
    ]
