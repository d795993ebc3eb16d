"""The entries of a table or list, from the inventory and flat files, and what is wrong."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.spec import child, show
from ansible_collections.postern.mail.plugins.module_utils._core.tables import (
    Inline,
    Reading,
    Source,
    opened,
    places,
    read_sources,
)

from .answers import ANSWERING, with_quotes
from .checks_tables import alias_target_fault, faults
from .networks import expanded
from .words import ACCESS_TAGS

Spec = Mapping[str, Any]
Pairs = tuple[tuple[str, str], ...]
_MOST = 20  # faulty entries of one table that are told one by one


@dataclass(frozen=True)
class _Group:
    """Sources whose keys all get the same tag before them, and what the inventory says there."""

    tag: str
    sources: tuple[Source, ...]
    inline: Inline = field(default_factory=Inline)


def table_entries(name: str, given: Spec, where: str) -> tuple[tuple[bytes, ...], list[Problem]]:
    """Return what a table of that name holds as `key value`, sorted, and what is wrong with it."""
    pairs, problems = _inline(name, given.get("entries"), child(where, "entries"))
    groups = list(_groups(given.get("sources") or (), pairs, where, problems))
    entries: list[bytes] = []
    for group in groups:
        reading = read_sources(group.sources, group.inline)
        problems += [_tagged_place(problem, group.tag) for problem in reading.problems]
        entries += _tagged(reading, group.tag)
    if name == "access":
        entries, wrong = expanded(map(_canonical, entries), child(where, "entries"))
        problems += wrong
    problems += _faulty(name, entries, groups, where)
    if name in ANSWERING:
        entries = with_quotes(entries)
    return tuple(sorted(entries)) if not problems else (), problems


def _inline(name: str, given: Any, where: str) -> tuple[Pairs, list[Problem]]:  # noqa: ANN401
    """Return the inventory's entries as pairs; the targets of an alias as one value."""
    if isinstance(given, (list, tuple)):
        given = dict.fromkeys(map(str, given), "")
    problems: list[Problem] = []
    pairs = []
    for key, value in (given or {}).items():
        at = child(where, str(key))
        if any(mark.isspace() for mark in str(key)) or not str(key) or str(key)[0] in '#"':
            problems.append(Problem(at, f"{show(str(key))} can't be a key"))
            continue
        text = _targets(value, at, problems) if name == "aliases" else _text(value)
        if "\n" in text or "\r" in text or "\0" in text:
            problems.append(Problem(at, "has a line break"))
        elif not text and name not in _BARE:
            problems.append(Problem(at, "has no value"))
        else:
            pairs.append((str(key), text))
    return tuple(pairs), problems


def _text(value: object) -> str:
    """Return a value as text; a list with commas, and a bare NO, a boolean for YAML, as it was."""
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(part) for part in value)
    if isinstance(value, bool):
        return "YES" if value else "NO"
    return "" if value is None else str(value).strip()


_BARE = (
    "generics_domains",
    "local_host_names",
    "relay_domains",
    "trusted_users",
    "virtuser_domains",
)


def _targets(given: object, at: str, problems: list[Problem]) -> str:
    targets = [given] if isinstance(given, str) else given
    if not isinstance(targets, (list, tuple)):
        problems.append(Problem(at, "is no list of targets"))
        return "-"
    for number, target in enumerate(targets):
        if fault := alias_target_fault(str(target)):
            problems.append(Problem(child(at, number), *fault))
    return ", ".join(_target(str(target)) for target in targets)


def _target(target: str) -> str:
    """Return a target as aliases(5) has it: in quotes where it has marks of its own."""
    return f'"{target}"' if set(target) & set(" \t,:|()") else target


def _groups(
    given: Iterable[Spec], pairs: Pairs, where: str, problems: list[Problem]
) -> Iterator[_Group]:
    sources: dict[str, list[Source]] = {"": []}
    for number, spec in enumerate(given):
        at = child(child(where, "sources"), number)
        if not spec.get("path"):
            hint = "the plugin of the same name brings it; call postern.mail.sendmail as a task"
            problems.append(Problem(at, "the file is not on the host", hint))
            continue
        sources.setdefault(spec.get("tag") or "", []).append(_source(spec))
    left = dict(pairs)
    for tag in sorted(sources, reverse=True):
        start = f"{tag}:".lower() if tag else ""
        own = {key: value for key, value in left.items() if key.lower().startswith(start)}
        left = {key: value for key, value in left.items() if key not in own}
        bare = tuple((key[len(start) :], value) for key, value in own.items())
        yield _Group(tag, tuple(sources[tag]), Inline(child(where, "entries"), bare))


def _source(spec: Spec) -> Source:
    return Source(
        name=str(spec.get("file") or spec["path"]),
        form=spec["form"],
        origin=spec.get("origin") or "",
        domains=tuple(spec.get("domains") or ()),
        value=spec.get("value") or "",
        path=spec["path"],
    )


def _tagged(reading: Reading, tag: str) -> list[bytes]:
    start = f"{tag}:".encode()
    return [start + entry for entry in reading.entries] if tag else reading.entries


def _tagged_place(problem: Problem, tag: str) -> Problem:
    if not tag:
        return problem
    where, what = (
        text.replace('entries["', f'entries["{tag}:') for text in (problem.where, problem.what)
    )
    return Problem(where, what, problem.hint)


_CANONICAL = {tag.lower().encode(): tag.encode() for tag in ACCESS_TAGS}


def _canonical(entry: bytes) -> bytes:
    """Return an entry of the access table with its tag as the books write it."""
    tag, colon, rest = entry.partition(b":")
    return _CANONICAL.get(tag, tag) + colon + rest


def _faulty(
    name: str, entries: Iterable[bytes], groups: Iterable[_Group], where: str
) -> Iterator[Problem]:
    """Yield what is wrong with entries, each at its place: the inventory, or a file's line."""
    found = faults(name, entries)
    at = _places(groups, [key for key, _what, _hint in found[:_MOST]])
    for key, what, hint in found[:_MOST]:
        yield Problem(at.get(key.lower(), child(child(where, "entries"), key)), what, hint)
    if len(found) > _MOST:
        yield Problem(where, f"{len(found) - _MOST} more entries like these")


def _places(groups: Iterable[_Group], keys: Iterable[str]) -> dict[str, str]:
    wanted = [key.lower() for key in keys]
    found: dict[str, str] = {}
    for group in groups:
        start = f"{group.tag}:".lower() if group.tag else ""
        bare = [key[len(start) :] for key in wanted if key.startswith(start)]
        for source in group.sources if bare else ():
            lines = places(source, opened(source), bare)
            found |= {start + key: at[0][0] for key, at in lines.items()}
        for key, _value in group.inline.pairs:
            at = child(group.inline.where, f"{group.tag}:{key}" if group.tag else key)
            found[start + key.lower()] = at
    return found
