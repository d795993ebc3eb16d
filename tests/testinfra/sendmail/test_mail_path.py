"""Every way that mail takes through Sendmail, counted where it arrives."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
import yaml
from dialogues.mail import BOB, People, new_token, replies
from dialogues.scenario import ROOT, Scenario, wait_for

ALICE = "alice@example.org"
EVERYBODY = {"alice", "carol", "dave", "erin", "keeper"}
DOMAINS = {"erin": "example.net"}


def counts(people: People, token: str) -> dict[str, int]:
    """Return who has a message, and how often; nobody who has none."""
    found = {who: people.count(who, token, DOMAINS.get(who, "example.org")) for who in EVERYBODY}
    return {who: count for who, count in found.items() if count}


def ends_with(people: People, token: str, *receivers: str) -> None:
    """Wait until each of these has the message, and nobody has it twice or else."""
    for who in receivers:
        people.receives(who, token, DOMAINS.get(who, "example.org"))
    assert counts(people, token) == dict.fromkeys(receivers, 1)


def queue_is_empty(scenario: Scenario, host: str) -> bool:
    """Say whether nothing waits on a host."""
    waiting = "find /var/spool/mqueue /var/spool/mqueue-client -type f -name 'qf*' | wc -l"
    return scenario.shell(host, waiting).strip() == "0"


@pytest.mark.parametrize(
    ("address", "receivers"),
    [
        ("alice@example.org", ["alice"]),
        ("ALICE@EXAMPLE.org", ["alice"]),
        ("alice+news@example.org", ["alice"]),
        ("info@example.org", ["alice"]),
        ("info+x@example.org", ["alice"]),
        ("sales@example.org", ["carol", "dave", "keeper"]),  # carol's copy is kept
        ("sales@example.net", ["carol", "dave", "keeper"]),
        ("team@example.net", ["alice", "dave"]),
        ("carol@example.org", ["carol", "keeper"]),
        ("erin@example.net", ["erin"]),
        ("postmaster@example.net", ["alice"]),
        ("root@mail.example.org", ["alice"]),
        ("nobody.declared@example.net", ["carol", "keeper"]),
    ],
)
def test_an_address_leads_to_its_people(people: People, address: str, receivers: list[str]) -> None:
    ends_with(people, people.bob_writes(address), *receivers)


def test_one_message_to_many_names_of_one_person_arrives_once(people: People) -> None:
    token = people.bob_writes(ALICE, "info@example.org", "postmaster@example.org")
    ends_with(people, token, "alice")


def test_an_alias_leads_out_of_the_site(people: People) -> None:
    token = new_token()
    said = people.swaks("--from", "someone@example.com", "--to", "away@example.org", token=token)
    assert said.rc == 0, said.text
    people.bob_receives(token)


def test_the_branch_gets_mail_for_those_it_has(people: People) -> None:
    token = new_token()
    said = people.swaks("--from", BOB, "--to", "info@branch.example", token=token)
    assert said.rc == 0, said.text
    people.bob_receives(token)


def test_mail_for_one_that_is_discarded_reaches_the_others(people: People) -> None:
    token = new_token()
    said = people.swaks("--from", BOB, "--to", f"void@example.org,{ALICE}", token=token)
    assert said.rc == 0, said.text
    ends_with(people, token, "alice")


def test_a_discarded_sender_hears_nothing_and_nobody_hears_of_him(
    people: People, scenario: Scenario
) -> None:
    token = new_token()
    said = people.swaks("--from", "quiet@example.com", "--to", ALICE, token=token)
    assert said.rc == 0, said.text
    wait_for("the queue is empty", lambda: queue_is_empty(scenario, "mail"))
    assert counts(people, token) == {}


@pytest.mark.parametrize(
    "form", [["--port", "587", "--tls"], ["--port", "465", "--tls-on-connect"]]
)
def test_alice_submits_and_her_mail_reaches_the_stranger(
    people: People, scenario: Scenario, form: list[str]
) -> None:
    token = new_token()
    login = ["--auth", "PLAIN", "--auth-user", ALICE]
    login += ["--auth-password", scenario.secret("alice")]
    said = people.swaks(*form, *login, "--from", "info@example.org", "--to", BOB, token=token)
    assert said.rc == 0, said.text
    text = people.bob_receives(token)
    assert "From: info@example.org" in text
    assert "Sendmail" not in text.split("Subject:")[0].replace("(Postfix)", "")


@pytest.mark.parametrize(
    ("login", "sender", "allowed"),
    [
        ("alice", "alice@example.org", True),
        ("alice", "alice+news@example.org", True),
        ("alice", "Alice.Liddell@example.org", True),
        ("alice", "carol@example.org", False),
        ("alice", "sales@example.org", False),
        ("alice", "anyone@example.com", False),
        ("carol", "sales@example.org", True),
        ("carol", "whoever@example.net", True),  # she reads what the catch-all takes
        ("carol", "erin@example.net", False),
    ],
)
def test_nobody_sends_under_a_colleagues_name(
    people: People, scenario: Scenario, login: str, sender: str, allowed: bool
) -> None:
    words = ["--port", "587", "--tls", "--auth", "PLAIN"]
    words += ["--auth-user", f"{login}@example.org", "--auth-password", scenario.secret(login)]
    said = people.swaks(*words, "--from", sender, "--to", BOB, "--quit-after", "RCPT")
    refusal = "553 5.7.1 <bob@example.com>... Sender address rejected: not owned by user"
    assert bool(replies(said, "553")) is not allowed, said.text
    assert (refusal in said.text) is not allowed


def test_a_wrong_password_is_refused(people: People) -> None:
    words = ["--port", "587", "--tls", "--auth", "PLAIN", "--auth-user", ALICE]
    said = people.swaks(*words, "--auth-password", "wrong", "--from", ALICE, "--to", BOB)
    assert replies(said, "535 5.7.0 authentication failed"), said.text


@pytest.mark.parametrize("host", ["mail", "desk"])
def test_no_program_of_the_packages_is_set_uid_root(scenario: Scenario, host: str) -> None:
    role = yaml.safe_load((ROOT / "roles/sendmail/vars/main.yml").read_text(encoding="utf-8"))
    find = "find / -xdev -type f -perm -4000 -user root -exec dpkg -S {} + 2>/dev/null || true"
    owners = {line.partition(":")[0] for line in scenario.shell(host, find).splitlines()}
    assert "login" in owners or "util-linux" in owners  # su, and thus that it finds any
    assert owners.isdisjoint(role["sendmail_packages"])
