"""The rehearsal: Postfix's own programs judge a staged copy before anything goes live."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.apply import staged
from ansible_collections.postern.mail.plugins.module_utils._core.commands import NOT_FOUND, run
from ansible_collections.postern.mail.plugins.module_utils._core.files import files_below
from ansible_collections.postern.mail.plugins.module_utils._core.plan import (
    Change,
    File,
    Plan,
    Stored,
)
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from .checks import OWN_FOLDER, check_words, missing_types, named_tables, place_of
from .dialogue import try_staged
from .host import Host, log_words, own_names
from .model import LIST, STOCK, Configuration, Service, Table
from .render import READERS, TABLES, table_file

# A daemon that is run by hand without a transport reads all its parameters, then stops with this.
LONGEST_SECONDS = 3600  # what a table of millions may take on a slow disk
_DONE = "fatal: no transport type specified"


_PROXIED = re.compile(rb"(?<![^\s,{!])proxy:(?=[a-z]+:)")


def rehearse(
    wanted: Configuration, plan: Plan, host: Host, stale: Iterable[Table], work: str
) -> tuple[dict[str, File], list[Problem]]:
    """Return the compiled tables by their live paths, and all that Postfix objects to.

    Tables of the host that stay as they are only have links in the staged copy: they may be
    large, and nobody writes them. The compiled ones are left in the folder `work`.
    """
    problems = missing_types(wanted, run(["postconf", "-m"]).out.split())
    tables = list(stale)
    databases = (f"{host.folder}/{TABLES}/{table.database}" for table in tables)
    made_anew = tuple(Change(path, None, None) for path in databases)
    with staged(
        Plan((*plan.changes, *made_anew)), host.folder, files_below(f"{host.folder}/{TABLES}")
    ) as stage:
        _open_to_postfix(stage)
        problems += _judged_by_postconf(stage, host.defaults)
        if not problems:
            problems += _judged_by_daemons(stage, wanted, host.defaults)
        if problems:
            return {}, problems
        compiled, problems = _compile(stage, host.folder, tables, work)
        problems += _judged_by_lookups(stage, wanted)
        if not problems and host.running:
            problems += _judged_in_dialogue(stage, wanted, host)
    return compiled, problems


def _open_to_postfix(stage: str) -> None:
    """Let Postfix's own user read what it may read live too.

    Staged tables are opened directly: the running proxymap knows nothing of them. The time of
    main.cf is put back: Postfix waits for two seconds on a younger one, since somebody might be
    writing it.
    """
    Path(stage).parent.chmod(0o711)
    Path(stage).chmod(0o755)
    main = Path(stage) / "main.cf"
    main.write_bytes(_PROXIED.sub(b"", main.read_bytes()))
    earlier = time.time() - 60
    os.utime(main, (earlier, earlier))
    for path in Path(stage, TABLES).glob("*"):
        if not path.is_symlink() and path.stat().st_mode & 0o040:
            shutil.chown(path, group=READERS)


def _judged_by_postconf(stage: str, defaults: Mapping[str, str]) -> list[Problem]:
    words = {run(["postconf", "-c", stage, mode]).err for mode in ("-n", "-M", "-P")}
    return check_words("\n".join(sorted(words)), defaults)


def _compile(
    stage: str, folder: str, tables: Iterable[Table], work: str
) -> tuple[dict[str, File], list[Problem]]:
    compiled = {}
    problems = []
    for table in tables:
        source = Path(stage, TABLES, table.name)
        argv = ["postmap", "-c", stage, f"{table.type}:{source}"]
        outcome = run(argv, timeout_seconds=LONGEST_SECONDS)
        database = source.with_name(str(table.database))
        if not outcome.ok or outcome.words:
            words = outcome.words.replace(stage, folder)
            problems.append(Problem(f"maps[{table.name}]", f"postmap says: {words}"))
        elif database.is_file():
            kept = Path(work, database.name)
            kept.hardlink_to(database)
            stored = Stored(str(kept), kept.stat().st_size)
            compiled[f"{folder}/{TABLES}/{table.database}"] = table_file(table, stored=stored)
            if not table.secret:
                shutil.chown(database, group=READERS)
    return compiled, problems


def _judged_by_lookups(stage: str, wanted: Configuration) -> list[Problem]:
    """Every table is tried with a lookup, those of others that a value names included."""
    named = {name: where for where, name in named_tables(wanted)}
    own = {
        f"{one.type}:{OWN_FOLDER}/{TABLES}/{one.name}": f"maps[{one.name}]"
        for one in wanted.tables
        if one.type != LIST
    }
    tables = sorted({**named, **own}.items())

    def trial(name: str) -> str:
        path = name.replace(OWN_FOLDER, stage)
        return run(["postmap", "-c", stage, "-q", "192.0.2.1", path]).err.strip()

    with ThreadPoolExecutor(max_workers=8) as pool:
        words = pool.map(lambda table: trial(table[0]), tables)
    return [
        Problem(where, f"postmap says: {said.replace(f'{stage}/', '')}")
        for (_name, where), said in zip(tables, words, strict=True)
        if said
    ]


def _program(service: Service, defaults: Mapping[str, str]) -> str:
    folder = defaults.get("daemon_directory", "/usr/lib/postfix/sbin")
    return str(Path(folder, service.command))


def _judged_by_daemons(
    stage: str, wanted: Configuration, defaults: Mapping[str, str]
) -> list[Problem]:
    """Every daemon reads its parameters, the service's own options included, and stops."""
    since, token = time.time(), f"postern-{secrets.token_hex(4)}"
    trials = [service for service in wanted.services if _can_start(service, wanted)]

    def trial(service: Service) -> bool:
        own = [word for pair in service.options for word in ("-o", "=".join(pair))]
        limit = {"0": ["-z"], "1": ["-l"]}.get(service.maxproc, [])
        program = _program(service, defaults)
        argv = [program, "-n", service.name, *limit, *own, "-o", f"syslog_name={token}"]
        surroundings = {"MAIL_CONFIG": stage, "MAIL_LOGTAG": token}
        return run(argv, env=surroundings, timeout_seconds=60).rc != NOT_FOUND

    with ThreadPoolExecutor(max_workers=len(trials) or 1) as pool:
        there = list(pool.map(trial, trials))
    problems = [
        Problem(f"services[{service.name}/{service.type}]", f'no program "{service.command}"')
        for service, found in zip(trials, there, strict=True)
        if not found
    ]
    return problems + _said(since, token, stage, wanted)


def _can_start(service: Service, wanted: Configuration) -> bool:
    """Debian ships virtual(8), which cannot start as long as it has no folder for mailboxes."""
    return service.command != "virtual" or bool(dict(wanted.parameters).get("virtual_mailbox_base"))


def _judged_in_dialogue(stage: str, wanted: Configuration, host: Host) -> list[Problem]:
    """Each SMTP server answers a stranger, so that its restrictions and tables are used.

    The staged servers ask the running Postfix how addresses are rewritten. Where it is at fault
    itself, their answers say nothing, and the change may be what mends it.
    """
    since, token = time.time(), f"postern-{secrets.token_hex(4)}"
    kinds = ("inet", "pass")  # behind postscreen it is handed its clients
    servers = [one for one in wanted.services if one.command == "smtpd" and one.type in kinds]
    if not servers or _answers(host.folder, STOCK[0], token, host):
        return []
    problems = [
        Problem(f"services[{server.name}/{server.type}]", f"Postfix says: {reply}")
        for server in servers
        for reply in _answers(stage, server, token, host)
    ]
    return problems + (_said(since, token, stage, wanted) if problems else [])


def _answers(folder: str, server: Service, token: str, host: Host) -> list[str]:
    _interfaces, recipients = own_names(folder)
    options = ((name, _PROXIED.sub(b"", value.encode()).decode()) for name, value in server.options)
    direct = replace(server, options=tuple(options))
    return try_staged(_program(server, host.defaults), direct, folder, token, recipients)


def _said(since: float, token: str, stage: str, wanted: Configuration) -> list[Problem]:
    """Return complaints without the daemon's name: most are repeated by all of them."""
    words = (line.replace(f"{stage}/", "") for line in log_words(since, token))
    return [
        Problem(place_of(line, wanted), f"Postfix says: {line.partition(': ')[2]}")
        for line in words
        if _DONE not in line and ("fatal: " in line or "error: " in line or "panic: " in line)
    ]
