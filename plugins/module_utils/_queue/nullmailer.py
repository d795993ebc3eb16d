"""nullmailer: read the files of its queue, which hold envelope and message."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from .model import FAILED, WAITING, Message

SPOOL = "/var/spool/nullmailer"
TRIGGER = f"{SPOOL}/trigger"
STATES = {"queue": WAITING, "failed": FAILED}


def parse(content: bytes) -> tuple[str, tuple[str, ...], bytes] | None:
    """Return sender, recipients and the message as it is; None when the file is not whole."""
    envelope, blank, body = content.partition(b"\n\n")
    if content.startswith(b"\n"):  # the null sender is an empty line
        envelope, blank, body = content[1:].partition(b"\n\n")
        envelope = b"\n" + envelope
    lines = envelope.split(b"\n")
    recipients = tuple(_text(line) for line in lines[1:] if line)
    if not blank or not recipients:
        return None
    return _text(lines[0]), recipients, body


def message(name: str, queue: str, content: bytes, arrived: int) -> Message | None:
    """Return the message of a file of that name."""
    found = parse(content)
    if found is None:
        return None
    return Message(
        agent="nullmailer",
        id=name,
        queue=queue,
        state=STATES[queue],
        sender=found[0],
        recipients=found[1],
        size=len(found[2]),
        arrived=arrived,
    )


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
