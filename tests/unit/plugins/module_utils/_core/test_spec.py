"""Values are checked against argument specs: problems with paths, defaults, and no secrets."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.spec import (
    UNREAD,
    check,
    child,
    kind,
    show,
    steps,
)
from hypothesis import given
from hypothesis import strategies as st

OPTIONS: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "size": {"type": "int", "default": 5},
    "on": {"type": "bool"},
    "mode": {"type": "str", "choices": ["a", "b"]},
    "key": {"type": "str", "no_log": True, "choices": ["x"]},
    "items": {
        "type": "list",
        "elements": "dict",
        "mutually_exclusive": [["left", "right"]],
        "required_together": [["user", "word"]],
        "options": {
            "left": {"type": "str"},
            "right": {"type": "str"},
            "user": {"type": "str"},
            "word": {"type": "str", "no_log": True},
            "level": {"type": "int", "default": 1},
        },
    },
    "free": {"type": "dict"},
}


def said(**values: Any) -> list[str]:
    return [str(problem) for problem in check(OPTIONS, {"name": "n", **values})[1]]


def test_defaults_are_filled_in_at_every_depth() -> None:
    sound, problems = check(OPTIONS, {"name": "n", "items": [{"left": "l"}]})
    assert not problems
    assert sound == {"name": "n", "size": 5, "items": [{"left": "l", "level": 1}]}


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"name": None}, "name: is missing"),
        ({"name": 5}, "name: 5 is not text; put it in quotes"),
        ({"name": ["x"]}, "name: a list is not text"),
        ({"size": "five"}, 'size: "five" is not a number'),
        ({"size": True}, "size: true is not a number"),
        ({"on": "maybe"}, 'on: "maybe" is not a boolean; write true or false'),
        ({"mode": "c"}, 'mode: "c" is not a choice; choose one of: a, b'),
        ({"key": "secret"}, "key: the value is not a choice; choose one of: x"),
        ({"key": 5}, "key: a number is not text; put it in quotes"),
        ({"itms": []}, 'itms: no such key; did you mean "items"?'),
        ({"items": "secret"}, "items: is text, not a list"),
        ({"items": [{}, "secret"]}, "items[1]: is text, not a mapping"),
        ({"items": [{"lefd": "secret"}]}, 'items[0].lefd: no such key; did you mean "left"?'),
        (
            {"items": [{"left": "l", "right": "r"}]},
            "items[0]: has both left and right; keep one of them",
        ),
        ({"items": [{"user": "u"}]}, "items[0]: has user but no word"),
        ({"free": 3}, "free: is a number, not a mapping"),
    ],
)
def test_what_is_wrong_is_said_with_its_path_and_no_secret(
    values: dict[str, Any], line: str
) -> None:
    assert said(**values) == [line]


def test_wrong_parts_are_left_out_and_sound_ones_stay() -> None:
    sound, problems = check(OPTIONS, {"name": "n", "size": "x", "items": [{"level": "y"}], "q": 1})
    assert len(problems) == 3
    assert sound == {"name": "n", "items": [{}]}


def test_text_that_says_a_number_or_a_boolean_is_taken_as_ansible_does() -> None:
    sound, problems = check(OPTIONS, {"name": "n", "size": "7", "on": "Yes"})
    assert not problems
    assert (sound["size"], sound["on"]) == (7, True)


def test_what_could_not_be_read_is_neither_missing_nor_wrong() -> None:
    values = {"name": UNREAD, "items": [{"user": "u", "word": UNREAD}], "free": {"a": UNREAD}}
    sound, problems = check(OPTIONS, values)
    assert not problems
    assert sound == {"size": 5, "items": [{"user": "u", "level": 1}], "free": {}}


def test_values_are_shown_short_and_containers_by_kind_alone() -> None:
    assert show("x" * 90) == f'"{"x" * 57}..."'
    assert show(["secret"]) == "a list"
    assert (kind(None), kind({}), kind(b"")) == ("empty", "a mapping", "an object")


def test_paths_read_like_the_inventory() -> None:
    where = child(child(child("", "mail_accounts"), 3), "quota")
    assert where == "mail_accounts[3].quota"
    assert child("mail_aliases", "a@b.example") == 'mail_aliases["a@b.example"]'


@given(st.lists(st.text() | st.integers(min_value=0), min_size=1))
def test_a_path_leads_back_to_its_steps(parts: list[str | int]) -> None:
    where = "root"
    for part in parts:
        where = child(where, part)
    assert steps(where) == ["root", *parts]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*OPTIONS, "left", "level"]), inner, max_size=3)
    ),
)


@given(st.dictionaries(st.sampled_from([*OPTIONS, "other"]), ANYTHING))
def test_what_is_kept_of_any_value_is_sound(values: dict[str, Any]) -> None:
    sound, _problems = check(OPTIONS, values)
    again, problems = check(OPTIONS, sound)
    structural = [p for p in problems if not p.what.startswith(("is missing", "has "))]
    assert not structural
    assert check(OPTIONS, again)[0] == again
