"""From a module call to the complete desired state, and all that is wrong with it by itself."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.spec import child, show

from .authinfo import authinfo_entries
from .checks_mc import check_mc
from .model import Configuration, NameList, Table
from .options import LISTS, TABLES
from .several import with_aliases
from .units import Services, TransactionLog, is_interval
from .wanted_mc import READERS, mail_mc, settings, submit_mc
from .wanted_tables import table_entries

Spec = Mapping[str, Any]
_PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9][A-Za-z0-9._-]*)+\Z")
_SASL_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


def configuration(spec: Spec) -> tuple[Configuration, list[Problem]]:
    """Return the state that a module call describes, and what is wrong with it."""
    problems: list[Problem] = []
    tables = tuple(Table(*named) for named in _named("tables", TABLES, spec, problems))
    lists = tuple(NameList(*named) for named in _named("lists", LISTS, spec, problems))
    aliases = next(_named("", ("aliases",), {"": spec}, problems), None)
    secrets, wrong = authinfo_entries(spec.get("authinfo") or {})
    if spec.get("authinfo"):
        tables = (*tables, Table("authinfo", secrets, secret=True))
    if aliases is not None:
        tables, aliases = _several(tables, aliases)
    brought = {table.name for table in tables} | {one.name for one in lists}
    wanted = Configuration(
        services=_services(spec),
        mc=mail_mc(spec.get("mc") or {}, brought),
        submit=submit_mc(spec.get("submit") or {}, brought),
        tables=tables,
        aliases=None if aliases is None else Table(*aliases),
        lists=lists,
        sasl=settings(spec.get("sasl")),
    )
    problems += [*wrong, *_running(spec), *_sasl(wanted), *_together(wanted, spec)]
    problems += [*check_mc(wanted.mc, "mc"), *check_mc(wanted.submit, "submit")]
    return wanted, problems


def _named(
    where: str, names: tuple[str, ...], spec: Spec, problems: list[Problem]
) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    for name in names:
        given = (spec.get(where) or {}).get(name)
        if given is not None:
            entries, wrong = table_entries(name, given, child(where, name))
            problems += wrong
            yield name, entries


def _several(
    tables: tuple[Table, ...], aliases: tuple[str, tuple[bytes, ...]]
) -> tuple[tuple[Table, ...], tuple[str, tuple[bytes, ...]]]:
    """Give each address of the virtusertable that has several targets an alias of its own."""
    found = []
    for table in tables:
        entries = table.entries
        if table.name == "virtusertable":
            entries, own = with_aliases(entries, aliases[1])
            aliases = (aliases[0], own)
        found.append(replace(table, entries=entries))
    return tuple(found), aliases


def _services(spec: Spec) -> Services:
    log = spec.get("transaction_log")
    kept = None if log is None else TransactionLog(log["path"], log["size_mib"])
    return Services(spec.get("mode") or "queue", str(spec.get("queue_interval") or "1h"), kept)


def _running(spec: Spec) -> Iterator[Problem]:
    services = _services(spec)
    if not is_interval(services.queue_interval):
        what = f"{show(services.queue_interval)} is no time of Sendmail"
        yield Problem("queue_interval", what, "write it like 15m or 1h30m")
    if services.log is None:
        return
    if not _PLAIN_PATH.match(services.log.path):
        yield Problem("transaction_log.path", f"{show(services.log.path)} is no plain full path")
    if services.log.size_mib < 1:
        yield Problem("transaction_log.size_mib", f"{services.log.size_mib} is less than 1")


def _sasl(wanted: Configuration) -> Iterator[Problem]:
    for name, value in wanted.sasl:
        if not _SASL_NAME.match(name):
            yield Problem("sasl", f"{show(name)} can't be the name of a setting")
        if re.search(r"[\x00-\x1f\x7f]", value):
            yield Problem(child("sasl", name), "has a control character")


def _together(wanted: Configuration, spec: Spec) -> Iterator[Problem]:
    """Yield what is wrong between the parts."""
    listens = bool((spec.get("mc") or {}).get("daemon_options"))
    if wanted.services.mode == "daemon" and not listens:
        yield Problem("mc.daemon_options", "is empty", "say where the daemon listens")
    if wanted.services.mode == "queue" and listens:
        yield Problem("mc.daemon_options", "is given, but in the mode queue nothing listens")
    there = {table.name for table in wanted.tables} | {one.name for one in wanted.lists}
    for number, feature in enumerate(wanted.mc.features):
        name = READERS.get(feature.name)
        if name and name not in there:
            yield Problem(
                f"mc.features[{number}]", f"{feature.name} reads {name}, which is not given"
            )
    if wanted.aliases is None and "local" in wanted.mc.mailers:
        yield Problem("aliases", "is missing", "postmaster at least has to lead somewhere")
    names = [feature.name for feature in wanted.mc.features]
    if "msp" in names:
        yield Problem("mc.features", "msp belongs into submit")
