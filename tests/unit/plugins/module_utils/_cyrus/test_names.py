"""Names there and back: IMAP's own UTF-7, and whose a mailbox is."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._cyrus.names import (
    decoded,
    encoded,
    folder_of,
    folders_above,
    sorted_out,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Sent", "Sent"),
        ("Entwürfe", "Entw&APw-rfe"),
        ("台北", "&U,BTFw-"),
        ("R&D", "R&-D"),
    ],
)
def test_names_have_their_form_in_imap(name: str, form: str) -> None:
    assert encoded(name) == form
    assert decoded(form) == name


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_name_comes_back(name: str) -> None:
    assert decoded(encoded(name)) == name
    assert all(" " <= letter <= "~" for letter in encoded(name))


def test_people_their_folders_and_shared_ones_are_told_apart() -> None:
    people = ["user/a.b@x", folder_of("a.b@x", "Sent/2026")]
    names = sorted_out([*people, "news@x", "news/old@x", "DELETED/user/b/6B@x"])
    assert names.people == {"a.b@x": {"Sent/2026"}}
    assert names.shared == {"news@x", "news/old@x"}
    assert names.all == {"a.b@x", "news@x", "news/old@x"}


def test_a_shared_folder_lies_in_those_above_it_the_nearest_first() -> None:
    assert folders_above("news/2026/may@example.org") == [
        "news/2026@example.org",
        "news@example.org",
    ]
    assert folders_above("news@example.org") == []
