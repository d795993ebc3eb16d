"""Putting the stand-in in the place of sendmail and taking it away, with no moment between."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from .._accounts.render import OWNED
from .._core.apply import Refused, must
from .._core.commands import run

MARK = "Stands in as /usr/sbin/sendmail"
# Both names by which programs call it, and how Sendmail's alternatives call the same.
PATHS = {"/usr/sbin/sendmail": "sendmail", "/usr/lib/sendmail": "lib.sendmail"}
ALTERNATIVES = "/etc/alternatives"
INTERPRETER = "#!/usr/bin/python3 -IS\n"


def is_stand_in(path: Path) -> bool:
    """Whether the stand-in is at a path."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return MARK.encode() in file.read(200)


def install(source: str, drop: Path, paths: dict[str, str] | None = None) -> None:
    """Put the stand-in in place, and let packages unpack their sendmail beside it."""
    drop.mkdir(parents=True, exist_ok=True)
    drop.chmod(0o1733)  # everybody may leave something, nobody sees what others left
    for name in paths or PATHS:
        path = Path(name)
        _divert("--add", path)
        if not is_stand_in(path):
            _copy(path, _aside(path))
            _write(path, f"{INTERPRETER}{source}".encode())


def remove(paths: dict[str, str] | None = None) -> bool:
    """Put the agent's own sendmail in place; say whether the stand-in was there."""
    found = False
    for name, alternative in (paths or PATHS).items():
        path = Path(name)
        if is_stand_in(path):
            found = True
            _restore(path, Path(ALTERNATIVES, alternative))
        _aside(path).unlink(missing_ok=True)
        _divert("--remove", path)
    return found


def spare(paths: Iterable[str]) -> None:
    """Let packages that are purged leave alone what the collection has written in their stead."""
    for path in map(Path, paths):
        if path.is_file() and path.read_bytes().startswith(OWNED.encode()):
            _divert("--add", path)


def spare_no_more(paths: Iterable[str]) -> None:
    """Let packages have these paths again."""
    for path in map(Path, paths):
        _divert("--remove", path)


def _restore(path: Path, alternative: Path) -> None:
    """Let the agent's own program take the stand-in's place in one step."""
    aside = _aside(path)
    if aside.exists():
        aside.replace(path)
    elif alternative.exists():
        _link(path, str(alternative))
    elif path.parent.name == "lib":
        _link(path, "../sbin/sendmail")
    else:
        raise Refused(f"the agent that has come brought no {path}; the stand-in stays in place")


def _aside(path: Path) -> Path:
    return path.with_name(f"{path.name}.postern")


def _divert(action: str, path: Path) -> None:
    words = ["dpkg-divert", "--local", "--no-rename", "--quiet"]
    must(run([*words, "--divert", str(_aside(path)), action, str(path)]))


def _copy(path: Path, aside: Path) -> None:
    """Let the same program have a second name; a link becomes a link."""
    aside.unlink(missing_ok=True)
    if path.is_symlink():
        aside.symlink_to(path.readlink())
    elif path.exists():
        os.link(path, aside)


def _link(path: Path, target: str) -> None:
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(path)


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        os.fchmod(out.fileno(), 0o755)
        out.flush()
        os.fsync(out.fileno())
    Path(name).replace(path)
