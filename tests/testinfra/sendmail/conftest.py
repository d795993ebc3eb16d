"""Fixtures for the site with Sendmail."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from dialogues.mail import People, new_token
from dialogues.scenario import Scenario

# What Sendmail's processes call themselves that stay.
QUEUE = "MTA: Queue runner@{} for /var/spool/mqueue"
CLIENT = "MSP: Queue runner@00:05:00 for /var/spool/mqueue-client"
LISTENER = "MTA: accepting connections"


def processes(scenario: Scenario, host: str) -> list[str]:
    """Return what Sendmail's processes call themselves, those that deliver left out."""
    said = scenario.shell(host, "ps -eo args= | grep '^sendmail: ' || true")
    residents = ("Queue runner@", "accepting", "rejecting")
    names = (line.removeprefix("sendmail: ").strip() for line in said.splitlines())
    return sorted(name for name in names if any(word in name for word in residents))


def sends(scenario: Scenario, user: str, recipient: str) -> str:
    """Send as an ordinary user; return the token."""
    token = new_token()
    script = f"printf 'Subject: {token}\\n\\nWords.\\n' | runuser -u {user} -- sendmail {recipient}"
    scenario.shell("desk", script)
    return token


def has(scenario: Scenario, user: str, token: str) -> int:
    """Return how often a user of the desk has a message."""
    said = scenario.shell("desk", f"grep -c 'Subject: {token}' /var/mail/{user} || true")
    return int(re.findall(r"\d+$", said.strip() or "0")[0])


def to_anybody(answer: str) -> str:
    """Return an answer without what the DNS knows of the client, which is another on each machine.

    Sendmail denies relaying for a reason behind the words, or calls the client by its name.
    """
    answer = re.sub(r"(Relaying denied)\. (IP name lookup failed|Proper auth).*$", r"\1", answer)
    return re.sub(r"(attack )\S.*$", r"\1CLIENT", answer)


@pytest.fixture(scope="session")
def users(scenario: Scenario) -> None:
    """Two people of the desk, who are nobody special."""
    for name in ("ann", "ben"):
        scenario.shell("desk", f"id {name} >/dev/null 2>&1 || useradd -m -s /bin/sh {name}")


@pytest.fixture(scope="session")
def people(scenario: Scenario) -> People:
    """The people of the site."""
    return People(scenario)
