"""A server with mailboxes changes its agent: nothing is lost, no copy is made twice."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import smtplib
import ssl
from collections import Counter
from collections.abc import Callable

import pytest
from dialogues.extent import IS_LONG
from dialogues.mail import BOB, People, new_token
from dialogues.scenario import Scenario, wait_for

from .conftest import Host, only

ACCOUNTS = ("alice", "carol", "dave", "keeper")
# Who gets a message to these addresses, and how many of it.
ENDS = {
    "alice": "alice",
    "info": "alice",
    "carol": "carol keeper",
    "carol+detail": "carol keeper",
    "sales": "carol dave keeper",
    "mixed": "bob carol keeper",
    "alice sales": "alice carol dave keeper",
    "keeper": "keeper",
}


@pytest.fixture(scope="session")
def people(scenario: Scenario) -> People:
    """The people of the site."""
    return People(scenario)


def everywhere(people: People, server: Host, token: str) -> Counter[str]:
    """Return how many copies of a message each mailbox has."""
    found = {name: people.count(name, token) for name in ACCOUNTS}
    return Counter({**found, "bob": server.arrived()[token]})


def sent(server: Host) -> dict[str, str]:
    """Send a message to each; return who shall get it, by its token."""
    tokens = {}
    for names, ends in ENDS.items():
        recipients = [f"{name}@example.org" for name in names.split()]
        tokens[server.sends(*recipients, sender=BOB)] = ends
    return tokens


def submits(people: People, server: Host, port: int) -> str:
    """Send as alice, who logs in; return the token in the subject."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    address, token = people.scenario.address("mail"), new_token()
    smtp = (
        smtplib.SMTP_SSL(address, port, "me.example.com", timeout=30, context=context)
        if port == 465
        else smtplib.SMTP(address, port, "me.example.com", timeout=30)
    )
    with smtp:
        if port != 465:
            smtp.starttls(context=context)
        smtp.login("alice@example.org", people.scenario.secret("alice"))
        text = f"From: alice@example.org\nTo: dave\nSubject: {token}\n\nWords.\n"
        smtp.sendmail("alice@example.org", ["dave@example.org"], text)
    return token


if IS_LONG:

    def test_each_has_each_message_once_and_every_door_is_open_after_a_change(
        server: Host, people: People, busy_outside: Callable[[], None]
    ) -> None:
        tokens: dict[str, str] = {}
        for agent in ("sendmail", "postfix"):
            server.shell("systemctl stop cyrus-imapd")
            tokens |= sent(server)
            said = server.becomes(agent)
            assert said.rc == 0, said.text
            only(server, agent)
            for token in (submits(people, server, 587), submits(people, server, 465)):
                people.receives("dave", token)
            people.receives("dave", people.bob_writes("dave@example.org"))
        assert server.becomes("postfix").changed["mail"] == 0
        busy_outside()
        assert server.queue("queue_action=flush").rc == 0
        wait_for("the queue is empty", lambda: not server.waiting(), 60)
        found = {token: everywhere(people, server, token) for token in tokens}
        wrong = {
            tokens[token]: dict(+counts)
            for token, counts in found.items()
            if +counts != Counter(tokens[token].split())
        }
        assert not wrong
