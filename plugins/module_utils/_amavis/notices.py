"""Notices: what people are told, as templates in amavis' own language."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.spec import child, show

# What a text may name between braces, and how amavis' README.customize writes it.
FIELDS = {
    "client": "%a",
    "date": "[:header_field|Date|100]",
    "delivered_to": "[%D|, ]",
    "from": "[:header_field|From|100]",
    "message_id": "%m",
    "quarantine": "%q",
    "recipients": "[%R|, ]",
    "sender": "%s",
    "stopped_for": "[%N|, ]",
    "subject": "[:header_field|Subject|100]",
    "what": "[? %#V |[? %#F |[:ccat|name|main]|%F]|%V]",
}
# Headers that amavis does not write by itself; those to senders are delivery status notifications.
_HEADS = {
    "recipient": "From: %f\\nDate: %d\\nTo: undisclosed-recipients:;\\nMessage-ID: <VR%i@%h>\\n",
    "sender": "Message-ID: <VS%i@%h>\\n",
    "administrator": "From: %f\\nDate: %d\\nTo: [%T|, ]\\nMessage-ID: <VA%i@%h>\\n",
}
KINDS = tuple(_HEADS)
_FIELD = re.compile(r"\{([^{}\n]*)\}")
_SPECIAL = re.compile(r'[\[\]|%#\\"_]')


@dataclass(frozen=True)
class Notice:
    """What one kind of people is told; `{field}` stands for what amavis knows of the message."""

    subject: str
    text: str


def template(kind: str, notice: Notice) -> str:
    """Return the whole notice on one line, as amavis expands it."""
    return f"Subject: {_written(notice.subject.strip())}\\n{_HEADS[kind]}\\n{_written(notice.text)}"


def read_notices(where: str, raw: Mapping[str, Any]) -> tuple[dict[str, Notice], list[Problem]]:
    """Return the notices of a mapping that stands at a place, and what is wrong with them."""
    notices: dict[str, Notice] = {}
    problems: list[Problem] = []
    for kind, given in raw.items():
        place = child(where, kind)
        if kind not in KINDS:
            problems.append(Problem(place, "is no kind of notice", f"one of {', '.join(KINDS)}"))
        elif not isinstance(given, Mapping) or {*given} != {one.name for one in fields(Notice)}:
            problems.append(Problem(place, f"{show(str(given))} is no notice", "subject and text"))
        else:
            notices[kind] = Notice(str(given["subject"]), str(given["text"]))
            problems += _unexpandable(place, notices[kind])
    return notices, problems


def _unexpandable(where: str, notice: Notice) -> Iterator[Problem]:
    """Yield what in the texts amavis could not expand."""
    if "\n" in notice.subject.strip():
        yield Problem(child(where, "subject"), "has more than one line")
    for key, text in (("subject", notice.subject), ("text", notice.text)):
        place = child(where, key)
        if not text.strip():
            yield Problem(place, "is empty", "say what has happened")
        if any(sign in text for sign in "\r\0"):
            yield Problem(place, "has a control character in it")
        for field in _FIELD.findall(text):
            if field not in FIELDS:
                hint = f"one of {', '.join(FIELDS)}"
                yield Problem(place, f'"{{{field}}}" is nothing that a notice knows', hint)


def _written(text: str) -> str:
    """Write words so that amavis takes none of their signs for its own, and fields as macros."""
    pieces = _FIELD.split(text.strip("\n"))
    pieces[::2] = map(_plain, pieces[::2])
    pieces[1::2] = [FIELDS[field] for field in pieces[1::2]]
    return "".join(pieces)


def _plain(words: str) -> str:
    return _SPECIAL.sub(lambda hit: f"\\{ord(hit[0]):03o}", words).replace("\n", "\\n")
