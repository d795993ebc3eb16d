"""What became of all cases on both servers, found out once."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from dialogues.parity import Result, results
from dialogues.scenario import Scenario

AGENTS = ("postfix", "sendmail")


@pytest.fixture(scope="session")
def became(scenario: Scenario) -> dict[str, dict[str, Result]]:
    """What became of each case, by the agent."""
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda agent: results(scenario, agent), AGENTS)
        return dict(zip(AGENTS, found, strict=True))
