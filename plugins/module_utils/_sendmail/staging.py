"""A staged copy of Sendmail's files: tables compiled, sendmail.cf led to them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome, run
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Stored
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from .model import Configuration, Table
from .render import (
    MC,
    aliases_source,
    database_path,
    render,
    table_file,
    table_source,
)
from .wanted_mc import FOLDER, list_path

SENDMAIL = "/usr/sbin/sendmail"
MAKEMAP = "/usr/sbin/makemap"
LONGEST_SECONDS = 3600  # what a table of millions may take on a slow disk
_QUEUE = "/var/spool/mqueue"
_MAKEMAP = 'exec "$0" -C "$1" hash "$2" <"$2"'
_NOISE = re.compile(r"\d+ aliases, longest")


@dataclass(frozen=True)
class Stage:
    """Where the copy lies, and which path of the host each of its files stands for."""

    folder: str
    paths: Mapping[str, str] = field(default_factory=dict)

    def cf(self, name: str) -> str:
        """Return the staged sendmail.cf or submit.cf."""
        return f"{self.folder}/{name}.cf"

    def told(self, words: str) -> str:
        """Return words with the host's own paths in place of the staged ones."""
        for live, staged in self.paths.items():
            words = words.replace(staged, live)
        return words.replace(f"{self.folder}/", f"{FOLDER}/")


def stage(
    wanted: Configuration, texts: Mapping[str, str], stale: Iterable[Table], folder: str
) -> Stage:
    """Write the copy: both cf, the lists, and the texts of tables that have to be compiled."""
    Path(folder, "queue").mkdir(mode=0o700)
    paths = {_QUEUE: f"{folder}/queue"}
    files = render(wanted)
    for one in wanted.lists:
        paths[list_path(one.name)] = _written(folder, list_path(one.name), files)
    for table in stale:
        live = f"{FOLDER}/{table.name}"
        content = aliases_source(table) if table.name == "aliases" else table_source(table)
        paths[live] = _written(folder, live, {live: File(content)})
    made = Stage(folder, paths)
    for name, (_mc, cf) in MC.items():
        Path(made.cf(name)).write_text(relocated(texts[cf], paths), encoding="utf-8")
    return made


def _written(folder: str, live: str, files: Mapping[str, File | None]) -> str:
    staged = Path(folder, Path(live).name)
    file = files[live]
    staged.write_bytes(b"" if file is None else file.content)
    staged.chmod(0o600)
    return str(staged)


def relocated(text: str, paths: Mapping[str, str]) -> str:
    """Return a cf that reads the staged files in place of the host's own."""
    longest_first = sorted(paths, key=len, reverse=True)
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?![\w.-])")
    return pattern.sub(lambda found: paths[found[0]], text)


def compile_tables(made: Stage, stale: Iterable[Table]) -> tuple[dict[str, File], list[Problem]]:
    """Return the databases by their live paths; their bytes stay in the stage."""
    compiled = {}
    problems = []
    for table in stale:
        staged = made.paths[f"{FOLDER}/{table.name}"]
        outcome = _compile(made, table, staged)
        words = [line for line in outcome.words.splitlines() if not _NOISE.search(line)]
        database = Path(f"{staged}.db")
        if not outcome.ok or words or not database.is_file():
            said = made.told(" ".join(words)) or f"nothing, but ends with {outcome.rc}"
            problems.append(Problem(_place(table), f"Sendmail says: {said}"))
        else:
            stored = Stored(str(database), database.stat().st_size)
            compiled[database_path(table.name)] = table_file(table, stored=stored)
    return compiled, problems


def _compile(made: Stage, table: Table, staged: str) -> Outcome:
    if table.name == "aliases":
        argv = [SENDMAIL, "-C", made.cf("sendmail"), "-bi"]
        return run(argv, timeout_seconds=LONGEST_SECONDS)
    argv = ["/bin/sh", "-c", _MAKEMAP, MAKEMAP, made.cf("sendmail"), staged]
    return run(argv, timeout_seconds=LONGEST_SECONDS)


def _place(table: Table) -> str:
    return table.name if table.name in ("aliases", "authinfo") else f"tables.{table.name}"
