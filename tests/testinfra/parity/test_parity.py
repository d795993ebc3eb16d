"""Each case ends as its line says, and the same with both agents."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest
from dialogues.parity import Result
from dialogues.parity_cases import CASES, Case

Became = dict[str, dict[str, Result]]


def expected(case: Case, agent: str) -> Case:
    """Return a case as it stands for one agent."""
    if case.but is None or case.but.agent != agent:
        return case
    changes = {name: getattr(case.but, name) for name in ("answer", "lands", "seen")}
    return replace(case, **{name: text for name, text in changes.items() if text is not None})


@pytest.mark.parametrize("agent", ["postfix", "sendmail"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_a_case_ends_as_its_line_says(became: Became, case: Case, agent: str) -> None:
    wanted, result = expected(case, agent), became[agent][case.what]
    answers = wanted.answer if len(wanted.answer) > 1 else wanted.answer * len(result.answer)
    assert result.answer == answers, result.said
    assert result.lands == sorted(wanted.lands.split()), result.said
    if wanted.seen:
        assert all(wanted.seen in copy.headers for copy in result.copies), result.copies


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_both_agents_do_the_same_unless_there_is_a_reason(became: Became, case: Case) -> None:
    postfix, sendmail = (became[agent][case.what] for agent in ("postfix", "sendmail"))
    if case.but is None:
        assert postfix.masked() == sendmail.masked(), (postfix, sendmail)
    else:
        assert postfix.masked() != sendmail.masked(), "the reason has gone"
