"""Postfix: read what postqueue says of the queue, and name the commands that act on it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .model import HELD, WAITING, Message

LIST = ("postqueue", "-j")
# postsuper takes queue ids from standard input, so any number of them goes with one call.
SUPER = {"delete": "-d", "hold": "-h", "release": "-H", "requeue": "-r"}
NULL_SENDER = "MAILER-DAEMON"  # how postqueue writes the null sender


def parse(listing: str) -> list[Message]:
    """Return the messages of `postqueue -j`: one JSON object a line."""
    return [_message(json.loads(line)) for line in listing.splitlines() if line.strip()]


def command(action: str, ids: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return the program and its input for an action on messages."""
    return ("postsuper", SUPER[action], "-"), "".join(f"{name}\n" for name in ids)


def flush(ids: Sequence[str] | None) -> list[tuple[str, ...]]:
    """Return the programs that try messages now; without ids, the whole queue."""
    if ids is None:
        return [("postqueue", "-f")]
    return [("postqueue", "-i", name) for name in ids]


def _message(entry: Mapping[str, Any]) -> Message:
    recipients = entry["recipients"]
    reasons = dict.fromkeys(str(part.get("delay_reason", "")) for part in recipients)
    sender = str(entry["sender"])
    return Message(
        agent="postfix",
        id=str(entry["queue_id"]),
        queue=str(entry["queue_name"]),
        state=HELD if entry["queue_name"] == "hold" else WAITING,
        sender="" if sender == NULL_SENDER else sender,
        recipients=tuple(str(part["address"]) for part in recipients),
        size=int(entry["message_size"]),
        arrived=int(entry["arrival_time"]),
        reason="; ".join(reason for reason in reasons if reason),
    )
