"""Behaviour of problems: place, value and expectation, all together, in the order of places."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._core.problems import (
    Problem,
    nearest,
    report,
)
from hypothesis import given
from hypothesis import strategies as st

problems = st.builds(Problem, *[st.text("abc[0].", min_size=1, max_size=9)] * 3)


def test_a_problem_says_where_what_and_what_was_expected() -> None:
    problem = Problem("mail_accounts[3].quota", '"2 gigs" is not a size', "write it like 2GiB")
    assert str(problem) == 'mail_accounts[3].quota: "2 gigs" is not a size; write it like 2GiB'


def test_a_problem_without_a_hint_ends_with_what_is_wrong() -> None:
    assert str(Problem("mail_domain", "is missing")) == "mail_domain: is missing"


def test_a_report_counts_and_says_that_nothing_was_changed() -> None:
    one = Problem("b", "is wrong")
    assert report([one]) == "1 problem, nothing was changed:\n  b: is wrong"
    both = report([one, Problem("a", "is wrong too")])
    assert both == "2 problems, nothing was changed:\n  a: is wrong too\n  b: is wrong"


@given(st.lists(problems, min_size=1, max_size=8))
def test_a_report_is_the_same_in_any_order_and_tells_each_problem_once(
    found: list[Problem],
) -> None:
    assert report(found) == report([*reversed(found), *found])
    assert len(report(found).splitlines()) == 1 + len(set(found))


def test_the_nearest_name_is_suggested_only_when_it_is_near() -> None:
    known = ["mail_domain", "mail_hostname", "mail_accounts"]
    assert nearest("mail_domian", known) == 'did you mean "mail_domain"?'
    assert nearest("zzz", known) == ""
    assert nearest("x", []) == ""


def test_lines_of_a_file_are_told_in_the_order_of_the_file() -> None:
    told = report([Problem("a:10", "x"), Problem("a:9", "x"), Problem("a", "x")])
    assert told.splitlines()[1:] == ["  a: x", "  a:9: x", "  a:10: x"]
