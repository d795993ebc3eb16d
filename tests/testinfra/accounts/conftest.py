"""A site whose people change: the inventory with other accounts, and who can log in then."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from dialogues import logins
from dialogues.mail import SERVER, People
from dialogues.scenario import ROOT, Said, Scenario

SITE = ROOT / "molecule" / "accounts" / "group_vars" / "mail_hosts" / "site.yml"
PASSWORD = "{{ password }}"


@dataclass(frozen=True)
class Run:
    """What a run of the playbook said, and how long it took."""

    said: Said
    seconds: float

    @property
    def tasks(self) -> int:
        """How many tasks ran for the server."""
        found = re.search(r"^mail\s+: ok=(\d+)", self.said.text, re.MULTILINE)
        assert found, self.said.text
        return int(found[1])


@dataclass
class Site:
    """The people as the inventory has them, and what the playbook makes of it."""

    scenario: Scenario
    folder: Path
    accounts: list[dict[str, Any]]

    def run(self, *extra: str) -> Run:
        """Run the playbook accounts for the people as they are now."""
        changed = self.folder / "changed.json"
        changed.write_text(
            json.dumps({"all": {"hosts": {"mail": {"mail_accounts": self.accounts}}}})
        )
        words = [word for argument in extra for word in ("-e", argument)]
        started = time.monotonic()
        said = self.scenario.playbook(
            f"--inventory={changed}", "--diff", *words, name="playbooks/accounts.yml"
        )
        assert said.rc == 0, said.text
        return Run(said, time.monotonic() - started)

    def change(self, who: str, **values: Any) -> None:
        """Change an account; with None a value leaves it."""
        account = next(one for one in self.accounts if one["name"] == who)
        account.update(values)
        for key in [key for key, value in account.items() if value is None]:
            del account[key]

    def let_in(self, login: str, password: str = "") -> set[bool]:
        """Try every protocol from outside; return what they answer, all of them the same or not."""
        order = {
            "server": SERVER,
            "login": login,
            "password": password or self.scenario.secret("alice"),
        }
        client = Path(logins.__file__).read_text(encoding="utf-8")
        said = self.scenario.run("outside", "python3", "-c", client, stdin=json.dumps(order))
        assert said.rc == 0, said.text
        return set(json.loads(said.text).values())

    def has(self, login: str, token: str) -> bool:
        """Say whether a person's inbox has the message with that token."""
        people = People(self.scenario)
        with people.inbox(login, self.scenario.secret("alice")) as imap:
            _, found = imap.search(None, "SUBJECT", f'"{token}"')
        return len(found[0].split()) == 1


@pytest.fixture
def people(scenario: Scenario) -> People:
    """The people who read and write mail."""
    return People(scenario)


@pytest.fixture
def site(scenario: Scenario, tmp_path: Path) -> Site:
    """The people as the scenario's inventory has them.

    Nobody brings the host back to them: each test is about somebody of its own.
    """
    loaded = yaml.safe_load(SITE.read_text(encoding="utf-8"))
    return Site(scenario, tmp_path, loaded["mail_accounts"])
