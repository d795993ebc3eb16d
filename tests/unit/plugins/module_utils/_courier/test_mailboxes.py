"""Behaviour of the mailboxes' plan: it makes, moves and limits, and removes what is named alone."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._courier.mailboxes import (
    Mailbox,
    Removal,
    Seen,
    Step,
    contradictions,
    diff,
    home_of,
    mailboxes_of,
    plan_mailboxes,
    plan_removals,
    removals_of,
    unclaimed,
)
from hypothesis import given
from hypothesis import strategies as st

ALICE = Mailbox("alice@example.org", 1024)
CAROL = Mailbox("carol@example.org")
NEW = Mailbox("carol.smith@example.org", renamed_from=CAROL.name)
MAILBOXES = st.dictionaries(st.sampled_from(["a@x", "b@x", "c@x"]), st.none() | st.integers(1, 9))


def seen(*mailboxes: Mailbox) -> dict[str, Seen]:
    return {one.name: Seen(one.name, complete=True, quota_kib=one.quota_kib) for one in mailboxes}


@given(MAILBOXES, MAILBOXES)
def test_after_its_steps_nothing_is_left_to_do(
    wanted: dict[str, int | None], there: dict[str, int | None]
) -> None:
    boxes = [Mailbox(name, quota) for name, quota in wanted.items()]
    present = {name: Seen(name, complete=False, quota_kib=quota) for name, quota in there.items()}
    steps, problems = plan_mailboxes(boxes, present)
    assert problems == []
    present |= seen(*(step.mailbox for step in steps))
    assert plan_mailboxes(boxes, present) == ([], [])


def test_a_quota_that_leaves_the_model_is_lifted() -> None:
    there = {CAROL.name: Seen(CAROL.name, complete=True, quota_kib=5)}
    assert plan_mailboxes([CAROL], there) == ([Step(CAROL, set_quota=True)], [])


def test_a_renamed_mailbox_is_moved_once() -> None:
    assert plan_mailboxes([NEW], seen(CAROL)) == ([Step(NEW, move=True)], [])
    assert plan_mailboxes([NEW], seen(NEW)) == ([], [])
    assert plan_mailboxes([NEW], {}) == ([Step(NEW, make=True)], [])


def test_a_rename_onto_another_mailbox_is_refused_and_nothing_is_mixed() -> None:
    steps, problems = plan_mailboxes([NEW], seen(CAROL, NEW))
    assert steps == []
    assert 'carol@example.org" has mail, and so has "carol.smith' in str(problems[0])
    assert "leave formerly (renamed_from) out, and name the old one in removed" in str(problems[0])


def test_who_has_no_account_any_more_keeps_the_mail() -> None:
    assert plan_mailboxes([], seen(ALICE)) == ([], [])
    assert unclaimed([CAROL, NEW], [], [ALICE.name, CAROL.name]) == [ALICE.name]
    assert unclaimed([], [Removal(ALICE.name, archive=True)], [ALICE.name]) == []


def test_a_removal_is_done_once() -> None:
    removal = Removal(ALICE.name, archive=True)
    assert plan_removals([removal], seen(ALICE)) == [removal]
    assert plan_removals([removal], seen(CAROL)) == []


@pytest.mark.parametrize("mailbox", [ALICE, Mailbox("b@example.org", renamed_from=ALICE.name)])
def test_what_shall_stay_and_go_is_refused(mailbox: Mailbox) -> None:
    assert "one or the other" in str(
        *contradictions([mailbox], [Removal(ALICE.name, archive=False)])
    )


def test_the_diff_names_what_changes() -> None:
    there = {ALICE.name: Seen(ALICE.name, complete=False, quota_kib=5), **seen(CAROL)}
    steps, _problems = plan_mailboxes([ALICE, NEW], there)
    shown = diff(steps, [Removal(CAROL.name, archive=True)], there)
    assert shown["before"] == (
        "alice@example.org: 5 KiB (incomplete)\n"
        "carol@example.org: no limit\ncarol@example.org: no limit\n"
    )
    assert shown["after"] == "alice@example.org: 1024 KiB\ncarol.smith@example.org: no limit\n"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ([{"name": "Alice@example.org"}], "is no name of a mailbox"),
        ([{"name": "a..b/c@example.org"}], "is no name of a mailbox"),
        ([{"name": ".hidden@example.org"}], "is no name of a mailbox"),
        ([{"name": "alice@shared"}], "is no name of a mailbox"),
        ([{"name": "a@example.org"}] * 2, "stands here twice"),
        ([{"name": "a@example.org", "quota_kib": 0}], "0 holds no mail"),
        ([{"name": "a@example.org", "renamed_from": "/"}], '"/" is no name of a mailbox'),
        (
            [{"name": "a@example.org", "renamed_from": "b@example.org"}, {"name": "b@example.org"}],
            '"b@example.org" is another mailbox',
        ),
    ],
)
def test_names_that_can_not_be_folders_are_refused(raw: list[dict[str, object]], said: str) -> None:
    assert said in "\n".join(str(problem) for problem in mailboxes_of(raw).problems)


def test_removals_keep_a_copy_unless_told() -> None:
    assert removals_of([{"name": "a@example.org"}]).found == (Removal("a@example.org", True),)


def test_a_home_is_below_its_domain() -> None:
    assert home_of("a.b@example.org") == "example.org/a.b"
