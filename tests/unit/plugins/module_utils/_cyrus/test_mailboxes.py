"""Behaviour of the mailboxes' plan: it makes and limits, and never deletes."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._cyrus.mailboxes import (
    Mailbox,
    Step,
    diff,
    parse_mailboxes,
    plan_mailboxes,
    unclaimed,
)
from hypothesis import given
from hypothesis import strategies as st

ALICE = Mailbox("alice@example.org", 1024)
CAROL = Mailbox("carol@example.org")
MAILBOXES = st.dictionaries(st.sampled_from(["a@x", "b@x", "c@x"]), st.none() | st.integers(0, 9))


def by_name(raw: dict[str, int | None]) -> dict[str, Mailbox]:
    return {name: Mailbox(name, quota) for name, quota in raw.items()}


@given(MAILBOXES, MAILBOXES)
def test_after_its_steps_nothing_is_left_to_do(
    wanted: dict[str, int | None], there: dict[str, int | None]
) -> None:
    present = by_name(there)
    for step in plan_mailboxes(list(by_name(wanted).values()), present):
        if step.create:
            assert step.mailbox.name not in present
            present[step.mailbox.name] = Mailbox(step.mailbox.name)
        if step.set_quota:
            present[step.mailbox.name] = step.mailbox
    assert plan_mailboxes(list(by_name(wanted).values()), present) == []
    assert set(there) <= set(present)


def test_a_quota_that_leaves_the_model_is_lifted() -> None:
    there = {CAROL.name: Mailbox(CAROL.name, 5)}
    assert plan_mailboxes([CAROL], there) == [Step(CAROL, create=False, set_quota=True)]


def test_who_has_no_account_any_more_keeps_the_mail() -> None:
    assert plan_mailboxes([], {ALICE.name: ALICE}) == []
    assert unclaimed([CAROL], [ALICE.name, CAROL.name]) == [ALICE.name]


def test_the_diff_names_what_changes() -> None:
    there = {ALICE.name: Mailbox(ALICE.name, 5)}
    shown = diff(plan_mailboxes([ALICE, CAROL], there), there)
    assert shown["before"] == "alice@example.org: 5 KiB\n"
    assert shown["after"] == "alice@example.org: 1024 KiB\ncarol@example.org: no limit\n"


def test_names_that_imap_would_read_otherwise_are_refused() -> None:
    raw: list[dict[str, Any]] = [
        {"name": name} for name in ("alice", 'a"@x', "a/b@x", "a*@x", "%@x", "a@x\r\nb")
    ]
    assert len(parse_mailboxes(raw)[1]) == len(raw)


def test_two_entries_for_one_mailbox_are_refused() -> None:
    raw: list[dict[str, Any]] = [
        {"name": "alice@example.org"},
        {"name": "Alice@example.org", "quota_kib": -1},
    ]
    found = "\n".join(str(problem) for problem in parse_mailboxes(raw)[1])
    assert 'mailboxes[1].name: "Alice@example.org" stands here twice' in found
    assert "mailboxes[1].quota_kib: -1 is below 0" in found
