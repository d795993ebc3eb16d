"""Databases that nobody reads any more: those that main.cf named before and names no longer."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from .model import INDEXED, Service, Settings

# Types that Postfix has had, and the files that are compiled for them.
_COMPILED: Mapping[str, tuple[str, ...]] = {
    **{kind: (ending,) for kind, ending in INDEXED.items()},
    "dbm": (".pag", ".dir"),
    "sdbm": (".pag", ".dir"),
}
DATABASE_ENDINGS = tuple({ending for endings in _COMPILED.values() for ending in endings})
_NAMED = re.compile(r"(?<![^\s,{])(?:proxy:)?(" + "|".join(_COMPILED) + r"):(/[^\s,{}]+)")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|\((\w+)\)|(\w+))")
_DEEPEST = 9
# Of all the databases outside its folder, newaliases of Postfix alone makes these.
ALIASES = "/etc/aliases"
PACKAGED_FOLDER = "/etc/postfix"


def named_databases(
    settings: Mapping[str, str], services: Iterable[Service], folder: str
) -> set[str]:
    """Return the paths of all databases that parameters and services' options name.

    settings: every parameter, defaults included.
    """
    known = {**settings, "config_directory": folder}
    found: set[str] = set()
    for values, surroundings in _scopes(known, services):
        for value in values.values():
            for kind, path in _NAMED.findall(_expanded(value, surroundings)):
                found.update(path + ending for ending in _COMPILED[kind])
    return found


def _scopes(
    settings: Mapping[str, str], services: Iterable[Service]
) -> Iterator[tuple[Mapping[str, str], Mapping[str, str]]]:
    yield settings, settings
    for service in services:
        if service.options:
            yield dict(service.options), {**settings, **dict(service.options)}


def _expanded(value: str, settings: Mapping[str, str]) -> str:
    for _depth in range(_DEEPEST):
        if "$" not in value:
            break
        value = _VARIABLE.sub(lambda name: settings.get(name[1] or name[2] or name[3], ""), value)
    return value


def leaving_databases(
    before: tuple[Settings, tuple[Service, ...]],
    after: tuple[Settings, tuple[Service, ...]],
    defaults: Mapping[str, str],
    folder: str,
) -> list[str]:
    """Return databases that the configuration before named, and the one after does not.

    Only what is this Postfix's own: below its folder, and those of /etc/aliases where it is the
    packaged one, since no other program reads them there. With further instances, which may read
    any of them, there are none. Sources stay: they are somebody's own words.
    """
    if dict(before[0]).get("multi_instance_directories"):
        return []
    old, new = (
        named_databases({**defaults, **dict(parameters)}, services, folder)
        for parameters, services in (before, after)
    )
    aliases = {ALIASES + ending for ending in DATABASE_ENDINGS if folder == PACKAGED_FOLDER}
    return sorted(path for path in old - new if path.startswith(f"{folder}/") or path in aliases)
