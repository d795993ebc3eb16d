"""Behaviour of Cyrus' own checker: all refusals at once, and the nearest name."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._cyrus import lint
from ansible_collections.postern.mail.plugins.module_utils._cyrus.model import Cyrus, Entry, Layout

KNOWN = "timeout: 32m\nexpunge_mode: delayed\npopminpoll: 0\nquotawarn: 90\nquotawarnpercent: 90\n"
LAYOUT = Layout(services=(Entry("imap", (("cmd", "imapd"), ("listen", "143"))),))


def checker(argv: Sequence[str]) -> Outcome:
    """Stand in for cyr_info of 3.10: it stops at the first refused value."""
    if argv[-1] == "conf-default":
        return Outcome(tuple(argv), 0, KNOWN, "")
    lines = Path(argv[2]).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if found := re.fullmatch(r"(\w+): bad", line):
            text = f"fatal error: invalid value 'bad' for {found[1]} in line {number}\n"
            return Outcome(tuple(argv), 78, "", text)
    unknown = [line for line in lines if re.match(r"(imap_)?(tim_out|quotawarn):", line)]
    return Outcome(tuple(argv), 0, "\n".join(unknown), "")


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint, "run", checker)
    monkeypatch.setattr(shutil, "chown", lambda *_args: None)


def told(**settings: str) -> list[str]:
    return sorted(str(problem) for problem in lint.lint(Cyrus(settings, LAYOUT)))


def test_good_options_pass() -> None:
    assert told(timeout="30", imap_timeout="40") == []


def test_all_is_told_at_once_with_the_nearest_name() -> None:
    assert told(expunge_mode="bad", popminpoll="bad", imap_tim_out="3", tim_out="3") == [
        "settings.expunge_mode: invalid value 'bad' for expunge_mode",
        'settings.imap_tim_out: Cyrus has no such option; did you mean "imap_timeout"?',
        "settings.popminpoll: invalid value 'bad' for popminpoll",
        'settings.tim_out: Cyrus has no such option; did you mean "timeout"?',
    ]


def test_an_unknown_option_is_never_its_own_nearest() -> None:
    (problem,) = told(quotawarn="80")
    assert problem.endswith('did you mean "quotawarnpercent"?')


def test_words_that_are_not_understood_are_told_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = Outcome(("cyr_info",), 75, "", "out of disk")
    monkeypatch.setattr(lint, "run", lambda _argv: broken)
    assert told(timeout="3") == ["imapd.conf: out of disk"]


def test_an_index_that_makes_searches_miss_messages_is_refused() -> None:
    assert told(search_engine="none") == []
    (problem,) = told(search_engine="squat")
    assert problem.startswith('settings.search_engine: "squat" makes searches miss messages')


@pytest.mark.parametrize("known", [True, False])
def test_a_cyrus_is_told_to_begin_tls_where_it_has_to_be(
    monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    monkeypatch.setattr(lint, "_known_options", lambda: {"allowstarttls"} if known else set())
    cyrus = Cyrus({"sieve_allowstarttls": "yes", "timeout": "30"}, LAYOUT)
    assert ("sieve_allowstarttls" in lint.understood(cyrus).settings) is known
    assert lint.understood(cyrus).settings["timeout"] == "30"
