"""The two servers with Courier."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from dialogues.courier import Server
from dialogues.scenario import Scenario


@pytest.fixture(params=["mail", "second"], scope="session")
def server(request: pytest.FixtureRequest, scenario: Scenario) -> Server:
    """Each of the two."""
    return Server(scenario, request.param)


@pytest.fixture(scope="session")
def first(scenario: Scenario) -> Server:
    """The one with Postfix, where what the agent has no part in is tried once."""
    return Server(scenario, "mail")
