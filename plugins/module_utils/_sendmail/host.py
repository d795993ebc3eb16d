"""Sendmail on this host: what is there, what differs, and bringing a new state in."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused, apply
from ansible_collections.postern.mail.plugins.module_utils._core.files import (
    described,
    lines_of,
    read_present,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import (
    LARGE_BYTES,
    Change,
    File,
    Plan,
    make_plan,
)

from .dialogue import try_endpoint
from .greeting import endpoints
from .model import Configuration, Table
from .options import LISTS
from .render import MC, SASL, database_path, source_path, table_file
from .service import CF_PATH, settle, settle_again
from .staging import MAKEMAP, SENDMAIL
from .units import DAEMON, TMPFILES_PATH, UNIT_PATHS, logs_of
from .wanted_mc import list_path

# What a Sendmail that runs has read when it started; tables are opened anew by each process.
RELOADS = frozenset({SASL, *(cf for _mc, cf in MC.values()), *map(list_path, LISTS)})


def is_installed() -> bool:
    """Say whether Sendmail and what compiles its tables are here."""
    return Path(SENDMAIL).exists() and Path(MAKEMAP).exists()


def plan_files(files: Mapping[str, File | None]) -> Plan:
    """Compare the wanted files with those on the host; databases come later."""
    leaving = [path for path, file in files.items() if file is None and path.endswith(".db")]
    present = read_present(files.keys() - leaving, LARGE_BYTES)
    present |= {path: described(path) for path in leaving}
    return make_plan(files, {path: _closed(file) for path, file in present.items()})


def _closed(file: File | None) -> File | None:
    """A file on the host that root alone may read holds a secret: a table that leaves, too."""
    return file and replace(file, secret=not file.mode & 0o077)


def to_compile(wanted: Configuration, plan: Plan) -> list[Table]:
    """Return the tables whose database is missing, open to others or older than its source."""
    tables = [*wanted.tables, *([wanted.aliases] if wanted.aliases else [])]
    return [table for table in tables if _is_stale(table, plan)]


def _is_stale(table: Table, plan: Plan) -> bool:
    source, database = Path(source_path(table.name)), Path(database_path(table.name))
    if str(source) in plan.paths or not database.is_file():
        return True
    status, rightful = database.stat(), table_file(table)
    rights = (status.st_mode & 0o7777, database.owner(), database.group())
    if rights != (rightful.mode, rightful.owner, rightful.group):
        return True
    return status.st_mtime < source.stat().st_mtime


def with_databases(plan: Plan, compiled: Mapping[str, File]) -> Plan:
    """Return the plan with compiled tables behind their sources."""
    extra = (Change(path, described(path), file) for path, file in compiled.items())
    return Plan(tuple(sorted((*plan.changes, *extra), key=lambda change: change.path)))


def diff(plan: Plan) -> list[dict[str, str]]:
    """Return the plan's diff; of databases only that they are compiled, and no cf beside its mc."""
    made_of = {cf: mc for mc, cf in MC.values()}
    made_of |= {path: path.removesuffix(".db") for path in plan.paths if path.endswith(".db")}
    made_of[database_path("aliases")] = source_path("aliases")
    shown = []
    for entry, change in zip(_veiled(plan).diff(lines_of), plan.changes, strict=True):
        if made_of.get(change.path) not in plan.paths or change.after is None:
            shown.append(entry)
    return shown


def _veiled(plan: Plan) -> Plan:
    def veiled(file: File | None, words: bytes) -> File | None:
        return file and replace(file, content=words, stored=None, secret=False)

    old, new = b"(the compiled table as it was)\n", b"(compiled table)\n"
    return Plan(
        tuple(
            replace(change, before=veiled(change.before, old), after=veiled(change.after, new))
            if change.path.endswith(".db")
            else change
            for change in plan.changes
        )
    )


def leaving_logs(plan: Plan) -> list[Path]:
    """Return the logs of dialogues that are left behind; passwords are in them."""
    changes = [change for change in plan.changes if change.path == TMPFILES_PATH]
    before = {path for change in changes for path in _logs(change.before)}
    after = {path for change in changes for path in _logs(change.after)}
    paths = [Path(path) for path in sorted(before - after)]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def _logs(file: File | None) -> tuple[str, ...]:
    return logs_of(file.content) if file else ()


def converge(plan: Plan, units: Collection[str]) -> None:
    """Apply the plan, let the units run, and see that mail is taken; raises Refused."""

    def accept() -> None:
        settle(units, plan.paths, reload_needed=bool(plan.paths & RELOADS))
        wrong = _wrong_answers() if DAEMON in units and _asks(plan) else []
        if wrong:
            raise Refused("\n".join(wrong))
        for path in leaving_logs(plan):
            path.unlink(missing_ok=True)

    def undo() -> None:
        settle_again(plan.paths)

    apply(plan, accept, undo)


def _asks(plan: Plan) -> bool:
    """Whether answers may be other than before: after changed files, not after a mere start."""
    return bool(plan.paths - UNIT_PATHS)


def _wrong_answers() -> list[str]:
    text = Path(CF_PATH).read_text(encoding="utf-8", errors="replace")
    found: list[str] = []
    for place in endpoints(text):
        found += try_endpoint(place, ["postmaster"])
    return found
