"""Submission sessions with Postfix: whose they are, as the log tells, and their end.

A process of smtpd must not be signalled: Postfix would take its death for a bad start and let
everybody wait. So the kernel ends the connection, and smtpd goes on to its next client.
"""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.commands import run

from .processes import PROC, Session

PROGRAM = "smtpd"
# Of a message that was taken: what clients say of themselves, and failed logins, stand elsewhere.
_LOGIN = re.compile(r"[0-9A-Za-z]+: client=[^\s,]+, sasl_method=[^\s,]+, sasl_username=([^\s,]+)")
_INODE = re.compile(r"\bino:(\d+)")
_SOCKET = re.compile(r"socket:\[(\d+)\]")


def without_right(enabled: Container[str], pids: Iterable[int]) -> list[Session]:
    """Return the submission sessions, of these processes, of people who may not log in.

    Postfix logs a login with the first message of a session: one that has sent none isn't seen.
    """
    asked = [f"_PID={pid}" for pid in pids]
    if not asked:
        return []
    fields = "--output-fields=MESSAGE,_PID"
    said = run(["journalctl", "--boot", "--output=json", fields, f"_COMM={PROGRAM}", *asked])
    logins = logins_in(said.out.splitlines())
    return sorted(
        Session(login, PROGRAM, pid) for pid, login in logins.items() if login not in enabled
    )


def logins_in(lines: Iterable[str]) -> dict[int, str]:
    """Return who is logged in with each process, by what it logged: a message as JSON a line."""
    logins: dict[int, str] = {}
    for line in lines:
        entry = json.loads(line)
        pid, message = int(entry["_PID"]), str(entry["MESSAGE"])
        if message.startswith(("connect from ", "disconnect from ")):
            logins.pop(pid, None)
        elif found := _LOGIN.match(message):
            logins[pid] = found[1].lower()
    return logins


def cut(sessions: Iterable[Session]) -> None:
    """Let the kernel end the connections of these processes with their clients."""
    inodes = {inode for session in sessions for inode in _sockets(session.pid)}
    if not inodes:
        return
    for line in run(["ss", "-H", "-n", "-t", "-e", "state", "established"]).out.splitlines():
        found = _INODE.search(line)
        if found and found[1] in inodes:
            local, peer = line.split()[2:4]
            run(["ss", "-H", "-K", "-n", "-t", "src", local, "dst", peer])


def _sockets(pid: int) -> Iterator[str]:
    with contextlib.suppress(OSError):
        for path in Path(PROC, str(pid), "fd").iterdir():
            if found := _SOCKET.fullmatch(str(path.readlink())):
                yield found[1]
