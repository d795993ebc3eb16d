"""popa3d's units: systemd's judgement of them, bringing them up, and ending sessions."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Collection, Iterable
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.apply import (
    Refused,
    put,
    workspace,
)
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Plan

from .render import PROGRAM
from .wanted import DAEMON, SERVICE, SOCKET

UNIT = "popa3d.socket"
_DAEMON_UNIT = "popa3d.service"
_WAIT_SECONDS = 20.0
_GREETING = b"+OK"


def is_installed() -> bool:
    """Say whether there is a popa3d on this host."""
    return Path(PROGRAM).exists()


def judge(plan: Plan) -> None:
    """Let systemd read a staged copy of the units; raises Refused with its words."""
    changes = {change.path: change.after for change in plan.changes}
    if not (changes.get(SOCKET) or changes.get(SERVICE)):
        return
    with workspace() as stage:
        for path in (SOCKET, SERVICE):
            target = f"{stage}/{Path(path).name}"
            if path in changes:
                put(target, changes[path])
            else:
                Path(target).write_bytes(Path(path).read_bytes())
        paths = [f"{stage}/{Path(path).name}" for path in (SOCKET, SERVICE)]
        outcome = run(["systemd-analyze", "verify", "--man=no", *paths])
        said = [line for line in outcome.words.splitlines() if "popa3d" in line]
        if said or not outcome.ok:
            words = "\n".join(said) or outcome.words
            raise Refused(f"systemd does not take the units:\n{words.replace(stage, '')}")


def take(plan: Plan, listen: Iterable[str]) -> None:
    """Make systemd take the units, and believe it only when every place greets."""
    if plan.paths & {SOCKET, SERVICE, DAEMON}:
        units.read_units_again(UNIT)
    if units.is_active(_DAEMON_UNIT):
        units.demand(_DAEMON_UNIT, "stop")
    places = tuple(listen)
    if not places:
        units.systemctl("disable", "--now", UNIT)
        return
    units.systemctl("reset-failed", UNIT)
    units.demand(UNIT, "enable", "--quiet")
    units.demand(UNIT, "restart" if SOCKET in plan.paths else "start")
    if silent := _silent(places):
        raise Refused(f"popa3d does not answer: {silent}\n{units.log_of('popa3d@*', lines=10)}")


def take_again(plan: Plan) -> None:
    """Go back to the units that stood before."""
    if plan.paths & {SOCKET, SERVICE, DAEMON}:
        units.read_units_again(UNIT)
    if Path(SOCKET).exists():
        units.systemctl("restart", UNIT)
    else:
        units.systemctl("disable", "--now", UNIT)


def end_sessions(uids: Collection[int]) -> None:
    """End the sessions of these users; one that removes messages finishes that first."""
    if not uids:
        return
    argv = ["list-units", "--plain", "--no-legend", "--type=service", "popa3d@*"]
    for line in units.systemctl(*argv).out.splitlines():
        unit = line.split()[0]
        if _owner(units.properties(unit, "MainPID").get("MainPID", "")) in uids:
            units.systemctl("stop", unit)


def _owner(pid: str) -> int | None:
    """Return whom a process runs as; the owner of its folder in /proc would be root."""
    with contextlib.suppress(OSError):
        for line in Path("/proc", pid, "status").read_text(encoding="utf-8").splitlines():
            if line.startswith("Uid:"):
                return int(line.split()[1])
    return None


def _silent(places: Iterable[str]) -> str:
    """Wait for each greeting; return what is missing at the end, or an empty string."""
    end = time.monotonic() + _WAIT_SECONDS
    for place in places:
        while wrong := _greets(place):
            if time.monotonic() > end:
                return f"{place}: {wrong}"
            time.sleep(0.2)
    return ""


def _greets(place: str) -> str:
    host, _colon, port = place.rpartition(":")
    address = (host.strip("[]") or "localhost", int(port))
    try:
        with socket.create_connection(address, timeout=10) as client:
            first = client.recv(512)
            client.sendall(b"QUIT\r\n")
    except OSError as error:
        return str(error)
    return "" if first.startswith(_GREETING) else f"it says {first[:80]!r}"
