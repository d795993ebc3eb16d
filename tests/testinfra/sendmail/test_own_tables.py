"""Tables and lists of the user's own: rewritten domains and senders, ways out, trusted users."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from dialogues.mail import BOB, People, new_token
from dialogues.scenario import Scenario

ANNEX = "any@annex.example"


@pytest.fixture(scope="module")
def users(scenario: Scenario) -> Iterator[None]:
    """People of the desk: one with a name of his own outside, one who may call himself anything."""
    for name in ("gil", "tom", "uma"):
        scenario.shell("desk", f"id {name} >/dev/null 2>&1 || useradd -m -s /bin/sh {name}")
    yield


def sends(scenario: Scenario, user: str, *words: str) -> str:
    """Send as an ordinary user; return the token."""
    token = new_token()
    line = " ".join(words)
    script = f"printf 'Subject: {token}\\n\\nWords.\\n' | runuser -u {user} -- sendmail {line}"
    scenario.shell("desk", script)
    return token


@pytest.mark.parametrize(
    ("address", "receivers"),
    [
        ("alice@old.example", ["alice"]),  # domaintable
        ("team-a@example.org", ["alice", "carol"]),  # a file of aliases
        ("team-a@example.net", ["alice", "carol"]),
        ("press@example.org", ["alice"]),
        ("moved@example.org", ["erin"]),  # the site says dave
    ],
)
def test_an_address_of_the_users_own_leads_to_its_people(
    people: People, address: str, receivers: list[str]
) -> None:
    token = new_token()
    said = people.swaks("--from", BOB, "--to", address, token=token)
    assert said.rc == 0, said.text
    for who in receivers:
        people.receives(who, token, "example.net" if who == "erin" else "example.org")
    assert people.count("dave", token) == 0


def test_a_sender_in_an_old_domain_leaves_with_the_new_one(people: People) -> None:
    text = people.bob_receives(people.sendmail("mail", "alice@old.example", BOB))
    assert "Return-Path: <alice@example.org>" in text
    assert re.search(r"^From: alice@example\.org", text, re.MULTILINE), text


def test_an_alias_of_a_file_leads_out_of_the_site(people: People) -> None:
    token = new_token()
    said = people.swaks("--from", "one@example.com", "--to", "far@example.org", token=token)
    assert said.rc == 0, said.text
    people.bob_receives(token)


def test_mail_takes_a_way_that_no_dns_knows(people: People) -> None:
    token = new_token()
    said = people.swaks("--from", BOB, "--to", ANNEX, token=token)
    assert said.rc == 0, said.text
    people.bob_receives(token)


@pytest.mark.usefixtures("users")
def test_a_user_leaves_under_the_name_that_a_table_gives_him(
    people: People, scenario: Scenario
) -> None:
    text = people.bob_receives(sends(scenario, "gil", BOB))
    assert "Return-Path: <gil.smith@example.org>" in text
    assert re.search(r"^From: .*gil\.smith@example\.org", text, re.MULTILINE), text


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize(("user", "warned"), [("tom", False), ("uma", True)])
def test_only_trusted_users_go_by_another_name_without_a_warning(
    people: People, scenario: Scenario, user: str, warned: bool
) -> None:
    text = people.bob_receives(sends(scenario, user, "-f", "other@example.org", BOB))
    assert "Return-Path: <other@example.org>" in text
    warning = f"{user} set sender to other@example.org using -f"
    assert (warning in text) is warned, text
