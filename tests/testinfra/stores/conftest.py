"""All dialogues with every host of the scenario, held once."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from dialogues.everywhere import everywhere
from dialogues.scenario import Scenario
from dialogues.stores import hold


@pytest.fixture(scope="session")
def answers(scenario: Scenario) -> dict[str, dict[str, list[list[str]]]]:
    """The answers of every host, by the case."""
    return everywhere(partial(hold, scenario))


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Return what says a figure although pytest keeps quiet about tests that pass."""

    def say(text: str) -> None:
        with capsys.disabled():
            print(f"\n  {text}", flush=True)

    return say
