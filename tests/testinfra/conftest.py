"""Fixtures for the scenarios' tests: the running scenario, and testinfra's view of its hosts."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from typing import Any

import pytest
import testinfra
from dialogues.scenario import Scenario


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    """The scenario that Molecule, or whoever starts the tests by hand, names."""
    name = os.environ["MOLECULE_SCENARIO_NAME"]
    return Scenario(name, os.environ.get("POSTERN_RELEASE", "trixie"))


@pytest.fixture(scope="session")
def mail(scenario: Scenario) -> Any:
    """The mail server, as testinfra sees it."""
    return testinfra.get_host(f"podman://{scenario.prefix}-mail")
