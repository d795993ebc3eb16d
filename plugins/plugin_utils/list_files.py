"""The long lists on the controller: each file is read once, however many hosts name it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.spec import show
from ansible_collections.postern.mail.plugins.module_utils._core.tables import (
    Inline,
    Reading,
    Source,
    opened,
    places,
    read_sources,
)
from ansible_collections.postern.mail.plugins.module_utils._site.checks_access_lists import (
    wrong_lines,
)
from ansible_collections.postern.mail.plugins.module_utils._site.checks_lists import tell
from ansible_collections.postern.mail.plugins.module_utils._site.findings import (
    Finding,
    problem,
    warning,
)
from ansible_collections.postern.mail.plugins.module_utils._site.lists import (
    Lists,
    NameList,
    Where,
)
from ansible_collections.postern.mail.plugins.module_utils._site.model import Access, Site

T = TypeVar("T")


class ListFiles:
    """Files of names, understood once for each use that is made of them."""

    def __init__(self) -> None:
        self._known: dict[object, object] = {}
        self._unread: dict[str, str] = {}

    def once(self, key: object, make: Callable[[], T]) -> T:
        """Return what was made for this key before, or make it."""
        if key not in self._known:
            self._known[key] = make()
        found: T = self._known[key]  # type: ignore[assignment]
        return found

    def unread(self, path: str) -> str:
        """Say why a file can't be read, or return an empty string."""
        if path not in self._unread:
            self._unread[path] = _unread(path)
        return self._unread[path]


def _unread(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            file.read(1)
    except OSError as error:
        return error.strerror or str(error)
    except ValueError as error:  # a NUL in it
        return str(error)
    return ""


def shown(path: str) -> str:
    """Return a path as a message shows it: as seen from where the playbook was started."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path


def read_lists(site: Site, files: ListFiles) -> tuple[Lists, list[Finding]]:
    """Return what a host's lists declare, and what is wrong with their lines."""
    if site.transfer_agent == "nullmailer":
        return Lists(), []  # it asks nobody
    found: list[Finding] = []
    named = () if site.send_only else site.alias_files
    paths = _readable(files, _numbered("mail_alias_files", named), found)
    aliases = files.once(("aliases", *paths), lambda: _Aliases(paths))
    readings = [aliases.reading]
    recipients = {}
    for domain in site.relay_domains:
        wanted = [(f"{domain.where}.recipients_file", domain.recipients_file)]
        listed = _readable(files, ((where, path) for where, path in wanted if path), found)
        names = files.once(("names", *listed), partial(_Names, listed))
        readings.append(names.reading)
        recipients[domain.name] = NameList(names.names, names.where)
    complete = not found and not any(reading.problems for reading in readings)
    for reading in readings:
        found += _told(reading)
    for kind in ("client", "sender", "recipient"):
        found += _access(site, kind, files)
    return Lists(aliases.entries, aliases.where, recipients, complete), found


def _access(site: Site, kind: str, files: ListFiles) -> list[Finding]:
    """Judge the files of exceptions of one kind, beside those of the inventory."""
    found: list[Finding] = []
    mine = {file.path: file for file in site.access_files if file.kind == kind}
    named = [(f"{f.where}.path", f.path) for f in site.access_files if f.kind == kind]
    readable = _readable(files, named, found)
    asked = tuple((path, f"{mine[path].action} {mine[path].text}".strip()) for path in readable)
    pairs = tuple(
        (_as_listed(item), f"{item.action} {item.text}".strip())
        for item in site.access
        if item.kind == kind
    )
    if asked:
        found += files.once((kind, asked, pairs), lambda: list(_judged(kind, asked, pairs)))
    return found


def _as_listed(item: Access) -> str:
    """Return how a list would name it: a network of one by its address."""
    network = item.network
    single = network is not None and network.num_addresses == 1
    return str(network.network_address) if network and single else item.value


def _judged(
    kind: str, asked: Iterable[tuple[str, str]], pairs: tuple[tuple[str, str], ...]
) -> Iterator[Finding]:
    sources = [_source(path, "keys", value) for path, value in asked]
    reading = read_sources(sources, Inline("mail_access", pairs))
    yield from _told(reading)
    own = {f"{key} {value}".encode() for key, value in pairs}
    by_action: dict[str, list[bytes]] = {}
    for entry in reading.entries:
        if entry not in own:
            name, _gap, value = entry.partition(b" ")
            by_action.setdefault(value.partition(b" ")[0].decode(), []).append(name)
    where = partial(_where, sources)
    for action, names in by_action.items():
        yield from tell(where, wrong_lines(kind, action, names), "mail_access_files")


def _numbered(name: str, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((f"{name}[{number}]", path) for number, path in enumerate(paths))


def _readable(
    files: ListFiles, named: Iterable[tuple[str, str]], found: list[Finding]
) -> tuple[str, ...]:
    """Return the paths that can be read, and say of the others why they can't."""
    good: dict[str, str] = {}
    for where, path in named:
        if path in good:
            hint = f"first at {good[path]}"
            found.append(problem(where, f"{show(shown(path))} is listed twice", hint))
        elif reason := files.unread(path):
            found.append(problem(where, f"{show(shown(path))} can't be read: {reason}"))
        else:
            good[path] = where
    return tuple(good)


def _source(path: str, form: str, value: str = "") -> Source:
    return Source(name=shown(path), form=form, value=value, path=path)


def _where(sources: Iterable[Source], names: Iterable[str]) -> dict[str, str]:
    """Return where each of some names stands first."""
    wanted, found = list(names), dict[str, str]()
    for source in sources:
        for name, stands in places(source, opened(source), wanted).items():
            found.setdefault(name, stands[0][0])
    return found


class _Aliases:
    """Some files of aliases, taken together."""

    def __init__(self, paths: Iterable[str]) -> None:
        sources = [_source(path, "aliases") for path in paths]
        self.reading = read_sources(sources)
        self.where: Where = partial(_where, sources)
        split = (entry.lower().partition(b" ") for entry in self.reading.entries)
        self.entries = {name: targets for name, _gap, targets in split}


class _Names:
    """Some files with a name a line, taken together."""

    def __init__(self, paths: Iterable[str]) -> None:
        sources = [_source(path, "keys") for path in paths]
        self.reading = read_sources(sources)
        self.where: Where = partial(_where, sources)
        self.names = frozenset(self.reading.entries)


def _told(reading: Reading) -> Iterator[Finding]:
    said: tuple[tuple[Callable[..., Finding], tuple[Problem, ...]], ...] = (
        (problem, reading.problems),
        (warning, reading.repeats),
    )
    for weigh, problems in said:
        yield from (weigh(p.where, p.what, p.hint) for p in problems)
