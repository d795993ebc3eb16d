"""Sessions of people with Cyrus and Courier: who is logged in where, and ending those who may not.

Cyrus writes down who each of its processes serves; Courier's processes carry it in their
environment. Only processes of these programs are ever signalled.
"""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
CYRUS = Path("/run/cyrus/proc")
CYRUS_PROGRAMS = frozenset(("httpd", "imapd", "pop3d", "timsieved"))
COURIER_PROGRAMS = frozenset(("courierpop3d", "imapd"))
_AUTHENTICATED = b"AUTHENTICATED="
_GRACE_SECONDS = 5.0


@dataclass(frozen=True, order=True)
class Session:
    """A process that serves one person who has logged in."""

    login: str
    program: str
    pid: int


def without_right(enabled: Container[str]) -> list[Session]:
    """Return the sessions of people who may not log in; programs' own have no @ in their names."""
    found = (session for pid in _pids() if (session := session_of(pid)) is not None)
    return sorted(one for one in found if "@" in one.login and one.login not in enabled)


def session_of(pid: int) -> Session | None:
    """Return whose session a process is, or None when it is nobody's."""
    program = program_of(pid)
    login = _cyrus_login(pid) if program in CYRUS_PROGRAMS else ""
    if not login and program in COURIER_PROGRAMS:
        login = _courier_login(pid)
    return Session(login.lower(), program, pid) if login else None


def running(program: str) -> list[int]:
    """Return the processes that run a program."""
    return [pid for pid in _pids() if program_of(pid) == program]


def program_of(pid: int) -> str:
    """Return the name of the program that a process runs; empty when it is gone."""
    return _read(PROC / str(pid) / "comm").decode("utf-8", "replace").strip()


def end(sessions: Iterable[Session]) -> None:
    """Ask each of these processes to end, and kill those that don't within some seconds."""
    with contextlib.ExitStack() as stack:
        handles = [handle for one in sessions for handle in _handle(stack, one)]
        for handle in handles:
            _tell(handle, signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_SECONDS
        for handle in handles:
            if not _ends(handle, deadline):
                _tell(handle, signal.SIGKILL)


def _handle(stack: contextlib.ExitStack, session: Session) -> Iterator[int]:
    """Yield a handle that goes on meaning this process, unless it serves somebody else by now."""
    with contextlib.suppress(ProcessLookupError):
        handle = os.pidfd_open(session.pid)
        stack.callback(os.close, handle)
        if session_of(session.pid) == session:
            yield handle


def _tell(handle: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(handle, number)


def _ends(handle: int, deadline: float) -> bool:
    left = max(0.0, deadline - time.monotonic())
    return bool(select.select([handle], [], [], left)[0])


def _pids() -> Iterator[int]:
    with contextlib.suppress(OSError):
        yield from (int(path.name) for path in PROC.iterdir() if path.name.isdigit())


def _cyrus_login(pid: int) -> str:
    """Return the third word of a Cyrus process' record: service, client, login, folder."""
    fields = _read(CYRUS / str(pid)).decode("utf-8", "replace").rstrip("\n").split("\t")
    return fields[2] if len(fields) > 2 else ""


def _courier_login(pid: int) -> str:
    words = _read(PROC / str(pid) / "environ").split(b"\0")
    found = (word for word in words if word.startswith(_AUTHENTICATED))
    return next(found, b"").removeprefix(_AUTHENTICATED).decode("utf-8", "replace")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # gone by now
        return b""
