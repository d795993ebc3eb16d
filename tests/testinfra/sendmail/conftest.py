"""Fixtures for the site with Sendmail."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dialogues.mail import People
from dialogues.scenario import Scenario


@pytest.fixture(scope="session")
def people(scenario: Scenario) -> People:
    """The people of the site."""
    return People(scenario)


@pytest.fixture
def changed_inventory(tmp_path: Path) -> Callable[..., str]:
    """Return an argument that gives one host other variables, as an edited inventory would."""

    def argument(host: str, **variables: Any) -> str:
        path = tmp_path / "changed.json"
        path.write_text(json.dumps({"all": {"hosts": {host: variables}}}))
        return f"--inventory={path}"

    return argument
