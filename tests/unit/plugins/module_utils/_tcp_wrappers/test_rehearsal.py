"""libwrap is asked about friends and strangers, and its answer decides."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._tcp_wrappers import rehearsal
from ansible_collections.postern.mail.plugins.module_utils._tcp_wrappers.model import Rule

FRIENDS = Rule("imaps", ("10.20.0.0/255.255.0.0", "[2001:db8::]/32"))
FILES = {"hosts.allow": b"imaps: ALL\n", "hosts.deny": b""}


def test_each_friend_and_one_stranger_are_asked_about() -> None:
    assert list(rehearsal.questions(FRIENDS)) == [
        ("imaps", "10.20.0.0", True),
        ("imaps", "2001:db8::", True),
        ("imaps", "192.0.2.1", False),
    ]


def test_a_stranger_is_let_in_where_everybody_is() -> None:
    assert list(rehearsal.questions(Rule("sendmail"))) == [("sendmail", "192.0.2.1", True)]


def test_a_stranger_is_none_of_the_friends() -> None:
    rule = Rule("imaps", ("192.0.2.0/255.255.255.0",))
    assert list(rehearsal.questions(rule))[-1] == ("imaps", "198.51.100.1", False)


@pytest.mark.parametrize(
    ("verdict", "wrong"), [("granted", "lets in 192"), ("denied", "refuses 10")]
)
def test_what_libwrap_judges_otherwise_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, verdict: str, wrong: str
) -> None:
    def run(argv: list[str]) -> Outcome:
        folder = Path(argv[1].removeprefix("--chdir="))
        assert (folder / "hosts.allow").read_bytes() == FILES["hosts.allow"]
        text = f"client: address {argv[-1]}\nserver: process {argv[-2]}\naccess: {verdict}\n"
        return Outcome(tuple(argv), 0, text, "")

    monkeypatch.setattr(rehearsal, "run", run)
    problems = rehearsal.rehearse([FRIENDS], FILES)
    assert wrong in str(problems[0])


def test_no_answer_is_a_problem_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "run", lambda argv: Outcome(tuple(argv), 1, "", "broken"))
    assert len(rehearsal.rehearse([FRIENDS], FILES)) == 3
