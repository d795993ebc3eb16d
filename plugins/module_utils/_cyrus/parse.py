"""Reading imapd.conf and cyrus.conf as they stand, to learn what a change asks of Cyrus."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

from .model import Entry, Layout

_HEAD = re.compile(r"([A-Z]+)\s*\{")
_WORD = re.compile(r'([A-Za-z]+)=(?:"([^"]*)"|(\S+))')


def parse_settings(text: str) -> dict[str, str]:
    """Read imapd.conf; the last of two equal names holds, as in Cyrus."""
    settings: dict[str, str] = {}
    for line in re.sub(r"\\\n\s*", "", text).split("\n"):
        name, colon, value = line.strip().partition(":")
        if colon and name and not name.startswith("#"):
            settings[name.strip()] = value.strip()
    return settings


def parse_layout(text: str) -> Layout:
    """Read cyrus.conf; what is no section or entry is passed over."""
    sections: dict[str, list[Entry]] = {}
    current: list[Entry] = []
    for raw in text.split("\n"):
        line = raw.strip()
        if head := _HEAD.fullmatch(line):
            current = sections.setdefault(head[1], [])
        elif line and line != "}" and not line.startswith("#"):
            current.append(_entry(line))
    return Layout(
        tuple(sections.get("START", ())),
        tuple(sections.get("SERVICES", ())),
        tuple(sections.get("EVENTS", ())),
        tuple(sections.get("DAEMON", ())),
    )


def _entry(line: str) -> Entry:
    name, *rest = line.split(maxsplit=1)
    words = ((found[1], found[2] or found[3] or "") for found in _WORD.finditer("".join(rest)))
    return Entry(name, tuple(sorted(words)))
