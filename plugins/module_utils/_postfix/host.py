"""Postfix on this host: what is there, and bringing a new configuration in."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused, apply
from ansible_collections.postern.mail.plugins.module_utils._core.commands import (
    NOT_FOUND,
    Outcome,
    run,
)
from ansible_collections.postern.mail.plugins.module_utils._core.files import (
    described,
    files_below,
    lines_of,
    read_present,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import (
    LARGE_BYTES,
    Change,
    File,
    Plan,
    Stored,
    make_plan,
)
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.units import (
    read_units_again,
    systemctl,
)

from .databases import DATABASE_ENDINGS
from .dialogue import listeners, try_listener
from .master import read_again, running_master
from .model import STOCK, Configuration, Table
from .parse import parse_main
from .render import MARK, TABLES, master_cf, render, table_file
from .units import DROP_IN_PATHS, PACKAGED_FOLDER, UNIT, drop_ins

# Parameters that Postfix reads, or copies files for into its chroot, only when it starts.
AT_START = (
    "inet_interfaces",
    "inet_protocols",
    "queue_directory",
    "smtp_tls_CApath",
    "smtpd_tls_CApath",
)
_SAYS = re.compile(r"\b(?:fatal|error|panic|warning): ")


@dataclass(frozen=True)
class Host:
    """The Postfix of one configuration folder: its defaults, its queue, and whether it runs."""

    folder: str
    defaults: Mapping[str, str] = field(repr=False)
    queue: str
    running: bool


def read_host(folder: str) -> Host | None:
    """Return what is installed here, or None where Postfix is not."""
    defaults = installed_defaults()
    if defaults is None:
        return None
    main = read_present([f"{folder}/main.cf"])[f"{folder}/main.cf"]
    queue = str(_settings(main, defaults)["queue_directory"])
    return Host(folder, defaults, queue, running_master(queue) is not None)


def installed_defaults() -> dict[str, str] | None:
    """Return every parameter that the installed Postfix knows, with its default.

    postconf is led to Debian's services, not the host's: with a broken master.cf it stops.
    """
    with tempfile.TemporaryDirectory(prefix="postern-defaults-") as folder:
        Path(folder, "main.cf").touch()
        Path(folder, "master.cf").write_text(master_cf(STOCK), encoding="ascii")
        outcome = run(["postconf", "-c", folder, "-d"])
    if outcome.rc == NOT_FOUND:
        return None
    pairs = (line.partition("=") for line in outcome.out.splitlines())
    return {name.strip(): value.strip() for name, _equals, value in pairs}


def plan_files(
    wanted: Configuration,
    folder: str,
    leaving: Iterable[str],
    long: Mapping[str, Stored] | None = None,
) -> Plan:
    """Compare the wanted files with those on the host; compiled tables come later.

    leaving: files that go, unless they are wanted after all.
    """
    files: dict[str, File | None] = {**render(wanted, folder, long), **drop_ins(folder)}
    present = read_present(files, LARGE_BYTES)
    databases = {f"{folder}/{TABLES}/{table.database}" for table in wanted.tables}
    gone = [path for path in leaving if path not in files and path not in databases]
    present |= {path: described(path) for path in gone}
    files |= dict.fromkeys(gone)
    return make_plan(files, {path: _closed(file) for path, file in present.items()})


def _closed(file: File | None) -> File | None:
    """A file on the host that root alone may read holds a secret: a table that leaves, too."""
    return file and replace(file, secret=not file.mode & 0o077)


def own_files(folder: str) -> list[str]:
    """Return everything in the folder that is kept for the inventory's own tables."""
    return files_below(f"{folder}/{TABLES}")


def strangers(plan: Plan, folder: str) -> list[Problem]:
    """Files of somebody else in a maps folder that does not bear our mark are not removed."""
    if Path(f"{folder}/{MARK}").exists():
        return []
    return [
        Problem(change.path, "is in the way", f"{folder}/{TABLES} is kept for the inventory's own")
        for change in plan.changes
        if change.after is None and change.path.startswith(f"{folder}/{TABLES}/")
    ]


def to_compile(wanted: Configuration, plan: Plan, folder: str) -> list[Table]:
    """Return the tables whose database is missing, open to others or older than its source."""
    return [table for table in wanted.tables if _is_stale(table, plan, folder)]


def _is_stale(table: Table, plan: Plan, folder: str) -> bool:
    if table.database is None:
        return False
    source = Path(f"{folder}/{TABLES}/{table.name}")
    database = source.with_name(table.database)
    if str(source) in plan.paths or not database.is_file():
        return True
    status = database.stat()
    rightful = table_file(table)
    closed = status.st_mode & 0o777 == rightful.mode and database.owner() == rightful.owner
    rightful_group = database.group() == rightful.group
    return not (closed and rightful_group) or status.st_mtime < source.stat().st_mtime


def with_databases(plan: Plan, compiled: Mapping[str, File]) -> Plan:
    """Return the plan with compiled tables behind their sources."""
    extra = (Change(path, described(path), file) for path, file in compiled.items())
    return Plan(tuple(sorted((*plan.changes, *extra), key=lambda change: change.path)))


def diff(plan: Plan) -> list[dict[str, str]]:
    """Return the plan's diff; of databases it says that they are compiled, no bytes."""
    shown = []
    for entry, change in zip(_veiled(plan).diff(lines_of), plan.changes, strict=True):
        source = change.path.rpartition(".")[0]
        if _is_database(change.path) and source in plan.paths and change.after is not None:
            continue
        shown.append(entry)
    return shown


def _veiled(plan: Plan) -> Plan:
    note = b"(compiled table)\n"
    old = b"(the compiled table as it was)\n"

    def veiled(file: File | None, words: bytes) -> File | None:
        return file and replace(file, content=words, stored=None, secret=False)

    return Plan(
        tuple(
            replace(change, before=veiled(change.before, old), after=veiled(change.after, note))
            if _is_database(change.path)
            else change
            for change in plan.changes
        )
    )


def _is_database(path: str) -> bool:
    return path.endswith(DATABASE_ENDINGS)


def needs_restart(plan: Plan, host: Host) -> bool:
    """Whether the plan changes something that Postfix reads only when it starts."""
    for change in plan.changes:
        if change.path == f"{host.folder}/main.cf":
            old, new = (_settings(side, host.defaults) for side in (change.before, change.after))
            return any(old[name] != new[name] for name in AT_START)
    return False


def _settings(file: File | None, defaults: Mapping[str, str]) -> dict[str, str | None]:
    text = file.content.decode("utf-8", "replace") if file else ""
    settings = {**defaults, **dict(parse_main(text)[0])}
    return {name: settings.get(name) for name in AT_START}


def converge(wanted: Configuration, plan: Plan, host: Host, restart: bool) -> None:
    """Apply the plan; when Postfix runs, bring it in and see that mail is still taken."""
    bring_in = _restart if restart else read_again

    def read_units() -> None:
        if plan.paths & DROP_IN_PATHS:
            read_units_again(UNIT)

    def accept() -> None:
        since = time.time()
        read_units()
        outcome = bring_in(host.folder)
        if not outcome.ok:
            words = [outcome.words, *log_words(since, "postfix")]
            raise Refused("\n".join(word for word in words if word))
        wrong = _wrong_answers(wanted, host.folder)
        if wrong:
            raise Refused("\n".join([*wrong, *log_words(since, "postfix")]))

    def undo() -> None:
        read_units()
        bring_in(host.folder)

    if host.running:
        apply(plan, accept, undo)
    else:
        apply(plan, read_units)


def _wrong_answers(wanted: Configuration, folder: str) -> list[str]:
    interfaces, recipients = own_names(folder)
    found: list[str] = []
    for listener in listeners(wanted, interfaces):
        found += try_listener(listener, recipients)
    return found


def own_names(folder: str) -> tuple[str, list[str]]:
    """Return the interfaces of a configuration, and its addresses that must be judged."""
    names = run(["postconf", "-c", folder, "-xh", "inet_interfaces", "mydomain", "myhostname"])
    interfaces, *domains = [*names.out.splitlines(), "", "", ""][:3]
    return interfaces, [f"postmaster@{name}" for name in domains if name]


def _restart(folder: str) -> Outcome:
    if folder == PACKAGED_FOLDER:
        return systemctl("restart", UNIT)
    stopped = run(["postfix", "-c", folder, "stop"])
    return run(["postfix", "-c", folder, "start"]) if stopped.ok else stopped


def log_words(since: float, name: str) -> list[str]:
    """Return what programs under a syslog name complained of since then, each thing once."""
    run(["journalctl", "--sync"])
    since_argument = f"--since=@{int(since)}"
    outcome = run(["journalctl", "-q", "--no-pager", "-o", "short", since_argument])
    lines = outcome.out.splitlines() if outcome.ok else []
    if not any(name in line for line in lines):
        lines = _mail_log()
    found: dict[str, None] = {}
    for line in lines:
        said = line.partition(f" {name}/")[2]
        if _SAYS.search(said):
            found[re.sub(r"^[^ ]*/|\[\d+\]", "", said)] = None
    return list(found)


def _mail_log() -> list[str]:
    """Return the end of the mail log of hosts without a journal."""
    try:
        with Path("/var/log/mail.log").open("rb") as log:
            log.seek(max(0, log.seek(0, 2) - 65536))
            return log.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
