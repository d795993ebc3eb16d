"""The mail path, as people outside see it: in by MX, read over TLS, out by submission."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from dialogues.mail import BOB, People, new_token, replies
from dialogues.scenario import Scenario, wait_for

ALICE = "alice@example.org"


def test_mail_from_outside_finds_alice_by_mx(people: People) -> None:
    people.receives("alice", people.bob_writes(ALICE))


@pytest.mark.parametrize(
    ("address", "receivers"),
    [
        ("alice.liddell@example.org", ["alice"]),
        ("sales@example.org", ["carol", "dave"]),
        ("postmaster@example.org", ["alice"]),
        ("abuse@example.net", ["alice"]),
        ("root@example.org", ["alice"]),
        ("nobody.declared@example.net", ["carol"]),
        ("Alice@EXAMPLE.org", ["alice"]),
    ],
)
def test_an_address_leads_to_its_people(people: People, address: str, receivers: list[str]) -> None:
    token = people.bob_writes(address)
    for receiver in receivers:
        people.receives(receiver, token)
    for other in {"alice", "carol", "dave"} - {*receivers}:
        assert people.count(other, token) == 0, f"{other} got mail to {address}"


def test_the_catch_all_swallows_nobody(people: People) -> None:
    tokens = {name: people.bob_writes(f"{name}@example.net") for name in ("sales", "postmaster")}
    people.receives("dave", tokens["sales"])
    people.receives("alice", tokens["postmaster"])
    assert people.count("carol", tokens["postmaster"]) == 0
    assert people.count("carol", tokens["sales"]) == 1


def test_an_address_that_nobody_declared_is_refused_at_once(people: People) -> None:
    said = people.swaks("--from", BOB, "--to", "nobody.declared@example.org")
    assert said.rc != 0
    assert replies(said, "550"), said.text


@pytest.mark.parametrize("scheme", ["imaps", "pop3s"])
def test_alice_reads_from_outside_and_her_hosts_address_is_logged(
    scenario: Scenario, people: People, scheme: str
) -> None:
    people.receives("alice", people.bob_writes(ALICE))
    path = "INBOX;MAILINDEX=1" if scheme == "imaps" else "1"
    said = people.curl("alice", f"{scheme}://mail.example.org/{path}")
    assert said.rc == 0, said.text
    assert "From: bob@example.com" in said.text
    address = scenario.address("outside")
    logged = f"journalctl --quiet --no-pager --since=-60s | grep 'login: .*{address}.*alice'"
    wait_for(f"{scheme} login of {address} is logged", lambda: scenario.shell("mail", logged), 10)


def test_a_wrong_password_is_refused(people: People, scenario: Scenario) -> None:
    said = scenario.run(
        "outside", "curl", "--silent", "--show-error", "--user", "alice@example.org:wrong",
        "imaps://mail.example.org/INBOX",
    )  # fmt: skip
    assert said.rc != 0


@pytest.mark.parametrize(
    "form", [["--port", "587", "--tls"], ["--port", "465", "--tls-on-connect"]]
)
def test_alice_submits_and_her_mail_reaches_the_stranger(
    people: People, scenario: Scenario, form: list[str]
) -> None:
    token = new_token()
    login = ["--auth", "PLAIN", "--auth-user", ALICE, "--auth-password", scenario.secret("alice")]
    said = people.swaks(*form, *login, "--from", ALICE, "--to", BOB, token=token)
    assert said.rc == 0, said.text
    text = people.bob_receives(token)
    assert f"Return-Path: <{ALICE}>" in text


def test_the_desk_sends_through_the_server(people: People) -> None:
    people.bob_receives(people.sendmail("desk", "root@example.org", BOB))


@pytest.mark.parametrize(
    "recipient",
    [
        "someone@example.edu",
        "someone%example.edu@mail.example.org",
        "@mail.example.org:someone@example.edu",
        '"someone@example.edu"@mail.example.org',
        "example.edu!someone@mail.example.org",
    ],
)
def test_strangers_relay_nothing(people: People, recipient: str) -> None:
    said = people.swaks("--from", BOB, "--to", recipient)
    assert said.rc != 0
    assert replies(said, "5[05]"), said.text


def test_a_login_is_offered_to_nobody_without_tls(people: People) -> None:
    for port in ("25", "587"):
        said = people.swaks("--port", port, "--quit-after", "EHLO")
        assert said.rc == 0, said.text
        assert "AUTH" not in said.text


def test_submission_without_a_login_is_refused(people: People) -> None:
    said = people.swaks("--port", "587", "--tls", "--from", ALICE, "--to", BOB)
    assert said.rc != 0
    assert replies(said, "5"), said.text


def test_ports_that_nobody_declared_do_not_answer(scenario: Scenario) -> None:
    for port in (110, 143, 910, 943, 2003, 4190):
        said = scenario.run("outside", "nc", "-z", "-w", "2", "mail.example.org", str(port))
        assert said.rc != 0, f"port {port} answers"
