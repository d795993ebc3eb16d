"""A change of the rules on trial: the host takes it back by itself unless it is confirmed."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from .._core.apply import Refused, put
from .._core.commands import run
from .._core.plan import File
from .._core.units import systemctl
from .host import load, read_listing
from .parse import restoring
from .render import NFT

# In /run: a host that restarts in the middle forgets the trial, and boots into the old file.
FOLDER = Path("/run/postern-firewall")
PREVIOUS = FOLDER / "previous.nft"
TAKEN_BACK = FOLDER / "taken-back.nft"
TRIAL = FOLDER / "trial.json"
TIMER = "postern-firewall-rollback"
WAIT_SECONDS = 10.0  # for a rollback that has just begun

KEPT = "kept"
ROLLED_BACK = "rolled_back"
LOST = "lost"


@dataclass(frozen=True)
class Verdict:
    """How a trial ended, and the live table as it was before it."""

    outcome: str
    previous: str | None = None
    restored: bool = False


def begin(rules: str, previous: str | None, seconds: int) -> str:
    """Arm the way back, then load the rules; return the word that confirms them."""
    token = secrets.token_hex(8)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(mode=0o700)
    put(str(TRIAL), File(json.dumps({"token": token, "previous": previous}).encode(), 0o600))
    put(str(PREVIOUS), File(restoring(previous).encode(), 0o600))
    _arm(seconds)
    try:
        load(rules)
    except BaseException:
        _disarm()
        shutil.rmtree(FOLDER, ignore_errors=True)
        raise
    return token


def settle(token: str) -> Verdict:
    """End the trial: the rules stay if the host has not taken them back before."""
    trial = _read_trial()
    if trial.get("token") != token:
        return Verdict(LOST)
    previous = trial.get("previous")
    kept = _claim()
    if kept:
        _disarm()
    restored = not kept and _wait_for(previous)
    shutil.rmtree(FOLDER, ignore_errors=True)
    return Verdict(KEPT if kept else ROLLED_BACK, previous, restored)


def outlast(limit_seconds: float = 75) -> None:
    """Wait until the trial of an earlier run, whose controller has gone, is over."""
    end = time.monotonic() + limit_seconds
    while PREVIOUS.exists() and time.monotonic() < end:
        time.sleep(0.5)
    if PREVIOUS.exists() and _claim():
        load(TAKEN_BACK.read_text())


def _arm(seconds: int) -> None:
    systemctl("stop", f"{TIMER}.timer")
    systemctl("reset-failed", f"{TIMER}.timer", f"{TIMER}.service")
    done = run(
        [
            "systemd-run",
            "--quiet",
            f"--unit={TIMER}",
            f"--on-active={seconds}s",
            "--timer-property=AccuracySec=100ms",
            "--description=Take back firewall rules that nobody confirmed",
            "/bin/sh",
            "-c",
            f"mv {PREVIOUS} {TAKEN_BACK} && exec {NFT} -f {TAKEN_BACK}",
        ]
    )
    if not done.ok:
        shutil.rmtree(FOLDER, ignore_errors=True)
        raise Refused(f"systemd-run cannot arm the way back; nothing was changed:\n{done.words}")


def _disarm() -> None:
    systemctl("stop", f"{TIMER}.timer")


def _claim() -> bool:
    """Whether we, not the timer, have the previous rules: one rename decides."""
    try:
        PREVIOUS.rename(TAKEN_BACK)
    except FileNotFoundError:
        return False
    return True


def _wait_for(listing: str | None) -> bool:
    """Whether the live table is, within the time, what it was before."""
    end = time.monotonic() + WAIT_SECONDS
    while read_listing() != listing:
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def _read_trial() -> dict[str, str | None]:
    with contextlib.suppress(OSError, ValueError):
        raw = json.loads(TRIAL.read_text())
        return raw if isinstance(raw, dict) else {}
    return {}
