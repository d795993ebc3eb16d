"""The table of cases for both agents is long, unambiguous, and its exceptions are documented."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dialogues.parity_cases import CASES
from dialogues.scenario import ROOT


def test_there_are_many_cases_and_each_has_its_own_name() -> None:
    assert len({case.what for case in CASES}) == len(CASES) >= 60


def test_each_reason_to_differ_stands_in_the_documentation() -> None:
    page = " ".join((ROOT / "docs" / "transfer-agents.md").read_text(encoding="utf-8").split())
    reasons = {case.but.why for case in CASES if case.but}
    assert reasons
    assert [why for why in reasons if why not in page] == []


def test_what_differs_really_differs_from_the_line() -> None:
    for case in CASES:
        if case.but:
            changes = (case.but.answer, case.but.lands, case.but.seen)
            assert any(text is not None for text in changes), case.what
