"""What can't be read becomes a problem at its place, and what others refer to is missed."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._site import values
from ansible_collections.postern.mail.plugins.module_utils._site.reader import Reader


def test_what_is_read_comes_back_and_nothing_is_said() -> None:
    reader = Reader()
    assert reader.read("here", values.domain, "Example.org") == "example.org"
    assert reader.problems == []


def test_what_is_wrong_or_no_text_is_said_with_its_place() -> None:
    reader = Reader()
    assert reader.read("a", values.domain, "nowhere") is None
    assert reader.read("b", values.domain, ["x"]) is None
    assert [str(problem) for problem in reader.problems] == [
        'a: "nowhere" is not a full domain; write it like example.org',
        "b: is a list, not text",
    ]


def test_a_lost_part_makes_the_whole_incomplete() -> None:
    reader = Reader()
    assert reader.lost("x") == "x"
    assert reader.complete
    reader.lost(None)
    assert not reader.complete
