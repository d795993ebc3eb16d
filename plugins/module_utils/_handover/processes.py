"""Processes of an agent: finding them, and waiting until they have ended."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PROC = Path("/proc")


def running(programs: Sequence[str]) -> list[int]:
    """Return the processes of this host that run one of these programs.

    A program is the beginning of a path; or the name by which a process calls itself, for one of
    another user that a root without all rights, as in a container, may not look at.
    """
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if runs(_program(entry), programs) and not _contained(entry):
                    found.append(int(entry.name))
    return sorted(found)


def stand_ins(paths: Sequence[str]) -> list[int]:
    """Return the processes that interpret one of these scripts."""
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
                python = Path(words[0]).name.startswith("python")
                if python and any(path in words[1:4] for path in paths) and not _contained(entry):
                    found.append(int(entry.name))
    return sorted(found)


def runs(program: str, programs: Sequence[str]) -> bool:
    """Say whether a program's path, as the kernel writes it, begins like one of these, or is it."""
    if not program.startswith("/"):
        return program in programs
    paths = tuple(path for path in programs if path.startswith("/"))
    return program.removesuffix(" (deleted)").startswith(paths)


def await_end(find: Callable[[], list[int]], seconds: float) -> int:
    """Wait until nothing is found any more, then ask what is left to end; return how many.

    Whoever waits for such a process sees that it failed. One that begins at the moment of a look
    is seen by the next: nothing is found when three looks in a row found nothing.
    """
    end = time.monotonic() + seconds
    empty = 0
    while empty < 3:
        left = find()
        empty = 0 if left else empty + 1
        if left and time.monotonic() > end:
            break
        time.sleep(0.1)
    else:
        return 0
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in find():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        end = time.monotonic() + 5
        while find() and time.monotonic() < end:
            time.sleep(0.1)
    return len(left)


def _program(entry: Path) -> str:
    """Return the path of what a process runs, or by what name it calls itself."""
    try:
        return str((entry / "exe").readlink())
    except PermissionError:
        words = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        return Path(words[0].partition(":")[0]).name


def _contained(entry: Path) -> bool:
    """Whether a process is in a container on this host: it has a number there, too."""
    status = (entry / "status").read_text(encoding="utf-8", errors="replace")
    lines = [line.split() for line in status.splitlines() if line.startswith("NSpid:")]
    return bool(lines) and len(lines[0]) > 2
