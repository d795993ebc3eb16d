"""amavis' units: its own judgement of a staged configuration, bringing it up, taking it back."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.apply import (
    Refused,
    put,
    workspace,
)
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Plan

from .render import CONFIGURATION, PROGRAM
from .settings import QUARANTINE
from .wanted import AMAVIS, EXPIRY_TIMER, FILTERED, FOLDER, MILTER

ALL = (EXPIRY_TIMER, MILTER, AMAVIS, FILTERED)  # in the order in which they stop
_WAIT_SECONDS = 60.0


def is_installed() -> bool:
    """Say whether there is an amavis on this host."""
    return Path(PROGRAM).exists()


def holds_messages() -> bool:
    """Say whether there is anything in quarantine."""
    return any(files for _folder, _folders, files in os.walk(QUARANTINE))


def judge(plan: Plan) -> None:
    """Let amavis read a staged copy of its configuration; raises Refused with its words."""
    staged: File | None = next((c.after for c in plan.changes if c.path == CONFIGURATION), None)
    if staged is None:
        return
    with workspace() as stage:
        path = f"{stage}/postern.conf"
        # Read once more as amavis' own user, as amavis does.
        Path(stage).chmod(0o711)
        put(path, staged)
        outcome = run([PROGRAM, "-c", path, "test-config"])
        if not outcome.ok:
            words = outcome.words.replace(path, CONFIGURATION)
            raise Refused(f"amavis does not take its configuration:\n{words}")


def take(plan: Plan, wanted: Sequence[str], sockets: Iterable[str]) -> None:
    """Make systemd take the units, and believe it only when every socket takes a call."""
    units.read_units_again(AMAVIS)
    if FOLDER in plan.paths and Path(FOLDER).exists():
        made = run(["systemd-tmpfiles", "--create", FOLDER])
        if not made.ok:
            raise Refused(f"systemd-tmpfiles does not take {FOLDER}:\n{made.words}")
    for unit in wanted:
        units.systemctl("reset-failed", unit)
        units.demand(unit, "enable", "--quiet")
        units.demand(unit, "restart")
    if silent := _silent(sockets):
        raise Refused(f"the filter does not answer: {silent}\n{units.log_of(AMAVIS, lines=15)}")


def forget() -> None:
    """Make systemd forget the units whose files are gone."""
    units.read_units_again(AMAVIS)


def take_again(wanted: Sequence[str], stopped: Sequence[str]) -> None:
    """Go back to the files that stood before, and start what was stopped for the new ones."""
    units.systemctl("daemon-reload")
    present = Path(CONFIGURATION).exists()
    for unit in wanted:
        units.systemctl("restart" if present else "stop", unit)
    for unit in reversed(stopped):
        units.systemctl("enable", "--now", unit)


def stop(what: Iterable[str]) -> None:
    """Stop units, and start them no more."""
    for unit in what:
        units.systemctl("disable", "--now", unit)


def _silent(sockets: Iterable[str]) -> str:
    end = time.monotonic() + _WAIT_SECONDS
    for path in sockets:
        while wrong := _refuses(path):
            if time.monotonic() > end:
                return f"{path}: {wrong}"
            time.sleep(0.3)
    return ""


def _refuses(path: str) -> str:
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as client:
        client.settimeout(10)
        try:
            client.connect(path)
        except OSError as error:
            return str(error)
    return ""
