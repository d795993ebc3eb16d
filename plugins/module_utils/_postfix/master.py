"""Postfix' master: having it read its files again, and helping it to forget a service."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome, run

from .parse import parse_master
from .units import PACKAGED_FOLDER

PROC = Path("/proc")
_TYPES = ("inet", "unix")
_QUIET_LOOKS = 5  # the master takes the signal after postfix(1) has ended
_LOOK_SECONDS = 0.1
_LONGEST_SECONDS = 20

Key = tuple[str, str]  # the type and the name of a service


def running_master(queue: str) -> int | None:
    """Return the process of the master; none where the file with its number outlives a stop."""
    try:
        master = int(Path(queue, "pid/master.pid").read_text(encoding="ascii").split()[0])
        name = (PROC / str(master) / "comm").read_text(encoding="utf-8")
    except (OSError, ValueError, IndexError):
        return None
    return master if name.strip() == "master" else None


def read_again(folder: str = PACKAGED_FOLDER) -> Outcome:
    """Run `postfix reload`, and end the processes of services that have left, or are switched off.

    The master asks these to end, and waits for it: until then nobody else is answered. Debian 13
    takes CAP_KILL from it, so that it waits for as long as some client keeps a connection open.
    """
    said = run(["postfix", "-c", folder, "reload"])
    if said.ok:
        _end_strays(folder)
    return said


def _end_strays(folder: str) -> None:
    names = ("queue_directory", "master_service_disable")
    queue, off = [*run(["postconf", "-c", folder, "-xh", *names]).out.split("\n"), "", ""][:2]
    master = running_master(queue)
    if master is None:
        return
    text = Path(folder, "master.cf").read_text(encoding="utf-8", errors="replace")
    switched_off = off.replace(",", " ").split()
    known = {
        (kind, name)
        for kind, name in (service.key for service in parse_master(text)[0])
        if not {kind, f"{name}.{kind}", f"{name}/{kind}"} & {*switched_off}
    }
    end = time.monotonic() + _LONGEST_SECONDS
    quiet = 0
    while quiet < _QUIET_LOOKS and time.monotonic() < end:
        strays = [pid for pid, key in children(master) if key[0] in _TYPES and key not in known]
        for pid in strays:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        quiet = 0 if strays else quiet + 1
        time.sleep(_LOOK_SECONDS)


def children(master: int) -> Iterator[tuple[int, Key]]:
    """Yield the processes that the master has started, each with its service."""
    for entry in PROC.iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                status = (entry / "stat").read_text(encoding="utf-8", errors="replace")
                if status.rpartition(")")[2].split()[1] == str(master):
                    words = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
                    yield int(entry.name), _service(words)


def _service(words: list[str]) -> Key:
    """Return what the master said in starting it; a service of its program's name has no -n."""
    told = words[: words.index("-o")] if "-o" in words else words
    options = dict(pairwise(told))
    return options.get("-t", ""), options.get("-n", Path(words[0]).name)
