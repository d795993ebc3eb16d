"""Long tables: their sources read, sorted and written once, into a folder of this run."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.files import write_stored
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Stored
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.tables import (
    Inline,
    read_sources,
)

from .model import ORDERED, Table
from .render import NOTICE

_LINES = 20_000  # written at a time


@dataclass(frozen=True)
class LongTables:
    """The bytes of tables with sources by the tables' names, and what was found on the way."""

    stored: dict[str, Stored] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    repeats: tuple[Problem, ...] = ()


def write_long_tables(tables: Iterable[Table], work: str) -> LongTables:
    """Write the tables that have sources into a folder, one after the other.

    Only one of them is held in memory, and none after this.
    """
    stored: dict[str, Stored] = {}
    problems: list[Problem] = []
    repeats: list[Problem] = []
    for number, table in enumerate(tables):
        if not table.sources:
            continue
        inline = Inline(f"maps[{table.name}].entries", table.entries)
        ordered = table.type in ORDERED
        reading = read_sources(table.sources, inline, ordered=ordered, fold=table.folds)
        problems += reading.problems
        repeats += reading.repeats
        if not reading.problems:
            path = str(Path(work, f"table-{number}"))
            stored[table.name] = write_stored(path, _written(reading.entries))
    return LongTables(stored, tuple(problems), tuple(repeats))


def _written(entries: list[bytes]) -> Iterator[bytes]:
    yield NOTICE.encode()
    for start in range(0, len(entries), _LINES):
        yield b"\n".join([*entries[start : start + _LINES], b""])
