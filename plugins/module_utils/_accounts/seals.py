"""Seals: groups of passwords that were verified once, so that the next run verifies none of them.

A seal is a hash, of the same scheme and cost as a password's, over everything that a group's
members are: to try a guess against it costs what it costs against the guessed one's own hash.
"""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .hashing import MISSING, Hasher

PATH = "/var/lib/postern/accounts.seals"
SMALLEST_GROUP = 4  # fewer are verified one by one, and have no seal


@dataclass(frozen=True)
class Claim:
    """A password and the hash that is said to be of it."""

    name: str
    password: str = field(repr=False)
    hash: str = field(repr=False)

    @property
    def place(self) -> str:
        """Return its place in the tree: each digit chooses one of sixteen branches."""
        return hashlib.sha256(self.name.encode()).hexdigest()


class Seals:
    """Seals by the place of their group, as a former run left them."""

    def __init__(self, known: Mapping[str, str], hasher: Hasher) -> None:
        self._known = known
        self._hasher = hasher
        self._seen: dict[tuple[str, str], bool] = {}

    def fitting(self, claims: Iterable[Claim]) -> set[str]:
        """Return the names of those whose hash is of their password, made as the policy wants."""
        return set(self._fitting(_in_order(claims), ""))

    def of(self, claims: Iterable[Claim]) -> dict[str, str]:
        """Return the seals of claims that all fit; those that hold are kept."""
        return dict(self._made(_in_order(claims), ""))

    def _fitting(self, group: list[tuple[str, Claim]], at: str) -> Iterator[str]:
        if len(group) < SMALLEST_GROUP:
            fits = self._hasher.fits
            yield from (one.name for _place, one in group if fits(one.password, one.hash))
        elif self._holds(group, at):
            yield from (one.name for _place, one in group)
        else:
            for digit, part in _parts(group, len(at)):
                yield from self._fitting(part, at + digit)

    def _made(self, group: list[tuple[str, Claim]], at: str) -> Iterator[tuple[str, str]]:
        if len(group) < SMALLEST_GROUP or any(one.hash == MISSING for _place, one in group):
            return
        if self._holds(group, at):
            yield from (item for item in self._known.items() if item[0].startswith(at))
            return
        yield at, self._hasher.hash(_text(group))
        for digit, part in _parts(group, len(at)):
            yield from self._made(part, at + digit)

    def _holds(self, group: Sequence[tuple[str, Claim]], at: str) -> bool:
        if at not in self._known:
            return False
        key = at, _text(group)
        if key not in self._seen:
            self._seen[key] = self._hasher.fits(key[1], self._known[at])
        return self._seen[key]


def parse_seals(text: str) -> dict[str, str]:
    """Read the file; what is no seal is left out."""
    lines = (line.partition(":") for line in text.split("\n"))
    return {place: seal for place, colon, seal in lines if colon}


def render_seals(seals: Mapping[str, str]) -> str:
    """Write the file: a place and its seal a line; the first, of all, has an empty place."""
    return "".join(f"{place}:{seal}\n" for place, seal in sorted(seals.items()))


def _in_order(claims: Iterable[Claim]) -> list[tuple[str, Claim]]:
    return sorted(((claim.place, claim) for claim in claims), key=lambda pair: pair[0])


def _parts(
    group: Iterable[tuple[str, Claim]], depth: int
) -> Iterator[tuple[str, list[tuple[str, Claim]]]]:
    parts: dict[str, list[tuple[str, Claim]]] = {}
    for place, claim in group:
        parts.setdefault(place[depth], []).append((place, claim))
    yield from parts.items()


def _text(group: Iterable[tuple[str, Claim]]) -> str:
    """Return what is sealed, in fewer bytes than bcrypt reads."""
    members = [(one.name, one.password, one.hash) for _place, one in group]
    return hashlib.sha256(json.dumps(members).encode()).hexdigest()
