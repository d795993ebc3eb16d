"""Checks of a Postfix configuration that need no Postfix: form, names, references."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, nearest

from .checks_tables import UNPRINTABLE, check_tables
from .model import LIST, SERVICE_TYPES, TABLE_TYPES, Configuration, Service, Table
from .render import TABLES
from .words import RESTRICTION_LISTS, RESTRICTIONS, VALUED

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]*\Z")
SERVICE_NAME = re.compile(r"[^\s#{}]+\Z")
OWN_FOLDER = "$config_directory"
OWN_TABLE = re.compile(
    r"(?<![^\s,{}!])(?:proxy:)?([a-z]*:|)\$config_directory/" + TABLES + r"/([^\s,{}]+)"
)
NAMED_TABLE = re.compile(r"(?:^|[\s,{])(?:proxy:)?((?:" + "|".join(TABLE_TYPES) + r"):[^\s,{}]+)")


def check(wanted: Configuration) -> list[Problem]:
    """Return everything that is wrong with a configuration by itself."""
    return [
        *_parameters(wanted.parameters, "parameters"),
        *_restrictions(wanted),
        *_services(wanted.services),
        *check_tables(wanted.tables),
        *_references(wanted),
    ]


def _parameters(settings: Iterable[tuple[str, str]], where: str) -> Iterator[Problem]:
    for name, value in settings:
        if not NAME.match(name):
            yield Problem(where, f'"{name}" can\'t be the name of a parameter')
        if UNPRINTABLE.search(value):
            yield Problem(f"{where}.{name}", "has a control character")


def _restrictions(wanted: Configuration) -> Iterator[Problem]:
    """Look at the words of each restriction list, in main.cf and in services' options."""
    classes = set(dict(wanted.parameters).get("smtpd_restriction_classes", "").split())
    classes = {name.strip(",") for name in classes}
    for where, settings in _all_settings(wanted):
        for name, value in settings:
            if name in RESTRICTION_LISTS or name in classes:
                yield from _restriction_words(f"{where}.{name}", value, classes)


def _all_settings(wanted: Configuration) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    yield "parameters", wanted.parameters
    for service in wanted.services:
        yield f"services[{service.name}/{service.type}].options", service.options


def _restriction_words(where: str, value: str, classes: set[str]) -> Iterator[Problem]:
    known = RESTRICTIONS | VALUED | classes
    words = iter(re.sub(r"(?<!\$)\{.*?\}", " table: ", value).replace(",", " ").split())
    for word in words:
        if "$" in word or ":" in word or "=" in word:
            continue
        if word in VALUED:
            next(words, None)
        elif word not in known:
            yield Problem(where, f'"{word}" is no restriction', nearest(word, known))


def _services(services: tuple[Service, ...]) -> Iterator[Problem]:
    for service in services:
        where = f"services[{service.name}/{service.type}]"
        if not SERVICE_NAME.match(service.name):
            yield Problem(where, "the name has a space or a mark that master.cf can't carry")
        if service.type not in SERVICE_TYPES:
            yield Problem(
                where, f'"{service.type}" is no type', f"one of: {', '.join(SERVICE_TYPES)}"
            )
        yield from _columns(service, where)
        yield from _parameters(service.options, f"{where}.options")
        for name, value in service.options:
            if value.count("{") != value.count("}"):
                yield Problem(f"{where}.options.{name}", "has braces without their pair")
        for word in service.arguments:
            if not word.strip() or word == "-o" or set(word) & set("\n{}"):
                yield Problem(f"{where}.arguments", f'"{word}" can\'t be carried', "see options")


def _columns(service: Service, where: str) -> Iterator[Problem]:
    if not re.match(r"[a-z0-9_./-]+\Z", service.command):
        yield Problem(f"{where}.command", f'"{service.command}" is no program of Postfix')
    for column in ("private", "unpriv", "chroot"):
        if getattr(service, column) not in ("y", "n", "-"):
            yield Problem(f"{where}.{column}", "is neither true nor false")
    if not re.match(r"(-|\d+\??)\Z", service.wakeup):
        yield Problem(f"{where}.wakeup", f'"{service.wakeup}" is no number of seconds')
    if not re.match(r"(-|\d+)\Z", service.maxproc):
        yield Problem(f"{where}.maxproc", f'"{service.maxproc}" is no number of processes')


def _references(wanted: Configuration) -> Iterator[Problem]:
    """Tables that a value names in the maps folder are in the model, with that type."""
    tables = {table.name: table for table in wanted.tables}
    for where, settings in _all_settings(wanted):
        for name, value in settings:
            for kind, table in OWN_TABLE.findall(_plain(value)):
                if table not in tables:
                    what = f'names the table "{table}", which maps does not have'
                    yield Problem(f"{where}.{name}", what, nearest(table, tables))
                elif kind != _called(tables[table]):
                    right = f"{_called(tables[table])}{OWN_FOLDER}/{TABLES}/{table}"
                    what = f'the table "{table}" has the type "{tables[table].type}" in maps'
                    yield Problem(f"{where}.{name}", what, f"write {right}")


def _called(table: Table) -> str:
    """Return how a value begins that names a table; a list has no type there."""
    return "" if table.type == LIST else f"{table.type}:"


def _plain(value: str) -> str:
    return value.replace("${config_directory}", OWN_FOLDER)


def named_tables(wanted: Configuration) -> list[tuple[str, str]]:
    """Return (place, TYPE:PATH) of each table that a value names, but for computed paths."""
    return [
        (f"{where}.{name}", table)
        for where, settings in _all_settings(wanted)
        for name, value in settings
        for table in NAMED_TABLE.findall(_plain(value))
        if "$" not in table.replace(f"{OWN_FOLDER}/", "")
    ]


# Types of tables that Debian ships in packages of their own.
PACKAGES = {
    kind: f"postfix-{kind}"
    for kind in ("cdb", "ldap", "lmdb", "mongodb", "mysql", "pcre", "pgsql", "sqlite")
}
# A value may name these without a path, and without them being ours.
_TYPE_NAMED = re.compile(
    r"(?<![^\s,{!])(?:proxy:)?(" + "|".join({*PACKAGES, *TABLE_TYPES} - {LIST}) + r"):[^\s,}]"
)


def missing_types(wanted: Configuration, known: Iterable[str]) -> list[Problem]:
    """Return the types of tables that are used and that the installed Postfix does not have."""
    has = {LIST, *known}
    used = [(f"maps[{table.name}].type", table.type) for table in wanted.tables]
    used += [
        (f"{where}.{name}", kind)
        for where, settings in _all_settings(wanted)
        for name, value in settings
        for kind in _TYPE_NAMED.findall(value)
    ]
    return [
        Problem(where, f'this Postfix has no tables of the type "{kind}"', _remedy(kind))
        for where, kind in dict.fromkeys(used)
        if kind not in has
    ]


def _remedy(kind: str) -> str:
    return f"install {PACKAGES[kind]}" if kind in PACKAGES else ""


def check_words(words: str, known: Iterable[str]) -> list[Problem]:
    """Turn postconf's warnings into problems, with the nearest name for an unknown one."""
    problems = []
    for line in words.splitlines():
        said = re.sub(r"^\S*postconf: ", "", line.strip())
        unused = re.search(r"unused parameter: ([^=\s]+)", said)
        if unused:
            where = f"parameters.{unused[1]}"
            problems.append(
                Problem(where, "Postfix knows no such parameter", nearest(unused[1], known))
            )
        elif said.startswith(("warning:", "fatal:", "error:")):
            problems.append(Problem("parameters", f"Postfix says: {said}"))
    return problems


def place_of(said: str, wanted: Configuration) -> str:
    """Return the parameter that a daemon's message is about, where it names one."""
    words = set(re.findall(r"[a-z][a-z0-9_]+", said.partition(": ")[2]))
    for where, settings in _all_settings(wanted):
        for name, value in settings:
            if name in words and (f"{name} = {value}" in said or f"parameter {name}: " in said):
                return f"{where}.{name}"
    return "parameters"
