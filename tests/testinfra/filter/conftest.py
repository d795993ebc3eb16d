"""Fixtures of the filter's tests: both hosts, one after the other."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from dialogues.extent import IS_FULL
from dialogues.filtering import Filtered
from dialogues.scenario import Scenario

HOSTS = ("mail", "second")
# Several runs of the site, and many messages of 50 MiB: only where all is asked for.
LONG = {
    "test_before_queue.py",
    "test_change_of_agent.py",
    "test_leaving.py",
    "test_left_quarantine.py",
    "test_size.py",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes long. Molecule names each file, so that none would be ignored."""
    if not IS_FULL:
        config.hook.pytest_deselected(items=[item for item in items if item.path.name in LONG])
        items[:] = [item for item in items if item.path.name not in LONG]


@pytest.fixture(scope="session", params=HOSTS)
def host(request: pytest.FixtureRequest, scenario: Scenario) -> Filtered:
    """A mail host: Postfix with a filter behind its queue, then Sendmail with one before it."""
    return Filtered(scenario, request.param)
