"""Fixtures for the small servers whose people are UNIX users."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from dialogues.pop import AUTHORITY, HOSTS, Post
from dialogues.scenario import Scenario


@pytest.fixture(scope="session", autouse=True)
def trusted_outside(scenario: Scenario) -> None:
    """Bring the site's authority to the mail programs outside."""
    text = (scenario.state / "ca" / "ca.crt").read_text(encoding="ascii")
    scenario.run("outside", "sh", "-c", f"cat > {AUTHORITY}; chmod 0644 {AUTHORITY}", stdin=text)


@pytest.fixture(params=HOSTS)
def post(request: pytest.FixtureRequest, scenario: Scenario) -> Post:
    """Each of the two servers."""
    return Post(scenario, request.param)
