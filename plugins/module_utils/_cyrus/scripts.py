"""Sieve scripts of the site and of persons: pure, from what shall hold to files and links."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, nearest

SITE = "site"
FOLDER = "postern"  # in the folder of scripts, beside those of Cyrus' own
ACTIVE = "defaultbc"  # the link by which Cyrus finds a person's script
_OWNER, _GROUP = "cyrus", "mail"


@dataclass(frozen=True)
class Scripts:
    """The script for people who have none, and those that the inventory gives persons."""

    people: tuple[str, ...] = ()
    site: str = ""
    own: Mapping[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """Each script by its name."""
        return {**({SITE: self.site} if self.site.strip() else {}), **self.own}


@dataclass(frozen=True)
class Person:
    """Where a person's scripts lie, which is active, and whether there are any."""

    folder: str
    active: str = ""
    has_scripts: bool = False


@dataclass(frozen=True)
class Link:
    """A person's link to a script of ours, or None where it goes."""

    person: str
    path: str
    target: str | None


def parse_scripts(params: Mapping[str, Any]) -> tuple[Scripts, list[Problem]]:
    """Return what the module's options say, and every problem of theirs."""
    own = {name: str(text) for name, text in (params.get("scripts") or {}).items()}
    scripts = Scripts(tuple(params["people"]), params.get("site_script") or "", own)
    return scripts, list(_problems(scripts))


def _problems(scripts: Scripts) -> Iterator[Problem]:
    for name, text in scripts.own.items():
        if name not in scripts.people:
            hint = nearest(name, scripts.people)
            yield Problem(f"scripts.{name}", "has no mailbox here", hint)
        if not text.strip():
            yield Problem(f"scripts.{name}", "is empty", "leave it out, or write: keep;")


def wanted_files(
    scripts: Scripts, compiled: Mapping[str, bytes], present: Iterable[str], directory: str
) -> dict[str, File | None]:
    """Return the files of all scripts, and None for those that are there and nobody's."""
    place = f"{directory}/{FOLDER}"
    files: dict[str, File | None] = dict.fromkeys(f"{place}/{name}" for name in present)
    for name, text in scripts.texts.items():
        # Cyrus itself compiles anew what another version of it has left, so the folder is its own.
        for suffix, content in (("script", text.encode()), ("bc", compiled[name])):
            files[f"{place}/{name}.{suffix}"] = File(content, 0o640, _OWNER, _GROUP)
    return files


def plan_links(scripts: Scripts, present: Mapping[str, Person], directory: str) -> list[Link]:
    """Return the links that have to change, by person."""
    links = []
    for name, person in sorted(present.items()):
        target = _target(scripts, name, person, directory)
        if target != person.active:
            links.append(Link(name, f"{person.folder}/{ACTIVE}", target or None))
    return links


def _target(scripts: Scripts, name: str, person: Person, directory: str) -> str:
    """Return where a person's link has to lead; what people chose themselves stays."""
    if name in scripts.own:
        return _relative(name, person, directory)
    is_ours = person.active.endswith((f"/{FOLDER}/{SITE}.bc", f"/{FOLDER}/{name}.bc"))
    if person.active and not is_ours:
        return person.active
    if SITE not in scripts.texts or (person.has_scripts and not is_ours):
        return ""
    return _relative(SITE, person, directory)


def _relative(name: str, person: Person, directory: str) -> str:
    """Cyrus puts the person's folder before what the link says."""
    return os.path.relpath(f"{directory}/{FOLDER}/{name}.bc", person.folder)


def diff(links: Sequence[Link], present: Mapping[str, Person]) -> dict[str, str]:
    """Return the links that change in the form that Ansible prints under --diff."""
    before = ((link.person, present[link.person].active) for link in links)
    after = ((link.person, link.target or "") for link in links)
    return {
        "before_header": "active scripts",
        "after_header": "active scripts",
        "before": "".join(f"{name}: {_shown(target)}\n" for name, target in before),
        "after": "".join(f"{name}: {_shown(target)}\n" for name, target in after),
    }


def _shown(target: str) -> str:
    if not target:
        return "none"
    name = target.rpartition("/")[2].removesuffix(".bc")
    return f"{name}, of the inventory" if f"/{FOLDER}/" in target else f"{name}, the person's own"
