"""Sieve scripts on the host: Cyrus' compiler, where people's scripts lie, and their links."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import grp
import json
import pwd
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.apply import workspace
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run
from ansible_collections.postern.mail.plugins.module_utils._core.identity import as_user
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from .scripts import ACTIVE, FOLDER, Link, Person

COMPILER = "/usr/lib/cyrus/bin/sievec"
_MBPATH = "/usr/lib/cyrus/bin/mbpath"
_OWNER, _GROUP = "cyrus", "mail"
_AT_ONCE = 1000  # names in one command


def compile_all(texts: Mapping[str, str]) -> tuple[dict[str, bytes], list[Problem]]:
    """Let Cyrus compile each script; return what became of them, and what it refuses."""
    compiled: dict[str, bytes] = {}
    problems: list[Problem] = []
    with workspace() as top:
        source, target = Path(top) / "script", Path(top) / "bytecode"
        for name, text in texts.items():
            source.write_text(text, encoding="utf-8")
            target.unlink(missing_ok=True)
            outcome = run([COMPILER, str(source), str(target)])
            if outcome.ok and target.is_file():
                compiled[name] = target.read_bytes()
            else:
                said = re.sub(rf"{re.escape(str(source))}:?\s*", "", outcome.words)
                problems.append(Problem(f"the script {name}", "; ".join(said.split("\n"))))
    return compiled, problems


def present_files(directory: str) -> list[str]:
    """Return the names of the files that this module left."""
    place = Path(directory) / FOLDER
    return sorted(path.name for path in place.iterdir()) if place.is_dir() else []


def present_people(names: Sequence[str]) -> dict[str, Person]:
    """Return where the scripts of people lie; those without a mailbox have no such place."""
    found: dict[str, Person] = {}
    for start in range(0, len(names), _AT_ONCE):
        outcome = run([_MBPATH, "-j", "-u", *names[start : start + _AT_ONCE]])
        for one in _objects(outcome.out):
            found[one["mbname"]["userid"]] = _person(one["user"]["sieve"])
    return found


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the objects that stand one behind the other."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        if text[at] == "{":
            one, at = decoder.raw_decode(text, at)
            yield one
        else:
            at += 1


def _person(folder: str) -> Person:
    place = Path(folder)
    if not place.is_dir():
        return Person(folder)
    link = place / ACTIVE
    active = str(link.readlink()) if link.is_symlink() else ""
    return Person(folder, active, any(place.glob("*.bc")) or any(place.glob("*.script")))


def as_cyrus() -> contextlib.AbstractContextManager[None]:
    """Write as Cyrus does: all of its folder is its own, and any link in there may be its doing."""
    return as_user(pwd.getpwnam(_OWNER).pw_uid, grp.getgrnam(_GROUP).gr_gid)


def swing(links: Iterable[Link]) -> None:
    """Make each link lead where it shall, in one rename, and what lacks above it as Cyrus would."""
    for link in links:
        place = Path(link.path)
        if link.target is None:
            place.unlink(missing_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_name(f".{ACTIVE}.{secrets.token_hex(4)}")
        unfinished.symlink_to(link.target)
        unfinished.replace(place)


def own_folder(directory: str) -> None:
    """Make the folder of the inventory's scripts, where Cyrus may compile anew."""
    (Path(directory) / FOLDER).mkdir(mode=0o750, exist_ok=True)
