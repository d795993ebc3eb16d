"""Fixtures for the host that only sends, and for what is outside of it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from dialogues.desk import Desk
from dialogues.scenario import ROOT, Scenario


@pytest.fixture(scope="session")
def desk(scenario: Scenario) -> Desk:
    """The desk."""
    return Desk(scenario)


@pytest.fixture(scope="session")
def password(scenario: Scenario) -> str:
    """The password at the smarthost, with all of its marks."""
    path = ROOT / "molecule" / scenario.name / "group_vars" / "mail_hosts.yml"
    text: str = yaml.safe_load(path.read_text(encoding="utf-8"))["fleet_password"]
    return re.sub(r"\{\{.*\}\}", lambda _found: scenario.secret("fleet"), text)


@pytest.fixture
def changed_inventory(tmp_path: Path) -> Callable[..., str]:
    """Return an argument that gives the desk other variables, as an edited inventory would."""

    def argument(**variables: Any) -> str:
        path = tmp_path / "changed.json"
        path.write_text(json.dumps({"all": {"hosts": {"desk": variables}}}))
        return f"--inventory={path}"

    return argument


@pytest.fixture
def outside_is_down(scenario: Scenario) -> Iterator[None]:
    """No smarthost answers while a test lasts, or until it starts them itself."""
    scenario.shell("outside", "systemctl stop postfix")
    yield
    scenario.shell("outside", "systemctl start postfix")


@pytest.fixture
def connections(scenario: Scenario) -> Iterator[Callable[[int, str], None]]:
    """Return what makes connections to a port be rejected or dropped while a test lasts."""

    def behave(port: int, verdict: str) -> None:
        hook = "type filter hook output priority 0;"
        chain = f"chain output {{ {hook} tcp dport {port} {verdict}; }};"
        scenario.shell("desk", f"nft 'table inet smarthosts {{ {chain} }};'")

    yield behave
    scenario.shell("desk", "nft delete table inet smarthosts")
