"""Tables are aligned, JSON and JUnit XML can be read back, whatever servers said."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from ansible_collections.postern.mail.plugins.module_utils._probe.report import read_report
from ansible_collections.postern.mail.plugins.module_utils._probe.report_text import (
    as_json,
    as_junit,
    table,
)
from ansible_collections.postern.mail.tests.unit.probe_samples import probes, result
from hypothesis import given
from hypothesis import strategies as st

ANYTHING = st.text(max_size=300)


def one(**more: Any) -> dict[str, Any]:
    return {"mail": {"results": [result("ports_closed", **more)]}}


def test_the_table_shows_hosts_topics_marks_and_the_verdict() -> None:
    text = table(read_report(probes()))
    assert "mail (mail.example.org), seen from outside: 3 kept, 1 broken, 1 skipped" in text
    assert "  Strangers are turned away" in text
    assert "  ✘  promise of relay_refused:smtp:plain" in text
    assert "1 of 5 promises is broken, 1 was not tried." in text
    assert "20 days left" in text


def test_the_table_has_an_ascii_form() -> None:
    text = table(read_report(one(detail="für dich ✔")), ascii_only=True)
    assert text.isascii()
    assert "  ok promise of ports_closed" in text


@given(ANYTHING, st.sampled_from(["kept", "broken", "skipped"]))
def test_columns_stand_below_each_other(detail: str, state: str) -> None:
    report = read_report(
        {"m": {"results": [result("ports_open"), result("banner:x", state=state, detail=detail)]}}
    )
    rows = table(report, every_line=True).splitlines()
    starts = [row.index(" s  ") for row in rows if "0.25 s  " in row]
    assert len(set(starts)) == 1


@given(ANYTHING, st.integers(min_value=20, max_value=200))
def test_a_broken_promise_loses_no_word(detail: str, width: int) -> None:
    report = read_report(one(detail=detail, state="broken"))
    text = "".join(table(report, width=width).split())
    for word in report.lines[0].detail.split():
        assert len(word) > 29 or word in text


@given(ANYTHING)
def test_json_can_be_read_back(detail: str) -> None:
    data = json.loads(as_json(read_report(one(detail=detail)), made_at="2026-11-23T05:00:00Z"))
    assert data["verdict"] == "All 1 promises are kept"
    assert data["hosts"][0]["lines"][0]["name"] == "ports_closed"


@given(ANYTHING, st.sampled_from(["kept", "broken", "skipped"]))
def test_junit_xml_is_well_formed_and_counts(detail: str, state: str) -> None:
    text = as_junit(read_report(one(detail=detail, state=state, evidence=[detail])))
    root = ElementTree.fromstring(text)  # noqa: S314
    assert root.get("failures") == ("1" if state == "broken" else "0")
    assert len(root.findall(".//failure")) == (state == "broken")
    assert len(root.findall(".//skipped")) == (state == "skipped")
    assert len(root.findall(".//testcase")) == 1
