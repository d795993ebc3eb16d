"""nullmailer's daemon: whether it runs, bringing it up, and making it read its files at once."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import time
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused

UNIT = "nullmailer.service"
TRIGGER = "/var/spool/nullmailer/trigger"
_WAIT_SECONDS = 10.0
_SETTLE_SECONDS = 0.5
_LOADED = "Rescanning queue."
_COMPLAINTS = (
    "Cannot open queue",
    "Could not chdir",
    "Could not load the config",
    "Could not open trigger",
    "No remote hosts",
    "nullmailer.service: Failed",
    "nullmailer.service: Main process exited",
)


def is_active() -> bool:
    """Whether the daemon runs."""
    return units.is_active(UNIT)


def is_enabled() -> bool:
    """Whether it starts at boot."""
    return units.systemctl("is-enabled", "--quiet", UNIT).ok


def is_installed() -> bool:
    """Whether there is a nullmailer on this host."""
    return Path("/usr/sbin/nullmailer-send").exists()


def read_units() -> None:
    """Let systemd read its units again."""
    units.read_units_again(UNIT)


def enable() -> None:
    """Let it start at boot."""
    units.demand(UNIT, "enable", "--quiet")


def stop() -> None:
    """End the daemon; what it was sending stays in the queue."""
    units.systemctl("stop", UNIT)


def start() -> None:
    """Start the daemon and see that it stays and takes its files; raises Refused if not."""
    since = units.log_end()
    units.systemctl("reset-failed", UNIT)
    units.demand(UNIT, "start")
    if not _wait_until_loaded(since):
        raise Refused("\n".join(["nullmailer does not come up:", *_lines(since)]))
    _refuse_complaints(since)


def take() -> None:
    """Make a running daemon read its files and its queue now; raises Refused if it can't.

    It reads all of them before each run through its queue, so that nothing that is being sent
    is interrupted. One that is busy with a message reads them after that.
    """
    since = units.log_end()
    pull_trigger()
    _wait_until_loaded(since)
    _refuse_complaints(since)


def pull_trigger() -> None:
    """Wake the daemon, as nullmailer-queue does for a new message."""
    try:
        descriptor = os.open(TRIGGER, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        raise Refused(f"nullmailer does not listen to its trigger: {error}") from error
    try:
        os.write(descriptor, b"\0")
    finally:
        os.close(descriptor)


def _refuse_complaints(since: str) -> None:
    """Raise Refused when the daemon has complained since then, or is gone."""
    time.sleep(_SETTLE_SECONDS)
    lines = _lines(since)
    complaints = [line for line in lines if line.startswith(_COMPLAINTS)]
    if complaints or not is_active():
        words = complaints or lines
        raise Refused("\n".join(["nullmailer does not take its new files:", *words]))


def _wait_until_loaded(since: str) -> bool:
    """Wait until the daemon says that it looks at its queue."""
    end = time.monotonic() + _WAIT_SECONDS
    while _LOADED not in _lines(since):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def _lines(since: str) -> list[str]:
    """Return what the daemon, and systemd about it, said since then, each thing once."""
    return list(dict.fromkeys(units.log_of(UNIT, after=since).splitlines()))
