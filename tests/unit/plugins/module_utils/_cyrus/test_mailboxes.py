"""What may be said about mailboxes, and what is refused with its place."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._cyrus.mailboxes import (
    Shared,
    Store,
    parse_store,
)

ALICE = {"name": "alice@example.org"}


def said(**params: Any) -> str:
    problems = parse_store({"mailboxes": [ALICE], **params})[1]
    return "\n".join(str(problem) for problem in problems)


def test_names_that_imap_would_read_otherwise_are_refused() -> None:
    names = ("alice", 'a"@x', "a/b@x", "a*@x", "%@x", "a@x\r\nb")
    raw: list[dict[str, Any]] = [{"name": name} for name in names]
    assert len(parse_store({"mailboxes": raw})[1]) == len(raw)


def test_two_entries_for_one_mailbox_are_refused() -> None:
    found = said(mailboxes=[ALICE, {"name": "Alice@example.org", "quota_kib": -1}])
    assert 'mailboxes[1].name: "Alice@example.org" stands here twice' in found
    assert "mailboxes[1].quota_kib: -1 is below 0" in found


@pytest.mark.parametrize(
    ("params", "place"),
    [
        ({"mailboxes": [ALICE, {"name": "b@x", "renamed_from": "alice@example.org"}]}, "[1].ren"),
        ({"mailboxes": [{"name": "b@x", "renamed_from": "b"}]}, "mailboxes[0].renamed_from"),
        ({"folders": [{"name": "Inbox"}]}, "folders[0].name"),
        ({"folders": [{"name": 'a"'}]}, "folders[0].name"),
        ({"folders": [{"name": "Sent"}, {"name": "sent"}]}, "folders[1].name"),
        ({"shared_folders": [{"name": "news"}]}, "shared_folders[0].name"),
        ({"shared_folders": [{"name": "user/x@example.org"}]}, "shared_folders[0].name"),
        ({"shared_folders": [{"name": "a@x", "acl": {"bob": "z"}}]}, "shared_folders[0].acl.bob"),
        ({"shared_folders": [{"name": "a@x", "acl": {"a b": "read"}}]}, "acl.a b"),
        ({"shared_folders": [{"name": "a@x", "annotations": {"expire": '"'}}]}, "tions.expire"),
        ({"shared_folders": [{"name": "a@x", "quota_kib": -1}]}, "shared_folders[0].quota_kib"),
        ({"removed": [{"name": "alice@example.org", "archive": True}]}, "removed[0].name"),
        ({"removed": [{"name": "alice", "archive": True}]}, "removed[0].name"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(params: dict[str, Any], place: str) -> None:
    assert place in said(**params)


def test_a_misspelt_use_is_answered_with_the_nearest() -> None:
    assert 'did you mean "junk"?' in said(folders=[{"name": "Spam", "use": "junc"}])


def test_rights_may_be_words_or_letters() -> None:
    raw = {"name": "a@x", "acl": {"anyone": "post", "carol@x": "lrs"}}
    store, problems = parse_store({"mailboxes": [], "shared_folders": [raw]})
    assert problems == []
    assert store.shared[0].acl == {"anyone": "p", "carol@x": "lrs"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a@x", "a@x"), ("a/b@x", "a@x"), ("a/b/c@x", "a@x"), ("ab@x", None), ("a/b@y", None)],
)
def test_a_folder_is_governed_by_the_nearest_above_it(name: str, expected: str | None) -> None:
    found = Store(shared=(Shared("a@x"),)).governing(name)
    assert (found.name if found else None) == expected
