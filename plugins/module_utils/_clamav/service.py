"""ClamAV's units: bringing the daemon up, having it load signatures, fetching the first ones."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import TIMED_OUT, run

from .dialogue import ask
from .model import DATABASES
from .rehearsal import FRESHCLAM
from .wanted import FRESHCLAM_CONF

DAEMON = "clamav-daemon.service"
SOCKET_UNIT = "clamav-daemon.socket"
FETCHER = "clamav-freshclam.service"
PATH = "postern-clamav.path"
_LOADED = "Database correctly reloaded"
_NOT_LOADED = ("Database load failed", "reload db failed", "Database reload failed")
_NOISE = ("Limits: ", "support enabled", "Self checking", "detection", "alerts enabled")


def states(names: Iterable[str]) -> dict[str, tuple[bool, bool]]:
    """Return of each unit whether it runs, and whether it starts at boot; two calls in all."""
    asked = list(names)
    active = units.systemctl("is-active", *asked).out.splitlines()
    found = {}
    for number, name in enumerate(asked):
        runs = number < len(active) and active[number] == "active"
        found[name] = (runs, units.systemctl("is-enabled", "--quiet", name).ok)
    return found


def has_signatures() -> bool:
    """Say whether ClamAV's own signatures are there, as the package's units ask for them."""
    return all(
        any(Path(DATABASES, f"{name}.{kind}").exists() for kind in ("cvd", "cld"))
        for name in ("main", "daily")
    )


def has_any_signatures() -> bool:
    """Say whether somebody has brought signatures of whatever kind."""
    return any(
        path.suffix in (".cvd", ".cld", ".cud") or path.suffix.endswith("db")
        for path in Path(DATABASES).glob("*")
        if not path.name.startswith("postern-")
    )


def read_units() -> None:
    """Let systemd read its units again."""
    units.read_units_again(DAEMON)


def fetch(seconds: int) -> str:
    """Fetch signatures once; return why that did not do, or an empty string."""
    outcome = run([FRESHCLAM, f"--config-file={FRESHCLAM_CONF}"], timeout_seconds=seconds)
    if outcome.ok and has_signatures():
        return ""
    if outcome.rc == TIMED_OUT:
        return f"freshclam was not done after {seconds} s"
    errors = [line for line in outcome.words.splitlines() if line.startswith("ERROR")]
    return errors[0] if errors else outcome.words


def keep_fetching(*, anew: bool) -> None:
    """Have freshclam run, and the daemon start when it has brought signatures."""
    for unit in (FETCHER, PATH):
        units.demand(unit, "enable", "--quiet")
    units.demand(FETCHER, "restart" if anew else "start")
    units.demand(PATH, "start")


def stop(*names: str) -> None:
    """End units, and let them not start at boot."""
    units.systemctl("disable", "--now", "--quiet", *names)


def enable() -> None:
    """Let the daemon and its socket start at boot."""
    for unit in (DAEMON, SOCKET_UNIT):
        units.demand(unit, "enable", "--quiet")


def hold() -> None:
    """End the daemon and close its socket: nobody waits there for what can't answer."""
    units.systemctl("stop", SOCKET_UNIT, DAEMON)


def start(seconds: int, *, anew: bool, socket_too: bool) -> None:
    """Start the daemon, anew if told so, and believe it only when it answers."""
    since = units.log_end()
    units.systemctl("reset-failed", DAEMON, SOCKET_UNIT)
    if socket_too:
        hold()
    units.demand(DAEMON, "restart" if anew else "start")
    end = time.monotonic() + seconds
    while ask("PING") != "PONG":
        restarts = units.properties(DAEMON, "NRestarts").get("NRestarts", "0")
        if restarts != "0" or not _is_alive():
            raise Refused(f"clamd does not stay:\n{_words(since)}")
        if time.monotonic() > end:
            raise Refused(f"clamd does not answer after {seconds} s:\n{_words(since)}")
        time.sleep(0.1)


def load(seconds: int) -> None:
    """Have the daemon load its signatures anew; raises Refused with its words if it can't."""
    since = units.log_end()
    ask("RELOAD", wait_seconds=seconds)
    end = time.monotonic() + seconds
    while _LOADED not in (said := units.log_of(DAEMON, after=since)):
        if any(word in said for word in _NOT_LOADED) or not _is_alive():
            raise Refused(f"clamd does not load the signatures:\n{_words(since)}")
        if time.monotonic() > end:
            raise Refused(f"clamd has not loaded the signatures after {seconds} s")
        time.sleep(0.1)


def _is_alive() -> bool:
    """Say whether the daemon runs: one that waits for its next start does not."""
    return units.properties(DAEMON, "SubState").get("SubState") == "running"


def _words(since: str) -> str:
    """Return what clamd said since then, each thing once and without its list of limits."""
    lines = units.log_of(DAEMON, after=since).splitlines()
    told = [line for line in lines if not any(noise in line for noise in _NOISE)]
    return "\n".join(list(dict.fromkeys(told))[-12:])
