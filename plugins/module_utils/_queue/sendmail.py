"""Sendmail: read the control files of its queues, and name the commands that act on them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .model import FAILED, HELD, WAITING, Message

# What the first letter of a control file says: waiting, quarantined, and not to be sent any more.
STATES = {"q": WAITING, "h": HELD, "Q": FAILED}
CONTROL = re.compile(r"[qhQ]f(?P<id>[A-Za-z0-9]+)\Z")
# Headers that only a mailer with that flag would write; the rest any mailer writes.
LATE_HEADERS = re.compile(r"[Px]")
# A busy machine must not keep an administrator from emptying the queue.
BUSY = ("-OQueueLA=10000", "-ORefuseLA=10000", "-OMinQueueAge=0")
# A run reads the whole queue, so it is given many messages at once; each is a word of the call.
AT_ONCE = 1000


@dataclass(frozen=True)
class Control:
    """What a control file says: envelope, header lines as they go out, and why it waits.

    quiet: recipients of whose failure nobody shall hear.
    """

    sender: str
    recipients: tuple[str, ...]
    arrived: int
    headers: bytes
    reason: str
    quiet: tuple[str, ...] = ()


def parse(content: bytes) -> Control | None:
    """Read a control file; None when it is not whole, as while Sendmail writes it."""
    records = _records(content)
    if records is None:
        return None
    first = dict(reversed(records))
    if b"S" not in first or not any(code == b"R" for code, _rest in records):
        return None
    return Control(
        sender=_address(first[b"S"]),
        recipients=tuple(_recipient(text) for code, text in records if code == b"R"),
        arrived=int(first.get(b"T", b"0") or b"0"),
        headers=b"".join(_header(text) for code, text in records if code == b"H"),
        reason=_text(first.get(b"q") or first.get(b"M") or b""),
        quiet=tuple(_recipient(text) for code, text in records if code == b"R" and _quiet(text)),
    )


def message(name: str, queue: str, control: Control, size: int) -> Message:
    """Return the message of a control file of that name."""
    return Message(
        agent="sendmail",
        id=name[2:],
        queue=queue,
        state=STATES[name[0]],
        sender=control.sender,
        recipients=control.recipients,
        size=size,
        arrived=control.arrived,
        reason=control.reason,
    )


def commands(action: str, messages: Sequence[Message]) -> Iterator[tuple[str, ...]]:
    """Yield the programs for an action; the queue of a message says whose daemon's it is."""
    words = {"flush": (), "hold": ("-Qheld by the administrator",), "release": ("-qQ", "-Q")}
    for queue in sorted({one.queue for one in messages}, reverse=True):
        names = [f"-qI{one.id}" for one in messages if one.queue == queue]
        for start in range(0, len(names), AT_ONCE):
            yield (
                "sendmail",
                _mode(queue),
                *BUSY,
                *words[action],
                *names[start : start + AT_ONCE],
            )


def flush(queues: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the programs that try all messages now: what waits to be handed on comes first."""
    return [("sendmail", _mode(queue), *BUSY, "-q") for queue in sorted(queues, reverse=True)]


def _mode(queue: str) -> str:
    return "-Ac" if queue.endswith("-client") else "-Am"


def _records(content: bytes) -> list[tuple[bytes, bytes]] | None:
    """Return code letter and text of each record, folded lines joined; a dot alone ends it."""
    records: list[tuple[bytes, bytes]] = []
    for line in content.split(b"\n"):
        if line == b".":
            return records
        if line[:1] in (b"\t", b" ") and records:
            code, text = records.pop()
            records.append((code, text + b"\n" + line))
        elif line:
            records.append((line[:1], line[1:]))
    return None


def _recipient(text: bytes) -> str:
    """Return the address of a recipient record, whose flags end with a colon."""
    return _address(text.partition(b":")[2])


def _quiet(text: bytes) -> bool:
    """Say whether the sender has chosen what to hear of (N), and none of it (S, F, D)."""
    flags = text.partition(b":")[0]
    return b"N" in flags and not set(flags) & set(b"SFD")


def _address(text: bytes) -> str:
    found = _text(text).strip()
    return found[1:-1] if found.startswith("<") and found.endswith(">") else found


def _header(text: bytes) -> bytes:
    """Return a header as it goes out; `?flags?` before it names mailers that write it."""
    if text[:1] != b"?":
        return text + b"\n"
    flags, _mark, line = text[1:].partition(b"?")
    late = LATE_HEADERS.search(flags.decode("latin-1"))
    return b"" if late else line + b"\n"


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
