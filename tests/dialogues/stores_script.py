"""How a dialogue with a store is written, and the messages that stand in dialogues."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One dialogue, and why the stores may differ in it."""

    what: str
    script: str
    why: str = ""


def _message(subject: str, sender: str, words: str) -> str:
    lines = (f"From: {sender}", "To: grace@example.org", "Date: Sat, 7 Nov 2026 10:00:00 +0000",
             f"Subject: {subject}", f"Message-ID: <{subject.replace(' ', '.')}@example.com>",
             "MIME-Version: 1.0", "Content-Type: text/plain; charset=UTF-8",
             "Content-Transfer-Encoding: 8bit", "", words, "")  # fmt: skip
    return "\r\n".join(lines)


MESSAGES = {
    "hello": _message("hello", "bob@example.com", "Words of greeting."),
    "second": _message("second", "carol@example.org", "Grüße aus Köln."),
    "third": _message("=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=", "bob@example.com", "Three."),
    "dots": _message("dots", "bob@example.com", ".\r\n..\r\n.. end"),
    "large": _message("large", "bob@example.com", ("0123456789abcdef" * 4 + "\r\n") * 17000),
    "Köln": "Köln",  # as literals: a quoted string has 7 bits
    "Grüße": "Grüße",
    "alone as grace": "AGdyYWNlQGV4YW1wbGUub3JnAHdyb25n",
}
