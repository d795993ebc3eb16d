"""Behaviour of group membership: added once, nobody taken out, the rest of the file untouched."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._core.groups import (
    GROUP_FILE,
    GSHADOW_FILE,
    with_members,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from hypothesis import given
from hypothesis import strategies as st


def added(text: str, *users: str) -> str:
    file = with_members({GROUP_FILE: File(text.encode())}, "mail", users)[GROUP_FILE]
    assert file is not None
    return file.content.decode()


def test_a_member_is_added_once_and_nobody_leaves() -> None:
    assert added("mail:x:8:cyrus\n", "postfix", "cyrus") == "mail:x:8:cyrus,postfix\n"


def test_other_groups_stay_as_they_are() -> None:
    assert added("mailman:x:9:\nmail:x:8:\n", "postfix") == "mailman:x:9:\nmail:x:8:postfix\n"


def test_the_shadow_file_keeps_its_owner_and_stays_secret() -> None:
    shadow = File(b"mail:*::\n", 0o640, "root", "shadow")
    file = with_members({GSHADOW_FILE: shadow}, "mail", ["postfix"])[GSHADOW_FILE]
    assert file == File(b"mail:*::postfix\n", 0o640, "root", "shadow", secret=True)


def test_a_file_that_is_not_there_is_not_made() -> None:
    assert with_members({GROUP_FILE: None}, "mail", ["postfix"]) == {}


@given(st.text("mail:x,8\n \xe9"))
def test_adding_again_changes_nothing(text: str) -> None:
    once = added(text, "postfix")
    assert added(once, "postfix") == once
