"""Long tables from flat files: entries of all sources as one, and both places of what clashes."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from .problems import Problem
from .spec import show
from .table_lines import (
    BLOCK_BYTES,
    FORMS,
    Source,
    Unsound,
    blocks,
    entries_of,
    logical_lines,
    plain_entries,
)

__all__ = [
    "FORMS",
    "LISTED",
    "Inline",
    "Reading",
    "Source",
    "opened",
    "places",
    "read_source",
    "read_sources",
]

_NEAR = 5_000  # entries whose keys are compared at a time
LISTED = 20  # problems of one file, and of one kind, that are told one by one


@dataclass(frozen=True)
class Inline:
    """Entries that stand in the inventory itself; messages call them `where["key"]`."""

    where: str = "entries"
    pairs: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Reading:
    """What sources gave: entries as `key value`, and what is wrong with their lines.

    entries:  a bare key where the value is empty; sorted and each key once after `read_sources`.
    problems: lines that can't be taken, files that can't be read, keys with two values.
    repeats:  keys that stand twice with the same value, which does no harm.
    """

    entries: list[bytes] = field(default_factory=list, repr=False)
    problems: tuple[Problem, ...] = ()
    repeats: tuple[Problem, ...] = ()

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the entries as keys and values."""
        for entry in self.entries:
            key, _gap, value = entry.decode().partition(" ")
            yield key, value


def read_source(source: Source, data: Iterable[bytes], fold: bool = True) -> Reading:
    """Return a source's entries in the order of its lines; `data` is its bytes in any pieces.

    fold: whether a key is the same in capitals and in small letters; it is then in small ones.
    """
    entries: list[bytes] = []
    problems: list[Problem] = []
    count = 0
    for first, block in blocks(data):
        plain = plain_entries(source, block, fold)
        if plain is not None:
            entries += plain
            continue
        for number, found in _read_lines(source, first, block, fold):
            if isinstance(found, list):
                entries += found
                continue
            count += 1
            if count <= LISTED:
                problems.append(Problem(f"{source.name}:{number}", found.what, found.hint))
            last = number
    if count > LISTED:
        problems.append(_more(f"{source.name}:{last}", count))
    return Reading(entries, tuple(problems))


def _read_lines(
    source: Source, first: int, block: bytes, fold: bool
) -> Iterator[tuple[int, list[bytes] | Unsound]]:
    for number, line in logical_lines(source.form, first, block):
        if isinstance(line, Unsound):
            yield number, line
            continue
        try:
            yield number, entries_of(source, line, fold)
        except Unsound as unsound:
            yield number, unsound


def _more(where: str, count: int) -> Problem:
    return Problem(where, f"the last of {count - LISTED} more problems like these")


def opened(source: Source) -> Iterator[bytes]:
    """Yield a source's bytes from this machine's disk."""
    with Path(source.path or source.name).open("rb") as file:
        while piece := file.read(BLOCK_BYTES):
            yield piece


def read_sources(
    sources: Sequence[Source],
    inline: Inline | None = None,
    *,
    ordered: bool = False,
    fold: bool = True,
) -> Reading:
    """Return the entries of all sources, and those of the inventory, as one table.

    ordered: whether the order of entries counts; otherwise they are sorted.
    """
    own = Inline() if inline is None else inline
    entries = [_entry(_folded(key, fold), value) for key, value in own.pairs]
    problems: list[Problem] = []
    readable = []
    for source in sources:
        try:
            reading = read_source(source, opened(source), fold)
        except OSError as error:
            problems.append(Problem(source.name, f"can't be read: {error.strerror}"))
            continue
        readable.append(source)
        entries = entries + reading.entries if entries else reading.entries
        problems += reading.problems
    if not ordered:
        entries.sort()
    values = {source.value if source.form == "keys" else None for source in sources}
    alike = not own.pairs and len(values) == 1 and None not in values
    clashing, repeated = _twice(sorted(entries) if ordered else entries, alike)
    if not clashing and not repeated:
        return Reading([] if problems else entries, tuple(problems))
    found = _all_places(readable, own, {*clashing[:LISTED], *repeated[:LISTED]}, fold)
    problems += _told(found, clashing, clash=True)
    repeats = _told(found, repeated, clash=False)
    once = [] if problems else list(dict.fromkeys(entries))
    return Reading(once, tuple(problems), tuple(repeats))


def _folded(key: str, fold: bool) -> str:
    return key.lower() if fold else key


def _entry(key: str, value: str) -> bytes:
    return (f"{key} {value}" if value else key).encode()


def _twice(entries: Sequence[bytes], alike: bool) -> tuple[list[bytes], list[bytes]]:
    """Return the keys of sorted entries that have two values, and those that stand twice.

    alike: whether all have one value, so that it is enough, and faster, to compare whole entries.
    """
    if alike:
        has_neighbours = any(map(operator.eq, entries, islice(entries, 1, None)))
    else:
        parts = (entries[start : start + _NEAR + 1] for start in range(0, len(entries), _NEAR))
        has_neighbours = any(map(_has_one_key_twice, parts))
    if not has_neighbours:
        return [], []
    clashing: dict[bytes, None] = {}
    repeated: dict[bytes, None] = {}
    last = last_key = None
    for entry in entries:
        key = entry.partition(b" ")[0]
        if key == last_key:
            (repeated if entry == last else clashing)[key] = None
        last, last_key = entry, key
    return list(clashing), list(repeated)


def _has_one_key_twice(entries: Sequence[bytes]) -> bool:
    """Whether it is so, or can't be told as fast as that."""
    ends = [entry.find(b" ") for entry in entries]
    keys = [entry[:end] for entry, end in zip(entries, ends, strict=True)]
    return -1 in ends or any(map(operator.eq, keys, islice(keys, 1, None)))


def places(
    source: Source, data: Iterable[bytes], keys: Iterable[str], fold: bool = True
) -> dict[str, list[tuple[str, str]]]:
    """Return (`FILE:LINE`, value) of every line of a source with one of these keys."""
    wanted = {_folded(key, fold).encode() for key in keys}
    found: dict[str, list[tuple[str, str]]] = {}
    for first, block in blocks(data):
        plain = plain_entries(source, block, fold)
        if plain is not None and wanted.isdisjoint(entry.partition(b" ")[0] for entry in plain):
            continue
        for number, entries in _read_lines(source, first, block, fold):
            for entry in entries if isinstance(entries, list) else ():
                key, _gap, value = entry.partition(b" ")
                if key in wanted:
                    place = (f"{source.name}:{number}", value.decode())
                    found.setdefault(key.decode(), []).append(place)
    return found


def _all_places(
    sources: Sequence[Source], inline: Inline, keys: Iterable[bytes], fold: bool
) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {key.decode(): [] for key in keys}
    for key, value in inline.pairs:
        if _folded(key, fold) in found:
            place = (f"{inline.where}[{show(key)}]", value)
            found[_folded(key, fold)].append(place)
    for source in sources:
        for key, lines in places(source, opened(source), found, fold).items():
            found[key] += lines
    return found


def _told(
    found: Mapping[str, Sequence[tuple[str, str]]], keys: Sequence[bytes], *, clash: bool
) -> list[Problem]:
    """Return for each key its later places: those with another value, or those with the same."""
    told = [
        _clash(key, first, other) if clash else _repeat(key, first, other)
        for key in (name.decode() for name in keys[:LISTED])
        for first, *others in [found[key]]
        for other in others
        if (other[1] != first[1]) is clash
    ]
    if len(keys) > LISTED:
        told.append(Problem(told[-1].where, f"and {len(keys) - LISTED} more keys like these"))
    return told


def _clash(key: str, first: tuple[str, str], other: tuple[str, str]) -> Problem:
    what = f"{show(key)} has the value {show(other[1])} here and {show(first[1])} at {first[0]}"
    return Problem(other[0], what, "keep one of them")


def _repeat(key: str, first: tuple[str, str], other: tuple[str, str]) -> Problem:
    return Problem(other[0], f"{show(key)} stands at {first[0]} already")
