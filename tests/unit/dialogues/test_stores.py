"""The stores' dialogues can be read, can fail, and tell why a store may differ."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections import Counter

import pytest
from dialogues.stores import Expected, differs, turns, wrong
from dialogues.stores_cases import CASES
from dialogues.stores_script import Case

ONE = Case(
    "one",
    r"""
    over imaps as grace@example.org
    C: CREATE ~made
    S: OK
    C: LIST "" "*"
    S: * LIST (...) ... ~made/within
    S: not * LIST (...) ... ~gone
    S courier: * LIST ... INBOX.Trash
    """,
)
LOGIN = ["* OK", "OK", "INBOX. ."]
GOOD = [LOGIN, ["OK done"], [r'* LIST (\Marked) "." "INBOX.made.within"', "OK"]]


@pytest.mark.parametrize("store", ["cyrus", "courier"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_every_dialogue_asks_and_expects_something(case: Case, store: str) -> None:
    read = turns(case, store)
    assert "over" in read[0].what
    assert any(turn.expected for turn in read)


def test_every_dialogue_has_a_name_of_its_own() -> None:
    assert max(Counter(case.what for case in CASES).values()) == 1


def test_only_a_dialogue_that_differs_says_why() -> None:
    assert [case.what for case in CASES if bool(case.why) is not differs(case)] == []


def test_a_good_answer_is_good_where_folders_lie_within_the_inbox() -> None:
    assert list(wrong(ONE, "cyrus", GOOD)) == []


@pytest.mark.parametrize(
    "answers",
    [
        [LOGIN, ["NO"], GOOD[2]],
        [LOGIN, ["OK"], ["OK"]],
        [LOGIN, ["OK"], [*GOOD[2], r'* LIST () "." "INBOX.gone"']],
        [LOGIN, ["OK"], [r'* LIST () "." "made.within"', "OK"]],
    ],
)
def test_a_wrong_answer_is_wrong(answers: list[list[str]]) -> None:
    assert len(list(wrong(ONE, "cyrus", answers))) == 1


def test_a_line_for_one_store_holds_for_that_store_alone() -> None:
    assert len(list(wrong(ONE, "courier", GOOD))) == 1


def test_a_connection_that_fails_is_wrong_unless_expected() -> None:
    fails = Case("fails", "over imap")
    assert list(wrong(fails, "cyrus", [["(TimeoutError)"]]))
    expected = Case("fails", "over imap\nS: (")
    assert not list(wrong(expected, "cyrus", [["(TimeoutError)"]]))


def test_dots_stand_for_anything_and_quotes_do_not_count() -> None:
    assert Expected('* FETCH (..."hello"').holds(['* fetch (FLAGS () "HELLO")'], "", "/")
    assert not Expected("FETCH").holds(["* FETCH"], "", "/")
