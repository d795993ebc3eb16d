"""A message that waits in a transfer agent's queue, and the patterns that choose messages."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import fnmatch
from dataclasses import dataclass

WAITING, HELD, FAILED = "waiting", "held", "failed"


@dataclass(frozen=True)
class Message:
    """One message of a queue, whatever the agent.

    state: `waiting` to be sent, `held` until an administrator releases it, or `failed` for good.
    queue: the folder or queue as the agent calls it. sender: empty for the null sender.
    recipients: those still to be served. arrived: seconds of the epoch.
    """

    agent: str
    id: str
    queue: str
    state: str
    sender: str
    recipients: tuple[str, ...]
    size: int
    arrived: int
    reason: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return the message as a module hands it on."""
        return {
            "id": self.id,
            "queue": self.queue,
            "state": self.state,
            "sender": _text(self.sender),
            "recipients": [_text(recipient) for recipient in self.recipients],
            "size": self.size,
            "arrived": self.arrived,
            "reason": _text(self.reason),
        }

    def line(self) -> str:
        """Return the message as one line that a person reads, whatever its sender wrote."""
        reason = f" ({self.reason})" if self.reason else ""
        text = f"{self.id} {self.state} <{self.sender}> -> {', '.join(self.recipients)}{reason}"
        return "".join(letter if letter.isprintable() else "?" for letter in text)


@dataclass(frozen=True)
class Pattern:
    """Which messages are meant: every part that is given has to fit.

    Addresses may hold `*` and `?`, and `<>` is the null sender. A recipient fits when one of
    those still to be served does. The reason is text that the agent's own contains.
    """

    sender: str | None = None
    recipient: str | None = None
    ids: tuple[str, ...] = ()
    older_than_seconds: int | None = None
    reason: str | None = None

    @property
    def chooses(self) -> bool:
        """Whether anything is asked for at all; if not, every message fits."""
        return self != Pattern()

    def fits(self, message: Message, now: int) -> bool:
        """Say whether a message is meant."""
        old_enough = (
            self.older_than_seconds is None or now - message.arrived > self.older_than_seconds
        )
        return (
            old_enough
            and (not self.ids or message.id in self.ids)
            and (self.sender is None or _like(message.sender, self.sender))
            and (
                self.recipient is None
                or any(_like(recipient, self.recipient) for recipient in message.recipients)
            )
            and (self.reason is None or self.reason.lower() in message.reason.lower())
        )


def _text(raw: str) -> str:
    """Return text that any encoder takes; bytes that are no text become question marks."""
    return raw.encode("utf-8", "replace").decode()


def _like(address: str, pattern: str) -> bool:
    """Whether an address fits a pattern; brackets are no wildcards, as in `user@[192.0.2.1]`."""
    wanted = "" if pattern == "<>" else pattern.lower().replace("[", "[[]")
    return fnmatch.fnmatchcase(address.lower(), wanted)
