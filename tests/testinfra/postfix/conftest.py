"""Fixtures for Postfix in full: its people, and where each message of a long table ends."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import smtplib
import ssl
from collections import Counter
from collections.abc import Callable

import pytest
from dialogues.mail import People, new_token
from dialogues.scenario import Scenario, wait_for

HOSTS = ("outside", "edge", "mail", "desk")
ACCOUNTS = ("alice", "carol", "dave", "keeper")
# Mailboxes of UNIX users, by the host and the files that hold them.
FILES = {
    "outside": "/home/bob/Maildir/new /home/bob/Maildir/cur",
    "edge": "~lisa/Maildir/new ~lisa/Maildir/cur",
    "desk": "/var/mail/lisa",
}
_TOKEN = re.compile(r"^Subject: (token[0-9a-f]{16})\b", re.MULTILINE)
Submit = Callable[..., str]


@pytest.fixture(scope="session")
def people(scenario: Scenario) -> People:
    """The people of the site."""
    return People(scenario)


@pytest.fixture(scope="session")
def submit(scenario: Scenario) -> Submit:
    """Return what sends a message by a login on port 587, and returns its token."""

    def send(login: str, sender: str, *recipients: str) -> str:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        token = new_token()
        text = f"From: {sender}\nTo: somebody\nSubject: {token}\n\nWords.\n"
        with smtplib.SMTP(scenario.address("mail"), 587, "me.example.com", timeout=30) as smtp:
            smtp.starttls(context=context)
            smtp.login(f"{login}@example.org", scenario.secret(login))
            smtp.sendmail(sender, recipients, text)
        return token

    return send


@pytest.fixture(scope="session")
def settle(scenario: Scenario) -> Callable[[], None]:
    """Return what waits until no host has mail in its queue."""

    def wait() -> None:
        for _round in range(2):  # what left one queue may be in another
            for host in HOSTS:
                empty = "postqueue -p | grep -q 'queue is empty'"
                wait_for(
                    f"{host} has sent everything",
                    lambda host=host, empty=empty: scenario.run(host, "sh", "-c", empty).rc == 0,
                    90,
                )

    return wait


@pytest.fixture(scope="session")
def arrived(scenario: Scenario, people: People) -> Callable[[], dict[str, Counter[str]]]:
    """Return what counts the messages in every mailbox: token -> mailbox -> how many."""

    def count() -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = {}
        for mailbox, text in [*_stored(people), *_files(scenario)]:
            for token in _TOKEN.findall(text):
                found.setdefault(token, Counter())[mailbox] += 1
        return found

    return count


def _stored(people: People) -> list[tuple[str, str]]:
    texts = []
    for account in ACCOUNTS:
        with people.mailbox(account) as imap:
            _, data = imap.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        headers = (part[1].decode() for part in data if isinstance(part, tuple))
        texts.append((account, "\n".join(headers).replace("\r", "")))
    return texts


def _files(scenario: Scenario) -> list[tuple[str, str]]:
    """Return the messages in files; bob's are told apart by the address they were sent to."""
    texts = []
    for host, files in FILES.items():
        find = f"find {files} -type f 2>/dev/null -exec awk 'FNR==1{{print \"\\n@@@\"}} 1' {{}} +"
        said = scenario.run(host, "sh", "-c", find).text
        for message in said.split("@@@"):
            to = re.search(r"^X-Original-To: (\S+)$", message, re.MULTILINE)
            name = f"lisa@{host}" if host != "outside" else to[1] if to else "nobody"
            texts.append((name, message))
    return texts
