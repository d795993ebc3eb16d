"""Work on what the mail filter has put into quarantine: list, show, release, delete, expire, learn.

Runs on the mail host with Python's own libraries alone. root becomes the filter's user first: who
has broken into the filter may have laid links into its folder.
"""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import argparse
import json
import os
import pwd
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from email import policy
from email.message import Message
from email.parser import BytesHeaderParser
from pathlib import Path

USER = "amavis"
FOLDER = Path("/var/lib/amavis/virusmails")
NAME = re.compile(r"(virus|attachment|spam|unchecked)-([A-Za-z0-9][A-Za-z0-9_-]{9,15})")
_DAY_SECONDS = 86400
# The first line that amavis has not put there.
_OWN = rb"^(?!(?:Return-Path|Delivered-To|X-Envelope-|X-Quarantine-|X-Amavis-|X-Spam-|[ \t]))"


@dataclass(frozen=True)
class Held:
    """A message in quarantine, and when it came there, in seconds since 1970.

    why: virus, attachment, spam or unchecked.
    """

    name: str
    why: str
    when: int
    size: int
    sender: str
    recipients: list[str]
    subject: str
    alert: str


class Failed(Exception):
    """What was asked for can't be done; the message says why."""


def held(folder: Path) -> list[Held]:
    """Return all of it, the oldest first."""
    return sorted(map(_read, _paths(folder)), key=lambda one: (one.when, one.name))


def path_of(folder: Path, name: str) -> Path:
    """Return where a message lies; only names that amavis has made are looked for."""
    known = NAME.fullmatch(name)
    path = folder / known.group(2)[0] / name if known else None
    if path is None or not _is_message(path):
        raise Failed(f"{name}: nothing in quarantine has this name")
    return path


def original_of(path: Path) -> bytes:
    """Return the message without what amavis has put in front of it: as the sender wrote it."""
    content = path.read_bytes()
    end = re.search(_OWN, content, re.MULTILINE)
    return content[end.start() :] if end else content


def release(folder: Path, name: str, recipients: list[str]) -> str:
    """Deliver a message to those for whom it was, or to others; return what amavis says."""
    path = path_of(folder, name).relative_to(folder)
    argv = ["amavisd-release", str(path), "", *recipients]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    words = (done.stdout + done.stderr).strip()
    if done.returncode or not words.startswith("250"):
        raise Failed(f"{name}: was not released: {words}")
    return words


def expire(folder: Path, days: int, now: float) -> list[str]:
    """Delete what is older than so many days; return the names."""
    old = [one.name for one in held(folder) if one.when < now - days * _DAY_SECONDS]
    for name in old:
        path_of(folder, name).unlink()
    return old


def learn(folder: Path, name: str, kind: str) -> str:
    """Teach SpamAssassin that a message is spam, or ham."""
    message = original_of(path_of(folder, name))
    argv = ["sa-learn", f"--{kind}"]
    done = subprocess.run(argv, input=message, capture_output=True, check=False)
    words = (done.stdout + done.stderr).decode(errors="replace").strip()
    if done.returncode:
        raise Failed(f"{name}: was not learned: {words}")
    return words


def become(user: str) -> None:
    """Go on as this user, if this is root: with its groups, its home, and no way back."""
    if os.geteuid() != 0:
        return
    try:
        who = pwd.getpwnam(user)
    except KeyError as missing:
        raise Failed(f"there is no user {user} on this host, so there is no filter") from missing
    os.initgroups(user, who.pw_gid)
    os.setgid(who.pw_gid)
    os.setuid(who.pw_uid)
    os.environ["HOME"] = who.pw_dir
    os.chdir("/")


def main(argv: list[str] | None = None) -> int:
    """Do what the command line says."""
    options = _options(argv)
    actions: dict[str, Callable[[argparse.Namespace], None]] = {
        "list": _list,
        "show": lambda given: _show(path_of(FOLDER, given.name)),
        "release": lambda given: print(release(FOLDER, given.name, given.to)),
        "delete": lambda given: path_of(FOLDER, given.name).unlink(),
        "expire": lambda given: _tell(expire(FOLDER, given.days, time.time())),
        "learn": lambda given: print(learn(FOLDER, given.name, given.kind)),
    }
    try:
        become(USER)
        actions[options.action](options)
    except (Failed, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="postern-quarantine", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="what is there, the oldest first")
    listing.add_argument("--json", action="store_true", help="for other programs")
    for action, words in (
        ("show", "the message as it came"),
        ("release", "deliver it; it is not searched again"),
        ("delete", "remove it for good"),
        ("learn", "teach the spam filter"),
    ):
        one = actions.add_parser(action, help=words)
        one.add_argument("name", help="as `list` shows it")
        if action == "release":
            one.add_argument("to", nargs="*", help="instead of those for whom it was")
        if action == "learn":
            one.add_argument("kind", choices=["spam", "ham"])
    old = actions.add_parser("expire", help="remove for good what is old")
    old.add_argument("--days", type=_days, required=True, help="how many days it is kept")
    return parser.parse_args(argv)


def _days(text: str) -> int:
    """Return a number of days; less than one would remove what has just come."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of days from 1 on")
    return int(text)


def _list(options: argparse.Namespace) -> None:
    found = held(FOLDER)
    if options.json:
        print(json.dumps([asdict(one) for one in found]))
        return
    for one in found:
        day = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.when))
        to = ", ".join(one.recipients)
        print(f"{one.name:24} {day} {one.size:>9}  <{one.sender}> -> {to}: {one.subject}")
        print(f"{'':24} {one.alert}")


def _tell(names: list[str]) -> None:
    for name in names:
        print(name)


def _show(path: Path) -> None:
    sys.stdout.buffer.write(original_of(path))


def _paths(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if _is_message(path))


def _is_message(path: Path) -> bool:
    return bool(NAME.fullmatch(path.name)) and path.is_file() and not path.is_symlink()


def _read(path: Path) -> Held:
    with path.open("rb") as file:
        head: Message = BytesHeaderParser(policy=policy.compat32).parse(file)
    status = path.stat()
    recipients = _printable(str(head.get("X-Envelope-To", "")))
    return Held(
        name=path.name,
        why=path.name.partition("-")[0],
        when=int(status.st_mtime),
        size=status.st_size,
        sender=_printable(str(head.get("X-Envelope-From", ""))).strip("<>"),
        recipients=re.findall(r"<([^>]*)>", recipients),
        subject=_printable(str(head.get("Subject", ""))),
        alert=_printable(str(head.get("X-Amavis-Alert", ""))),
    )


def _printable(text: str) -> str:
    """Return a header without what would work on a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


if __name__ == "__main__":
    sys.exit(main())
