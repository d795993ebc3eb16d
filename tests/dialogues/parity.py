"""Sending the cases of parity_cases to a server, and finding what became of each of them."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from dialogues.mail import new_token
from dialogues.parity_cases import CASES, Case
from dialogues.scenario import Scenario, wait_for

ACCOUNTS = ("alice", "carol", "dave", "erin@example.net", "keeper", "office")
CLIENTS = {"stranger": 200, "trusted": 210, "refused": 211, "relaying": 212}
CLIENT = Path(__file__).with_name("parity_client.py")
SETTLE_SECONDS = 120
# Prints how many messages wait, whichever of the agents is there.
QUEUES = """
waiting() { find "$@" -type f ! -name '.*' 2>/dev/null | wc -l; }
postfix=/var/spool/postfix
waiting $postfix/incoming $postfix/active $postfix/deferred $postfix/maildrop
waiting /var/spool/mqueue /var/spool/mqueue-client
"""
# Prints every message of the accounts, each after a line with the account and a record separator.
STORE = """
for account in %s; do
    case $account in *@*) name=$account ;; *) name=$account@example.org ;; esac
    folder=$(setpriv --reuid=cyrus --regid=mail --clear-groups cyrus mbpath "user/$name")
    for file in "$folder"/[0-9]*.; do
        [ -e "$file" ] && printf '\\036%%s\\n' "$account" && cat "$file"
    done
done
true
"""
OUTSIDE = """
for file in /home/bob/Maildir/new/*; do
    [ -e "$file" ] && printf '\\036outside\\n' && cat "$file"
done
true
"""


@dataclass(frozen=True)
class Copy:
    """One message where it landed: the place, and the headers that somebody there sees."""

    place: str
    headers: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What became of a case: first figures of the answers, what was said, and every copy."""

    answer: str
    said: tuple[str, ...]
    copies: tuple[Copy, ...]

    @property
    def lands(self) -> list[str]:
        """The places, each as often as it got a copy."""
        return sorted(copy.place for copy in self.copies)

    def masked(self) -> tuple[str, tuple[Copy, ...]]:
        """Return what has to be the same whichever agent it was."""
        return self.answer, self.copies


def results(scenario: Scenario, agent: str) -> dict[str, Result]:
    """Send all cases to the host of that agent's name; return what became of them."""
    run = new_token()
    spelled = [_spelled(case, run, scenario, agent) for case in CASES]
    answers = _talk(scenario, agent, [one for one in spelled if not one["user"]])
    answers |= {one["what"]: _call(scenario, agent, one) for one in spelled if one["user"]}
    _settle(scenario, agent)
    copies = _copies(scenario, agent, run)
    return {
        case.what: Result(
            "".join(str(code)[0] for _name, code, _text in answers[case.what]),
            tuple(f"{name}: {code} {text}" for name, code, text in answers[case.what]),
            tuple(sorted(copies.get(str(number), []), key=repr)),
        )
        for number, case in enumerate(CASES)
    }


def _talk(scenario: Scenario, agent: str, cases: list[dict[str, Any]]) -> dict[str, Any]:
    """Let the host outside talk SMTP; return its answers by the case."""
    order = {"server": scenario.address(agent), "hello": "outside.example.com", "cases": cases}
    code = CLIENT.read_text(encoding="utf-8")
    said = scenario.run("outside", "python3", "-c", code, stdin=json.dumps(order))
    assert said.rc == 0, said.text
    answers: dict[str, Any] = json.loads(said.text)
    return answers


def _call(scenario: Scenario, agent: str, case: dict[str, Any]) -> list[tuple[str, int, str]]:
    """Let a program of the server call sendmail; an end with 0 counts as a positive answer."""
    sender = ["-f", case["sender"]] if case["sender"] else []
    program = ["/usr/sbin/sendmail", "-oi", *sender, "--", *case["to"]]
    user = ["setpriv", f"--reuid={case['user']}", "--clear-groups"]
    surroundings = ["env", "-i", "PATH=/usr/bin:/bin", f"LOGNAME={case['user']}"]
    text = case["text"].replace("\r\n", "\n")
    said = scenario.run(agent, *user, *surroundings, *program, stdin=text)
    return [(name, 500 if said.rc else 250, said.text) for name in case["to"]]


def _spelled(case: Case, run: str, scenario: Scenario, agent: str) -> dict[str, Any]:
    """Return a case as the client takes it, with the host's names in it and a text."""
    address = scenario.address(agent)
    names = {"{host}": f"{agent}.example.org", "{address}": f"[{address}]"}
    recipients = case.to
    for mark, name in names.items():
        recipients = recipients.replace(mark, name)
    says = case.says or (f"From: {case.sender or 'nobody@example.com'}", "To: someone@example.org")
    number = CASES.index(case)
    lines = [*says, f"Subject: {run} {number}", "", *["Words and more words." * 3] * 16 * case.kib]
    return {
        "what": case.what,
        "to": recipients.split(),
        "sender": case.sender,
        "user": case.user,
        "client": f"{address.rpartition('.')[0]}.{CLIENTS[case.client]}",
        "port": case.port,
        "tls": case.tls,
        "login": case.login,
        "password": case.password or scenario.secret("alice"),
        "declared": case.declared,
        "commands": list(case.commands),
        "text": "\r\n".join([*lines, ""]),
    }


def _settle(scenario: Scenario, agent: str) -> None:
    """Wait until nothing is on its way any more."""

    def empty() -> bool:
        waiting = [scenario.shell(host, QUEUES).split() for host in (agent, "outside")]
        return all(count == "0" for counts in waiting for count in counts)

    wait_for("the queues are empty", empty, SETTLE_SECONDS)
    wait_for("the queues stay empty", empty, SETTLE_SECONDS)


def _copies(scenario: Scenario, agent: str, run: str) -> dict[str, list[Copy]]:
    """Return every copy of a run's messages by the case's number."""
    text = scenario.shell(agent, STORE % " ".join(ACCOUNTS)) + scenario.shell("outside", OUTSIDE)
    found: dict[str, list[Copy]] = {}
    for record in text.split("\x1e")[1:]:
        place, _newline, message = record.partition("\n")
        headers = HeaderParser().parsestr(message.replace("\r\n", "\n"))
        subject = str(headers["Subject"] or "")
        if subject.startswith(run):
            account = place.partition("@")[0]
            where = str(headers["X-Original-To"]) if place == "outside" else account
            shown = tuple(
                f"{name}: {_masked(str(headers[name]), agent)}"
                # Of a copy that Sendmail makes, its owner hears when it fails, not the sender.
                for name in ("Return-Path", "From", "To")[account == "keeper" :]
            )
            found.setdefault(subject.split()[1], []).append(Copy(where, shown))
    return found


def _masked(text: str, agent: str) -> str:
    """Return a text in which the server has no name of its own."""
    return re.sub(rf"\b{agent}\.example\.org", "{host}", text)
