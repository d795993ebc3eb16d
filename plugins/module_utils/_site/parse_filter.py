"""Read what mail is searched for: checked raw values in, dataclasses and problems out."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.postern.mail.plugins.module_utils._amavis.model import ENDING
from ansible_collections.postern.mail.plugins.module_utils._core.spec import child, show
from ansible_collections.postern.mail.plugins.module_utils._site import values
from ansible_collections.postern.mail.plugins.module_utils._site.model import Exemption, Filter
from ansible_collections.postern.mail.plugins.module_utils._site.reader import Raw, Reader
from ansible_collections.postern.mail.plugins.module_utils._site.values import Wrong

_FOUND = ("virus", "spam", "attachments")


def read_filter(reader: Reader, raw: Raw, home: str) -> Filter:
    """Return what mail is searched for."""
    kept: Raw = raw.get("attachments") or {}
    endings = [
        reader.read(f"mail_filter.attachments.types[{number}]", _ending, text)
        for number, text in enumerate(kept.get("types") or [])
    ]
    return Filter(
        virus=bool(raw.get("virus")),
        spam=bool(raw.get("spam")),
        policy=kept.get("policy") or "allow_all",
        types=tuple(ending for ending in endings if ending),
        locked_archives=kept.get("locked_archives") or "stop",
        when_broken=raw.get("when_broken") or "defer",
        warn_recipients=raw.get("warn_recipients") is not False,
        warn_senders=raw.get("warn_senders") or "own",
        exemptions=tuple(_exemptions(reader, raw, home)),
    )


def _ending(text: str) -> str:
    """Return the ending of a file name, as amavis compares it."""
    ending = text.lower()
    if not ENDING.fullmatch(ending):
        hint = "write it without the dot, like pdf"
        raise Wrong(f"{show(text)} is no ending of a file name", hint)
    return ending


def _exemptions(reader: Reader, raw: Raw, home: str) -> Iterator[Exemption]:
    for number, entry in enumerate(raw.get("exemptions") or []):
        where = child("mail_filter.exemptions", number)
        place, text = f"{where}.recipient", entry.get("recipient")
        who = reader.read(place, lambda text: _recipient(text, home), text)
        found = tuple(kind for kind in _FOUND if kind in (entry.get("found") or ()))
        if not found:
            hint = f"some of: {', '.join(_FOUND)}"
            reader.say(f"{where}.found", "is empty, so it exempts from nothing", hint)
        elif who:
            yield Exemption(who, found, where)


def _recipient(text: str, home: str) -> str:
    """Return a full address, or a domain: what has a dot and no @."""
    return values.domain(text) if "." in text and "@" not in text else values.address(text, home)
