"""Fixtures for Cyrus in full: its people, and what they do over IMAP and ManageSieve."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from dialogues.mail import People
from dialogues.managesieve import Sieve
from dialogues.scenario import Scenario


@pytest.fixture(scope="session")
def people(scenario: Scenario) -> People:
    """The people of the site."""
    return People(scenario)


@pytest.fixture(scope="session")
def sieve(scenario: Scenario) -> Sieve:
    """What people say over ManageSieve."""
    return Sieve(scenario)
