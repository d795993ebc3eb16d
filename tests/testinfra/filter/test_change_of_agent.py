"""A host changes its agent while mail waits for the filter: it is searched, and copied once."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import smtplib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dialogues import corpus
from dialogues.filtering import ALICE, CAROL, KEEPER, WAIT_SECONDS, Filtered, header_of, plain
from dialogues.mail import BOB, new_token
from dialogues.messages import labelled, on_the_wire
from dialogues.scenario import Scenario, changed, wait_for

BOTH = "both@example.org"
PASSWORD = "{{ password }}"
WITH_COPIES: dict[str, Any] = {
    "mail_backup": "keeper",
    "mail_accounts": [
        {"name": "alice", "password": PASSWORD, "aliases": ["alice.liddell"]},
        {"name": "carol", "password": PASSWORD, "backup": True},
        {"name": "erin", "domain": "example.net", "password": PASSWORD},
        {"name": "keeper", "password": PASSWORD},
    ],
    "mail_aliases": {
        **dict.fromkeys(("root", "postmaster", "abuse", "virusalert"), "keeper"),
        "both": ["alice", "carol"],
    },
}
# Who gets one message to these, and how many of it: an alias is resolved once, a copy made once.
ENDS = {
    (BOTH,): Counter({ALICE: 1, CAROL: 1, KEEPER: 1}),
    (CAROL,): Counter({CAROL: 1, KEEPER: 1}),
    ("alice.liddell@example.org", BOTH, CAROL): Counter({ALICE: 1, CAROL: 1, KEEPER: 1}),
}


@pytest.fixture(scope="module")
def host(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filtered]:
    """The host that starts with Postfix, with copies of carol's mail."""
    becomes(scenario, "postfix", tmp_path_factory.mktemp("copies"))
    yield Filtered(scenario, "mail")
    back = scenario.playbook("--limit=mail")
    assert back.rc == 0, back.text


def becomes(scenario: Scenario, agent: str, folder: Path) -> None:
    """Change the agent by one line, as a user does."""
    other = changed(folder, "mail", mail_transfer_agent=agent, **WITH_COPIES)
    said = scenario.playbook(other, "--limit=mail")
    assert said.rc == 0, said.text


def has(host: Filtered, token: str) -> Counter[str]:
    """Return how often each has what bears a token."""
    return +Counter({who: len(host.of(who, token)) for who in (ALICE, CAROL, KEEPER)})


def each_has_it_once(host: Filtered, tokens: dict[str, Counter[str]]) -> None:
    """Wait until all is there, and see that nothing more comes."""
    for token, wanted in tokens.items():
        what = f"{token} has come to {list(wanted)}"
        wait_for(
            what, lambda token=token, wanted=wanted: not wanted - has(host, token), WAIT_SECONDS
        )
    wait_for("nothing waits", lambda: nothing_waits(host), WAIT_SECONDS)
    assert {token: has(host, token) for token in tokens} == tokens


def nothing_waits(host: Filtered) -> bool:
    """Say whether the queue is empty, whatever the agent."""
    queues = "/var/spool/mqueue /var/spool/mqueue-client /var/spool/postfix/[adim]*"
    find = f"find {queues} -type f -not -path '*/defer/*' 2>/dev/null | grep ."
    return host.scenario.run(host.host, "sh", "-c", find).rc == 1


def never_told(host: Filtered, message: bytes, recipient: str) -> str:
    """Let a stranger send what he does not want to hear of, as if it were a copy."""
    token = new_token()
    with smtplib.SMTP(host.address, 25, "outside.example.com", timeout=120) as smtp:
        smtp.ehlo()
        smtp.mail(BOB)
        assert smtp.docmd(f"RCPT TO:<{recipient}> NOTIFY=NEVER")[0] == 250
        assert smtp.data(on_the_wire(labelled(message, token)))[0] == 250
    return token


def test_what_waits_for_postfixs_filter_is_searched_by_sendmails(
    host: Filtered, tmp_path: Path
) -> None:
    host.scenario.shell("mail", "systemctl stop amavis")
    tokens = {host.takes(plain("Waits."), *names): ends for names, ends in ENDS.items()}
    quiet = never_told(host, plain("Quiet."), ALICE)
    virus = host.takes(corpus.VIRUSES["zipped"](), ALICE)
    hidden = never_told(host, corpus.VIRUSES["zipped"](), ALICE)
    for token in (*tokens, quiet, virus, hidden):
        wait_for(f"{token} waits", lambda token=token: host.kept(token))
    becomes(host.scenario, "sendmail", tmp_path)
    each_has_it_once(host, {**tokens, quiet: Counter({ALICE: 1})})
    for token in (virus, hidden):
        host.stops(token)
        assert not has(host, token)
    (message,) = host.of(ALICE, quiet)
    assert header_of(message, "Return-Path") == [f"<{BOB}>"]


def test_what_sendmail_has_searched_is_copied_once_by_postfix(
    host: Filtered, tmp_path: Path
) -> None:
    host.scenario.shell("mail", "systemctl stop cyrus-imapd")
    tokens = {host.takes(plain("Waits."), *names): ends for names, ends in ENDS.items()}
    becomes(host.scenario, "postfix", tmp_path)
    each_has_it_once(host, tokens)
    for token in tokens:
        (message,) = host.of(CAROL, token)
        assert len(header_of(message, "X-Virus-Scanned")) == 1
