"""What long lists on the controller declare, for the checks to look up."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

Where = Callable[[Iterable[str]], Mapping[str, str]]


def _nowhere(_names: Iterable[str]) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class NameList:
    """Names that stand one a line, in small letters; `where` tells file and line of some."""

    names: frozenset[bytes] = frozenset()
    where: Where = _nowhere


@dataclass(frozen=True)
class Lists:
    """The names in a host's long lists; bytes, as the files have them, save time by the million.

    aliases:    name as written, in small letters -> targets, `, ` between them.
    where:      names of aliases -> the file and line where each stands.
    recipients: relay domain -> the names and addresses in its file.
    complete:   whether every file could be read.
    """

    aliases: Mapping[bytes, bytes] = field(default_factory=dict)
    where: Where = _nowhere
    recipients: Mapping[str, NameList] = field(default_factory=dict)
    complete: bool = True

    def alias_for(self, address: str, domains: frozenset[str]) -> str | None:
        """Return the alias that holds for an address: its full form, or a bare name here."""
        name, _at, domain = address.rpartition("@")
        if address.encode() in self.aliases:
            return address
        return name if domain in domains and name.encode() in self.aliases else None

    def targets_of(self, alias: str, home: str) -> tuple[str, ...]:
        """Return where an alias of the lists leads, in full addresses."""
        listed = self.aliases.get(alias.encode(), b"").decode()
        targets = listed.split(", ") if listed else []
        return tuple(target if "@" in target else f"{target}@{home}" for target in targets)

    def has_recipient(self, address: str) -> bool:
        """Say whether the list of a relay domain names an address."""
        name, _at, domain = address.rpartition("@")
        listed = self.recipients.get(domain, NameList()).names
        return name.encode() in listed or address.encode() in listed
