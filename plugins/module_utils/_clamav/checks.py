"""What is wrong with what ClamAV is told, each thing with its place."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, nearest

from .model import NONE, Clamav, Settings, clamd_settings, freshclam_settings, names

# Kinds that are lines of text. Containers (cvd, cld, cud) are freshclam's.
KINDS = (
    *("cdb", "crb", "fp", "ftm", "gdb", "hdb", "hdu", "hsb", "hsu", "idb", "ign", "ign2", "ldb"),
    *("ldu", "mdb", "mdu", "msb", "msu", "ndb", "ndu", "pdb", "pwdb", "sfp", "wdb", "yar", "yara"),
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_USER = re.compile(r"[a-z_][a-z0-9_.-]{0,31}")
_AT_LEAST_ONE = (
    *("threads", "stream_max_mib", "scan_max_mib", "file_max_mib", "recursion_max", "files_max"),
    *("scan_max_seconds", "checks_per_day", "fetch_seconds", "start_seconds"),
)


def check(
    options: Mapping[str, Any], wanted: Clamav, known: Mapping[str, frozenset[str]]
) -> list[Problem]:
    """Return all that is wrong. `known` are the names that the installed version has, by option.

    Before the installation nobody knows them, and they are not judged.
    """
    return [
        *_numbers(options),
        *_settings("settings", options, clamd_settings, known),
        *_settings("freshclam_settings", options, freshclam_settings, known),
        *_values("clamd.conf", wanted.clamd),
        *_values("freshclam.conf", wanted.freshclam),
        *_signatures(options),
        *_names_of("client_users", options),
        *_names_of("file_groups", options),
        *_fetching(options),
    ]


def _numbers(options: Mapping[str, Any]) -> Iterator[Problem]:
    for name in _AT_LEAST_ONE:
        if options[name] < 1:
            yield Problem(name, f"{options[name]} is too small", "1 or more")
    if options["checks_per_day"] > 50:
        what = f"{options['checks_per_day']} is more than freshclam does"
        yield Problem("checks_per_day", what, "at most 50")
    for name in ("scan_max_mib", "file_max_mib", "stream_max_mib"):
        if options[name] > 2047:
            yield Problem(name, f"{options[name]} is more than ClamAV scans", "at most 2047")
    if options["file_max_mib"] > options["scan_max_mib"]:
        what = f"{options['file_max_mib']} is more than scan_max_mib, {options['scan_max_mib']}"
        yield Problem("file_max_mib", what, "no such file could be scanned whole")


def _settings(
    option: str,
    options: Mapping[str, Any],
    made: Callable[[Mapping[str, Any]], Settings],
    known: Mapping[str, frozenset[str]],
) -> Iterator[Problem]:
    own = names(made({**options, "settings": {}, "freshclam_settings": {}}))
    for name in sorted(options[option]):
        where = f"{option}.{name}"
        if name in own:
            yield Problem(where, "is set by this module", "use the option that it has for it")
        elif known.get(option) and name not in known[option]:
            yield Problem(where, "ClamAV has no such setting", nearest(name, known[option]))


def _values(file: str, settings: Settings) -> Iterator[Problem]:
    for name, value in settings:
        if not value or value != value.strip() or value[0] == '"' or not value.isprintable():
            hint = "one line that begins with neither a blank nor a quote"
            yield Problem(f"{file}: {name}", "can't hold this value", hint)


def _signatures(options: Mapping[str, Any]) -> Iterator[Problem]:
    places: dict[str, str] = {}
    for number, one in enumerate(options["local_signatures"]):
        where, name = f"local_signatures[{number}]", one["name"]
        kind = name.rpartition(".")[2]
        if not _NAME.fullmatch(name) or "." not in name:
            yield Problem(f"{where}.name", f'"{name}" is no name', "write it like local.ndb")
        elif kind not in KINDS:
            what = f'".{kind}" is no kind of signatures'
            yield Problem(f"{where}.name", what, f"choose one of: {', '.join(KINDS)}")
        if not one["content"].strip():
            yield Problem(f"{where}.content", "is empty")
        if (first := places.setdefault(name, where)) != where:
            yield Problem(f"{where}.name", f'"{name}" stands at {first} already')


def _names_of(option: str, options: Mapping[str, Any]) -> Iterator[Problem]:
    for number, name in enumerate(options[option]):
        if not _USER.fullmatch(name):
            yield Problem(f"{option}[{number}]", f'"{name}" is no name of a UNIX user or group')


def _fetching(options: Mapping[str, Any]) -> Iterator[Problem]:
    if not options["mirrors"] and options["signatures_source"] != NONE:
        yield Problem("mirrors", "is empty", "name where signatures come from")
    proxy = options["proxy"] or {}
    if (proxy.get("username") or options["proxy_password"]) and not (
        proxy.get("host") and proxy.get("username") and options["proxy_password"]
    ):
        yield Problem("proxy", "is incomplete", "a login has a host, a username and a password")
