"""What postcat says of the envelope of a message in Postfix's queue."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass

# What a sender has asked for (RFC 3461) stands before the recipient that it is about.
_NOTIFY = "notify_flags="
_NEVER = "1"


@dataclass(frozen=True)
class Envelope:
    """Sender, and the recipients that have not got the message yet.

    quiet: those of whose failure nobody shall hear, as of copies that Postfix itself has made.
    filter: the content filter that has not had the message yet, if there is one.
    """

    sender: str
    recipients: tuple[str, ...]
    quiet: tuple[str, ...] = ()
    filter: str = ""


def parse(said: str) -> Envelope | None:
    """Read what `postcat -e` says; None when there is no sender, so the file is not whole."""
    sender: str | None = None
    told: dict[str, bool] = {}
    flags = content_filter = ""
    for line in said.split("\n"):
        name, mark, value = line.partition(": ")
        if not mark:
            continue
        if name == "sender" and sender is None:
            sender = value
        elif name == "content_filter":
            content_filter = value
        elif name == "named_attribute" and value.startswith(_NOTIFY):
            flags = value.removeprefix(_NOTIFY)
        elif name == "recipient":
            told[value] = told.get(value, False) or flags != _NEVER
        if name in ("recipient", "done_recipient"):
            flags = ""
    if sender is None:
        return None
    quiet = tuple(recipient for recipient, heard_of in told.items() if not heard_of)
    return Envelope(sender, tuple(told), quiet, content_filter)
