"""A site that changes: mended, refused, or widened by one line, and the diff says just that."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from dialogues.extent import IS_LONG
from dialogues.mail import BOB, People, replies
from dialogues.scenario import ROOT, Said, Scenario, wait_for

MAIN_CF = "/etc/postfix/main.cf"
SITE = ROOT / "inventories" / "lab" / "group_vars" / "mail_hosts" / "site.yml"
Inventory = Callable[..., str]


def site() -> dict[str, Any]:
    """Return the lab's site as its file has it, expressions unevaluated."""
    loaded: dict[str, Any] = yaml.safe_load(SITE.read_text(encoding="utf-8"))
    return loaded


def converge(scenario: Scenario, *arguments: str) -> Said:
    return scenario.playbook("--limit", "mail", "--diff", *arguments, name="site.yml")


@pytest.fixture
def back(scenario: Scenario) -> Iterator[None]:
    """Bring the host back to the lab's own inventory, whatever the test did."""
    yield
    said = converge(scenario)
    assert said.rc == 0, said.text


def test_a_file_broken_by_hand_is_shown_and_mended(scenario: Scenario, people: People) -> None:
    before = scenario.shell("mail", f"cat {MAIN_CF}")
    scenario.shell("mail", f"sed -i 's/^smtpd_banner.*/smtpd_banner = by hand/' {MAIN_CF}")
    said = converge(scenario)
    assert said.rc == 0, said.text
    assert "-smtpd_banner = by hand" in [line.replace("  ", "") for line in said.diff]
    assert scenario.shell("mail", f"cat {MAIN_CF}") == before
    people.receives("alice", people.bob_writes("alice@example.org"))


def test_a_value_that_postfix_refuses_changes_nothing(
    scenario: Scenario, people: People, changed_inventory: Inventory
) -> None:
    before = scenario.shell("mail", "cat /etc/postfix/main.cf /etc/postfix/master.cf")
    wrong = changed_inventory(postfix_extra_parameters={"message_size_limit": "ten"})
    said = converge(scenario, wrong)
    assert said.rc != 0
    assert "bad numerical configuration: message_size_limit = ten" in said.text
    assert scenario.shell("mail", "cat /etc/postfix/main.cf /etc/postfix/master.cf") == before
    people.receives("alice", people.bob_writes("alice@example.org"))


def test_one_network_more_is_one_line_in_the_diff(
    scenario: Scenario, changed_inventory: Inventory, back: None
) -> None:
    networks = [*site()["mail_trusted_networks"], "10.99.0.0/24"]
    said = sketched_then_done(scenario, changed_inventory(mail_trusted_networks=networks))
    assert [line.split("=")[0].strip("+- ") for line in said.diff] == ["mynetworks"] * 2
    assert "10.99.0.0/24" in said.diff[1]


def test_an_account_comes_and_goes_alone(
    scenario: Scenario, people: People, changed_inventory: Inventory, back: None
) -> None:
    password = (
        "{{ lookup('ansible.builtin.password', lab_state ~ '/secrets/erin', chars=['digits']) }}"
    )
    accounts = [*site()["mail_accounts"], {"name": "erin", "password": password}]
    came = sketched_then_done(scenario, changed_inventory(mail_accounts=accounts))
    assert_only(came, "erin")
    people.receives("erin", people.bob_writes("erin@example.org"))

    went = sketched_then_done(scenario)
    assert_only(went, "erin")
    said = people.swaks("--from", BOB, "--to", "erin@example.org")
    assert replies(said, "550"), said.text
    said = people.curl("erin", "imaps://mail.example.org/INBOX")
    assert said.rc != 0, said.text


if IS_LONG:

    def test_another_primary_domain_takes_one_run_there_and_one_back(
        scenario: Scenario, people: People, changed_inventory: Inventory, back: None
    ) -> None:
        token = people.bob_writes("alice@example.org")
        people.receives("alice", token)
        there = changed_inventory(mail_domain="example.net", mail_hostname="mail.example.org")
        said = sketched_then_done(scenario, there)
        strays = [line for line in said.diff if not {"example.net", "example.org"} & words(line)]
        assert not [line for line in strays if "@" in line], strays
        people.receives("alice", people.bob_writes("alice@example.net"), domain="example.net")
        assert converge(scenario, there).changed == {"mail": 0}

        assert sketched_then_done(scenario).rc == 0
        wait_for("alice's mail is where it was", lambda: people.count("alice", token) == 1, 30)


def sketched_then_done(scenario: Scenario, *arguments: str) -> Said:
    """Check first, then converge: both show the same."""
    sketch = converge(scenario, "--check", *arguments)
    assert sketch.rc == 0, sketch.text
    done = converge(scenario, *arguments)
    assert done.rc == 0, done.text
    assert sketch.diff == done.diff
    return done


def assert_only(said: Said, name: str) -> None:
    """Every line that came or went speaks of one person."""
    assert said.diff
    assert [line for line in said.diff if name not in line] == []


def words(line: str) -> set[str]:
    """Return the domains that a line of a diff names."""
    return {domain for domain in ("example.net", "example.org") if domain in line}
