"""A file of nullmailer's queue is envelope and message, the message to the last byte."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._queue import nullmailer
from hypothesis import given
from hypothesis import strategies as st

MAIL = b"a@b.example\nx@example.com\nc@d\n\nReceived: x\n\n.\nno newline"


def test_sender_recipients_and_message_are_read() -> None:
    assert nullmailer.parse(MAIL) == (
        "a@b.example",
        ("x@example.com", "c@d"),
        b"Received: x\n\n.\nno newline",
    )


def test_the_null_sender_is_an_empty_line() -> None:
    found = nullmailer.parse(b"\nx@example.com\n\nSubject: a\n\nb\n")
    assert found == ("", ("x@example.com",), b"Subject: a\n\nb\n")


@pytest.mark.parametrize("part", [b"", b"a@b\n", b"a@b\nc@d\n", b"a@b\n\nbody", b"\n\nbody"])
def test_what_is_not_whole_is_no_message(part: bytes) -> None:
    assert nullmailer.parse(part) is None
    assert nullmailer.message("1.2", "queue", part, 5) is None


def test_the_folder_says_the_state() -> None:
    for queue, state in (("queue", "waiting"), ("failed", "failed")):
        found = nullmailer.message("1.2", queue, MAIL, 5)
        assert found is not None
        assert (found.state, found.id, found.arrived) == (state, "1.2", 5)


ADDRESS = st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}", fullmatch=True)


@given(st.one_of(st.just(""), ADDRESS), st.lists(ADDRESS, min_size=1), st.binary())
def test_any_message_survives(sender: str, recipients: list[str], body: bytes) -> None:
    file = "\n".join([sender, *recipients, "", ""]).encode() + body
    assert nullmailer.parse(file) == (sender, tuple(recipients), body)
