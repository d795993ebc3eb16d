"""Checks of lookup tables that need no Postfix: names, types, entries, where entries come from."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, nearest
from ansible_collections.postern.mail.plugins.module_utils._core.table_lines import (
    LONGEST_KEY,
    Source,
)

from .model import LIST, PATTERNS, TABLE_TYPES, Table
from .parse import parse_table
from .render import NOTICE

TABLE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*\Z")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# What every table carries as it is: no need to write it and read it back.
_SIMPLE_KEY = re.compile(r"[A-Za-z0-9@.][!-~]{0,300}\Z")
_SIMPLE_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?\Z")


def check_tables(tables: Iterable[Table]) -> Iterator[Problem]:
    """Yield what is wrong with tables by themselves."""
    seen: set[str] = set()
    for table in tables:
        where = f"maps[{table.name}]"
        if table.name in seen:
            yield Problem(where, "stands twice")
        seen.add(table.name)
        if not TABLE_NAME.match(table.name) or table.name == "README":
            yield Problem(where, "is no name for a table", "letters, digits, _ and -")
        if table.type not in TABLE_TYPES:
            hint = nearest(table.type, TABLE_TYPES) or f"one of: {', '.join(TABLE_TYPES)}"
            yield Problem(f"{where}.type", f'"{table.type}" is no type of table', hint)
        else:
            yield from _entries(table, where)
            yield from _sources(table, where)


def _entries(table: Table, where: str) -> Iterator[Problem]:
    """Each entry comes back from its line as it was; no two answer for one key."""
    seen: dict[str, str] = {}
    for key, value in table.entries:
        shown = f'{where}.entries["{key}"]'
        if table.type == LIST and value:
            yield Problem(shown, "has a value, and a list has keys only", "leave the value empty")
        elif not _is_carried(table.type, key, value):
            yield Problem(shown, "the table can't carry this key and value")
        folded = key.lower() if table.folds else key
        if folded in seen:
            yield Problem(shown, f'is the same key as "{seen[folded]}" for Postfix')
        seen[folded] = key


def _is_carried(kind: str, key: str, value: str) -> bool:
    if kind not in (*PATTERNS, LIST) and _SIMPLE_KEY.match(key) and _SIMPLE_VALUE.match(value):
        return True
    line, _problems = parse_table(f"{NOTICE}{key} {value}\n", kind)
    sound = line == ((key, value),) and len(key.encode()) <= LONGEST_KEY
    return sound and not UNPRINTABLE.search(key + value) and not key.startswith('"')


def _sources(table: Table, where: str) -> Iterator[Problem]:
    for number, source in enumerate(table.sources):
        place = f"{where}.sources[{number}]"
        if not source.name:
            yield Problem(place, "has neither file nor path", "give one of them")
        elif not source.path:
            yield Problem(f"{place}.file", "was not brought to the host", "give path instead")
        if table.type in PATTERNS:
            what = f'a table of the type "{table.type}" has no sources'
            yield Problem(place, what, "give its patterns as entries")
        else:
            yield from _source(table, source, place)


def _source(table: Table, source: Source, where: str) -> Iterator[Problem]:
    if table.type == LIST and source.form != "keys":
        what = f'"{source.form}" gives values, and a list has keys only'
        yield Problem(f"{where}.form", what, "use keys")
    elif table.type == LIST and source.value:
        yield Problem(f"{where}.value", "a list has keys only", "leave it out")
    elif table.type != LIST and source.form == "keys" and not source.value:
        yield Problem(where, "has no value for its keys", "such as OK, or REJECT and a text")
    if source.form != "keys" and source.value:
        yield Problem(f"{where}.value", f'"{source.form}" has values of its own', "leave it out")
    useless = {"keys": source.origin, "pairs": source.origin or source.domains}
    if useless.get(source.form):
        yield Problem(where, f'"{source.form}" has no use for origin and domains', "leave them out")
    for name in (source.origin, *source.domains):
        if re.search(r"[\s@,:]", name):
            yield Problem(where, f'"{name}" is no domain')
    if UNPRINTABLE.search(source.value):
        yield Problem(f"{where}.value", "has a control character")
