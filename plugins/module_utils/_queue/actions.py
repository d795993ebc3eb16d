"""What can be done about messages, which of them an action touches, and what an agent can't do."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .._core.problems import Problem
from .model import FAILED, HELD, WAITING, Message, Pattern

# Which messages each action touches, by their state. What is held stays held until it is released.
TOUCHES = {
    "show": (WAITING, HELD, FAILED),
    "flush": (WAITING,),
    "hold": (WAITING,),
    "release": (HELD,),
    "requeue": (WAITING, FAILED),
    "delete": (WAITING, HELD, FAILED),
}
AFTER = {"hold": HELD, "release": WAITING, "requeue": WAITING}
# What an agent can't do, and what helps instead.
MISSING = {
    ("nullmailer", "hold"): (
        "nullmailer can't hold a message",
        "stop its service to keep all of them",
    ),
    ("nullmailer", "release"): ("nullmailer holds no message, so there is none to release", ""),
    ("sendmail", "requeue"): (
        "Sendmail can't requeue a message",
        "it looks its way up again at each attempt; flush makes one now",
    ),
}
WITHOUT_PATTERN = Problem(
    "action",
    "delete without a pattern would empty the queue",
    'give sender, recipient, id, older_than_seconds or reason; sender "*" is everybody\'s mail',
)


@dataclass(frozen=True)
class Choice:
    """An action with the messages that it is about, and whether a pattern has chosen them."""

    action: str
    messages: tuple[Message, ...]
    all_of_them: bool

    def diff(self, queue: Iterable[Message]) -> dict[str, str]:
        """Return the queue before and after, a line a message."""
        before = sorted(message.line() for message in queue)
        if self.action not in (*AFTER, "delete"):
            return {"before": _text(before), "after": _text(before)}
        touched = {message.line() for message in self.messages}
        moved = [_moved(m, self.action) for m in self.messages if self.action in AFTER]
        after = [line for line in before if line not in touched]
        return {"before": _text(before), "after": _text(sorted(after + moved))}


def problems(agent: str, action: str, pattern: Pattern) -> list[Problem]:
    """Return why this can't be done at all, in plain words."""
    found = []
    if (agent, action) in MISSING:
        found.append(Problem("action", *MISSING[agent, action]))
    if action == "delete" and not pattern.chooses:
        found.append(WITHOUT_PATTERN)
    if action == "flush" and agent == "nullmailer" and pattern.chooses:
        what = "nullmailer tries its whole queue at once, never single messages"
        found.append(Problem("action", what, "flush without a pattern"))
    return found


def choose(queue: Sequence[Message], action: str, pattern: Pattern, now: int) -> Choice:
    """Return the messages that an action touches."""
    chosen = (
        message
        for message in queue
        if message.state in _touched(message.agent, action) and pattern.fits(message, now)
    )
    return Choice(action, tuple(chosen), not pattern.chooses)


def _touched(agent: str, action: str) -> tuple[str, ...]:
    """Return the states that an action touches; nullmailer only has what failed to requeue."""
    if agent == "nullmailer" and action == "requeue":
        return (FAILED,)
    return TOUCHES[action]


def _moved(message: Message, action: str) -> str:
    return replace(message, state=AFTER[action]).line()


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
