"""Laws of plans: empty for what is there, complete for what is not, no secret in a diff."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from ansible_collections.postern.mail.plugins.module_utils._core.plan import (
    LARGE_BYTES,
    SHOWN_LINES,
    Change,
    File,
    Plan,
    Stored,
    differing_lines,
    digest_of,
    make_plan,
)
from hypothesis import given
from hypothesis import strategies as st

Files = Mapping[str, File | None]

SECRET = b"correct horse battery staple"
paths = st.sampled_from(["/etc/a", "/etc/b", "/etc/c/d", "/etc/e"])
files = st.builds(
    File,
    st.binary(max_size=20),
    st.sampled_from([0o600, 0o640, 0o644]),
    st.sampled_from(["root", "mail"]),
    st.sampled_from(["root", "mail"]),
    st.booleans(),
)
states = st.dictionaries(paths, st.none() | files)


def applied(plan: Plan, present: Files) -> dict[str, File | None]:
    return {**present, **{change.path: change.after for change in plan.changes}}


@given(states)
def test_what_is_there_needs_no_change(state: Files) -> None:
    plan = make_plan(state, state)
    assert not plan.changed
    assert plan.diff() == []


@given(states, states)
def test_an_applied_plan_leaves_nothing_to_do(wanted: Files, present: Files) -> None:
    plan = make_plan(wanted, present)
    assert not make_plan(wanted, applied(plan, present)).changed


@given(states, states)
def test_a_plan_touches_only_wanted_paths_each_once_and_in_order(
    wanted: Files, present: Files
) -> None:
    touched = [change.path for change in make_plan(wanted, present).changes]
    assert touched == sorted(set(touched))
    assert set(touched) <= set(wanted)
    assert make_plan(wanted, present).paths == set(touched)


@given(states, states)
def test_a_change_knows_what_was_there(wanted: Files, present: Files) -> None:
    for change in make_plan(wanted, present).changes:
        assert change == Change(change.path, present.get(change.path), wanted[change.path])
        assert change.before != change.after


@given(states, states)
def test_every_change_shows_in_the_diff(wanted: Files, present: Files) -> None:
    plan = make_plan(wanted, present)
    for change, shown in zip(plan.changes, plan.diff(), strict=True):
        assert shown["after_header"] == change.path
        empty = not (change.before or change.after or File(b"x")).content
        assert shown["before"] != shown["after"] or (
            empty and None in (change.before, change.after)
        )


@given(files, files, st.booleans(), st.booleans())
def test_a_secret_on_either_side_hides_the_content_of_both(
    old: File, new: File, creates: bool, old_is_secret: bool
) -> None:
    before = None if creates else replace(old, content=SECRET, secret=old_is_secret)
    after = replace(new, content=SECRET[::-1], secret=creates or not old_is_secret)
    text = str(make_plan({"/etc/a": after}, {"/etc/a": before}).diff())
    assert SECRET.decode() not in text
    assert SECRET[::-1].decode() not in text


def test_a_secret_does_not_show_when_a_plan_is_printed() -> None:
    plan = make_plan({"/etc/a": File(SECRET, secret=True)}, {})
    assert SECRET.decode() not in repr(plan)


def test_a_changed_secret_can_be_seen_to_change() -> None:
    (shown,) = make_plan({"/a": File(b"1", secret=True)}, {"/a": File(b"2")}).diff()
    assert shown["before"] == "(secret, not shown)\n"
    assert shown["after"] == "(secret, changed, not shown)\n"


def test_how_a_file_is_shown_is_no_reason_to_change_it() -> None:
    assert not make_plan({"/a": File(b"1", secret=True)}, {"/a": File(b"1")}).changed


def test_a_change_of_mode_or_owner_is_shown_above_the_text() -> None:
    (shown,) = make_plan({"/a": File(b"x\n", 0o640, "root", "mail")}, {"/a": File(b"x\n")}).diff()
    assert shown["before"] == "# root:root 0644\nx\n"
    assert shown["after"] == "# root:mail 0640\nx\n"


def test_bytes_that_are_no_text_are_shown_escaped() -> None:
    (shown,) = make_plan({"/a": File(b"\xff")}, {}).diff()
    assert shown["after"] == "\\xff"


def test_a_path_that_shall_be_absent_is_removed_and_an_unnamed_one_left_alone() -> None:
    present = {"/a": File(b"1"), "/b": File(b"2")}
    assert make_plan({"/a": None}, present).changes == (Change("/a", File(b"1"), None),)


some_lines = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"d\n", b"e\n"]), max_size=30)


def shown_lines(text: bytes) -> list[bytes]:
    return [line for line in text.splitlines(keepends=True) if not line.startswith(b"(")]


@given(some_lines, some_lines)
def test_lines_that_differ_are_those_that_make_one_side_the_other(
    before: list[bytes], after: list[bytes]
) -> None:
    removed, added = (shown_lines(text) for text in differing_lines(before, after, 99))
    assert Counter(before) - Counter(removed) == Counter(after) - Counter(added)
    assert not Counter(removed) - Counter(before)
    assert not Counter(added) - Counter(after)


@given(some_lines.map(sorted), some_lines.map(sorted))
def test_of_sorted_sides_no_line_is_shown_that_both_have(
    before: list[bytes], after: list[bytes]
) -> None:
    removed, added = (shown_lines(text) for text in differing_lines(before, after, 99))
    assert Counter(removed) == Counter(before) - Counter(after)
    assert Counter(added) == Counter(after) - Counter(before)


def test_a_large_diff_is_cut_and_says_what_it_leaves_out() -> None:
    before = [b"%06d\n" % number for number in range(50_000)]
    after = [b"%06d\n" % number for number in range(1_000, 50_005)]
    plan = make_plan({"/a": File(b"".join(after))}, {"/a": File(b"".join(before))})
    (shown,) = plan.diff()
    assert len(before) * 7 > LARGE_BYTES
    assert shown["before"].splitlines()[0] == "(49000 lines that both have are not shown)"
    assert shown["before"].splitlines()[-1] == "(and 800 more)"
    assert len(shown["before"].splitlines()) == SHOWN_LINES + 2
    assert shown["after"].splitlines()[1:] == [f"0{number}" for number in range(50_000, 50_005)]
    (created,) = make_plan({"/a": File(b"".join(after))}, {}).diff()
    assert created["before"] == ""
    assert created["after"].splitlines()[-1] == f"(and {49_005 - SHOWN_LINES} more)"


def test_bytes_on_disk_are_compared_by_what_is_known_of_them() -> None:
    held = File(b"text")
    same = File(b"", stored=Stored("/x", 4, digest_of(held)))
    other = File(b"", stored=Stored("/x", 4, digest_of(File(b"test"))))
    unknown = File(b"", stored=Stored("/x", 4))
    assert not make_plan({"/a": same}, {"/a": held}).changed
    assert not make_plan({"/a": held}, {"/a": same}).changed
    assert make_plan({"/a": held}, {"/a": other}).changed
    assert make_plan({"/a": unknown}, {"/a": unknown}).changed
    assert make_plan({"/a": replace(same, mode=0o600)}, {"/a": same}).changed


def test_a_large_secret_is_masked_too() -> None:
    new, old = (File(bytes([65 + n]) * 300_000, secret=bool(n)) for n in range(2))
    (shown,) = make_plan({"/a": new}, {"/a": old}).diff()
    assert (shown["before"], shown["after"]) == (
        "(secret, not shown)\n",
        "(secret, changed, not shown)\n",
    )
