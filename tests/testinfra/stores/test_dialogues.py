"""Each dialogue goes as its lines say, with every store behind every transfer agent."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from dialogues.everywhere import HOSTS
from dialogues.stores import wrong
from dialogues.stores_cases import CASES
from dialogues.stores_script import Case

Answers = dict[str, dict[str, list[list[str]]]]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_a_dialogue_goes_as_its_lines_say(answers: Answers, case: Case, host: str) -> None:
    store = host.partition("-")[0]
    assert not list(wrong(case, store, answers[host][case.what]))
