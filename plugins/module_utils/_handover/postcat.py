"""What postcat says of the envelope of a message in Postfix's queue."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Envelope:
    """Sender, and the recipients that have not got the message yet."""

    sender: str
    recipients: tuple[str, ...]


def parse(said: str) -> Envelope | None:
    """Read what `postcat -e` says; None when there is no sender, so the file is not whole."""
    sender: str | None = None
    recipients: list[str] = []
    for line in said.split("\n"):
        name, mark, value = line.partition(": ")
        if not mark:
            continue
        if name == "sender" and sender is None:
            sender = value
        elif name == "recipient":
            recipients.append(value)
    if sender is None:
        return None
    return Envelope(sender, tuple(dict.fromkeys(recipients)))
