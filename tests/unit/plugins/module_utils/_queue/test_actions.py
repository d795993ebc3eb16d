"""What an action touches, what it shows beforehand, and what is refused in plain words."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._queue.actions import choose, problems
from ansible_collections.postern.mail.plugins.module_utils._queue.model import Message, Pattern


def message(name: str, state: str = "waiting", agent: str = "postfix") -> Message:
    return Message(agent, name, "deferred", state, "a@b", (f"{name}@x",), 1, 100)


QUEUE = [message("1"), message("2", "held"), message("3")]


@pytest.mark.parametrize(
    ("action", "ids"),
    [
        ("show", ["1", "2", "3"]),
        ("flush", ["1", "3"]),
        ("hold", ["1", "3"]),
        ("release", ["2"]),
        ("requeue", ["1", "3"]),  # postsuper would let go of what is held
        ("delete", ["1", "2", "3"]),
    ],
)
def test_an_action_touches_what_it_can_change(action: str, ids: list[str]) -> None:
    chosen = choose(QUEUE, action, Pattern(), 200)
    assert [one.id for one in chosen.messages] == ids
    assert chosen.all_of_them


def test_a_pattern_narrows_it() -> None:
    chosen = choose(QUEUE, "delete", Pattern(ids=("3",)), 200)
    assert [one.id for one in chosen.messages] == ["3"]
    assert not chosen.all_of_them


def test_nullmailer_requeues_what_has_failed_alone() -> None:
    queue = [message("1", agent="nullmailer"), message("2", "failed", "nullmailer")]
    assert [one.id for one in choose(queue, "requeue", Pattern(), 200).messages] == ["2"]


def test_the_diff_shows_who_leaves_and_who_changes() -> None:
    gone = choose(QUEUE, "delete", Pattern(ids=("1",)), 200).diff(QUEUE)
    assert gone["after"].splitlines() == ["2 held <a@b> -> 2@x", "3 waiting <a@b> -> 3@x"]
    held = choose(QUEUE, "hold", Pattern(ids=("1",)), 200).diff(QUEUE)
    assert "1 held <a@b> -> 1@x" in held["after"]
    assert "1 waiting" in held["before"]
    shown = choose(QUEUE, "show", Pattern(), 200).diff(QUEUE)
    assert shown["before"] == shown["after"]


def test_a_delete_without_a_pattern_is_refused() -> None:
    (found,) = problems("postfix", "delete", Pattern())
    assert "would empty the queue" in str(found)
    assert problems("postfix", "delete", Pattern(sender="*")) == []


@pytest.mark.parametrize(
    ("agent", "action", "words"),
    [
        ("nullmailer", "hold", "nullmailer can't hold a message"),
        ("nullmailer", "release", "holds no message"),
        ("sendmail", "requeue", "Sendmail can't requeue"),
    ],
)
def test_what_an_agent_can_not_do_is_refused(agent: str, action: str, words: str) -> None:
    assert words in str(problems(agent, action, Pattern())[0])


def test_nullmailer_flushes_everything_or_nothing() -> None:
    assert problems("nullmailer", "flush", Pattern()) == []
    assert "whole queue at once" in str(problems("nullmailer", "flush", Pattern(ids=("1",)))[0])
