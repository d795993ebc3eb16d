"""Arriving: the new agent is given what the old one left, and what was sent in between."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import errno
import json
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from .._queue.model import FAILED
from . import door, processes, sources, swap
from .agents import AGENTS, Agent
from .parcel import QUEUE_ONLY, Parcel, injection, parse
from .settled import domains_of_mailboxes, inner
from .store import Store

SENDMAIL = "/usr/sbin/sendmail"
TRY_SECONDS = 600
STAND_IN_SECONDS = 30
# What sysexits(3) calls the caller's own fault: trying again would end the same way.
FINAL = frozenset({64, 65, 66, 67, 68, 76, 77})
LINE_BYTES = 4 * 1024 * 1024
Give: TypeAlias = Callable[[Parcel], tuple[int, str]]
_ROOT = 0


@dataclass
class Account:
    """What became of the messages."""

    delivered: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def deliver(agent: str, store: Store, held: bool) -> Account:
    """Give the new agent all that waits for it; a message leaves us when it has been accepted."""
    account = Account()
    store.open()
    swap.remove()
    processes.await_end(lambda: processes.stand_ins(tuple(swap.PATHS)), STAND_IN_SECONDS)
    for name in AGENTS:
        if name != agent:
            _sweep(AGENTS[name], store, account)
    # Of an interrupted change to another agent and back, the original counts where it still is.
    store.settle(sources.source(agent).keys())
    for path in store.calls():
        _replay(agent, path, store, account)
    paths = [*store.ready(), *(store.held() if held else [])]
    with _ways(agent, paths) as give:
        for path in paths:
            _inject(give, path, store, account)
    if not account.refused:
        store.close()
    return account


def clear(traces: Collection[str]) -> None:
    """Remove what an agent has left beside its packages' own files."""
    for trace in map(Path, traces):
        if trace.is_dir() and not trace.is_symlink():
            shutil.rmtree(trace)
        else:
            trace.unlink(missing_ok=True)


def _sweep(agent: Agent, store: Store, account: Account) -> None:
    """Take over what came into an old queue after it was collected; its programs are gone."""
    if not sources.left_behind(agent.spools):
        return
    if agent.name != "postfix":
        queue = sources.source(agent.name)
        taken = set()
        for parcel in queue.parcels():
            store.prepare(parcel)
            taken.add(parcel.key)
        queue.remove(taken)
        store.settle(queue.keys())
    for path in sources.left_behind(agent.spools):
        parcel = sources.raw(agent.name, path.name, sources.read(path))
        store.keep(parcel)
        sources.unlink(path)
        account.kept.append(f"{parcel.name}: {path} was left behind and can't be read any more")


def _replay(agent: str, path: Path, store: Store, account: Account) -> None:
    """Make the call that the stand-in kept, as the user who made it.

    Everybody may leave anything there, so what is no kept call is passed over.
    """
    descriptor = _open(path, path.parent == store.dropped)
    if descriptor is None:
        return
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        words = _words(file.readline(LINE_BYTES))
        if words is None:
            return
        os.lseek(descriptor, file.tell(), os.SEEK_SET)
        argv = [SENDMAIL, *QUEUE_ONLY.get(agent, ()), *words]
        code, said = _call(argv, descriptor, _User(status.st_uid, status.st_gid))
        file.seek(0)
        whose = f"{_name(status.st_uid)}: sendmail {' '.join(words)}"
        if code in FINAL:
            parcel = sources.raw("stand-in", path.name[:40], file.read())
            store.keep(parcel)
            account.kept.append(f"{whose}: {said} ({parcel.name})")
        elif code != 0:
            account.refused.append(f"{whose}: {said or code}")
            return
        else:
            account.delivered.append(whose)
    with contextlib.suppress(OSError):  # whoever made it may have taken it away
        path.unlink()


def _open(path: Path, of_root: bool) -> int | None:
    """Open a file that is one, and under this name only; nothing that would block or lead away.

    What others than its owner may read no stand-in has made, nor a file of root's but in a folder
    of root's: somebody has moved it there, and its owner would make a call that others wrote.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    status = os.fstat(descriptor)
    single = stat.S_ISREG(status.st_mode) and status.st_nlink == 1
    own = not status.st_mode & 0o077 and (of_root or status.st_uid != _ROOT)
    if single and own:
        return descriptor
    os.close(descriptor)
    return None


def _inject(give: Give, path: Path, store: Store, account: Account) -> None:
    """Give the new agent a message of the old one."""
    left = parse(path.read_bytes())
    name = left.name
    for part in left.parts():
        line = f"{name}: <{part.sender}> -> {', '.join(part.recipients)}"
        code, said = give(part)
        if code != 0 and code not in FINAL:
            account.refused.append(f"{line}: {said or code}")
            continue
        if code in FINAL:
            store.keep(replace(part, state=FAILED))
            account.kept.append(f"{line}: {said or code}")
        else:
            account.delivered.append(line)
        left = left.without(part.recipients)
        store.leave(path, left)
    if not left.recipients:
        path.unlink(missing_ok=True)  # who has nobody left to go to


@contextlib.contextmanager
def _ways(agent: str, paths: Collection[Path]) -> Iterator[Give]:
    """Have a way for each message: new mail's, or one that leads past all tables."""

    def give(part: Parcel) -> tuple[int, str]:
        if agent == "postfix" and part.settled:
            return door.give(part)
        if agent == "sendmail" and part.settled:
            part = replace(part, recipients=tuple(inner(one, domains) for one in part.recipients))
        return _give(*injection(agent, SENDMAIL, part))

    domains = domains_of_mailboxes() if agent == "sendmail" else frozenset()
    settled = agent == "postfix" and any(parse(path.read_bytes()).settled for path in paths)
    with door.opened() if settled else contextlib.nullcontext():
        yield give


def _words(line: bytes) -> list[str] | None:
    """Return the words of a kept call; None when it is not of the stand-in's making."""
    try:
        words = json.loads(line)
        sound = isinstance(words, list) and all(b"\0" not in os.fsencode(word) for word in words)
    except (ValueError, TypeError, RecursionError):
        return None
    return words if sound else None


@dataclass(frozen=True)
class _User:
    """Who called; the group is that of the user's account, where there is one."""

    uid: int
    gid: int

    def environment(self) -> Iterator[tuple[str, str]]:
        yield "PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
        name = _name(self.uid)
        yield "LOGNAME", name
        yield "USER", name


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _call(argv: list[str], stdin: int, user: _User) -> tuple[int, str]:
    try:
        gid = pwd.getpwuid(user.uid).pw_gid
    except KeyError:
        gid = user.gid
    try:
        done = subprocess.run(
            argv,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(user.environment()),
            cwd="/",
            user=user.uid,
            group=gid,
            extra_groups=[],
            umask=0o022,
            timeout=TRY_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 75, f"no end after {TRY_SECONDS} s"
    except OSError as error:
        if error.errno != errno.E2BIG:
            raise
        return 64, str(error)  # no caller could have called it with so many words
    return done.returncode, done.stdout.decode("utf-8", "replace").strip()


def _give(argv: list[str], given: bytes) -> tuple[int, str]:
    try:
        done = subprocess.run(
            [os.fsencode(word) for word in argv],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TRY_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 75, f"no end after {TRY_SECONDS} s"
    except OSError as error:  # such as more recipients than a call takes; others go on
        return 75, str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace").strip()
