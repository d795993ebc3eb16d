"""Patterns choose messages; lines are fit to be read whatever a sender wrote."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._queue.model import Message, Pattern

NOW = 1000
MESSAGE = Message(
    agent="postfix",
    id="1A",
    queue="deferred",
    state="waiting",
    sender="Ann@example.org",
    recipients=("bob@example.com", "eve@example.net"),
    size=10,
    arrived=900,
    reason="connect to 192.0.2.1: Connection refused",
)


@pytest.mark.parametrize(
    "pattern",
    [
        Pattern(),
        Pattern(sender="ann@example.org"),
        Pattern(sender="*@example.org"),
        Pattern(recipient="eve@*"),
        Pattern(ids=("2B", "1A")),
        Pattern(older_than_seconds=99),
        Pattern(reason="connection REFUSED"),
        Pattern(sender="ann@*", recipient="bob@*", ids=("1A",), older_than_seconds=1, reason="192"),
    ],
)
def test_every_part_that_is_given_fits(pattern: Pattern) -> None:
    assert pattern.fits(MESSAGE, NOW)


@pytest.mark.parametrize(
    "pattern",
    [
        Pattern(sender="ann"),
        Pattern(sender="<>"),
        Pattern(recipient="example.com"),
        Pattern(ids=("1",)),
        Pattern(older_than_seconds=100),
        Pattern(reason="timeout"),
        Pattern(sender="ann@*", recipient="nobody@*"),
    ],
)
def test_one_part_that_does_not_fit_is_enough(pattern: Pattern) -> None:
    assert not pattern.fits(MESSAGE, NOW)


def test_the_null_sender_is_meant_by_brackets_alone() -> None:
    bounce = Message("postfix", "1A", "deferred", "waiting", "", ("a@b.example",), 1, 1)
    assert Pattern(sender="<>").fits(bounce, NOW)
    assert not Pattern(sender="?*").fits(bounce, NOW)


def test_brackets_of_an_address_are_no_wildcard() -> None:
    literal = Message("postfix", "1A", "deferred", "waiting", "a@[192.0.2.1]", ("x@y",), 1, 1)
    assert Pattern(sender="a@[192.0.2.1]").fits(literal, NOW)
    assert not Pattern(sender="a@[192.0.2.1]").fits(
        Message("postfix", "1A", "deferred", "waiting", "a@1", ("x@y",), 1, 1), NOW
    )


def test_only_a_pattern_with_a_part_chooses() -> None:
    assert not Pattern().chooses
    assert Pattern(older_than_seconds=0).chooses


def test_a_line_holds_no_control_characters_of_a_sender() -> None:
    wild = Message("postfix", "1A", "hold", "held", "a\x1b[2J\n@x", ("b\udce9@x",), 1, 1, "so")
    assert wild.line() == "1A held <a?[2J?@x> -> b?@x (so)"
    assert wild.as_dict()["recipients"] == ["b?@x"]
