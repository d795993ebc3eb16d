"""Units of systemd: what the host says about them, and what it is told to do with them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from .apply import Refused
from .commands import Outcome, run

_LOG_LINES = 10


def systemctl(*words: str) -> Outcome:
    """Tell systemd something; return what came of it."""
    return run(["systemctl", *words])


def demand(*words: str, unit: str) -> None:
    """Tell systemd something it must not refuse; Refused holds its words and the unit's log."""
    done = systemctl(*words)
    if not done.ok:
        said = "\n".join(part for part in (done.words, log_of(unit)) if part)
        raise Refused(f"systemctl {' '.join(words)} failed:\n{said}")


def read_units_again(unit: str) -> None:
    """Let systemd read its units' files, one of which has changed."""
    demand("daemon-reload", unit=unit)


def is_active(unit: str) -> bool:
    """Whether a unit runs now."""
    return systemctl("is-active", "--quiet", unit).ok


def in_service(unit: str) -> bool:
    """Whether a unit runs now and starts at boot, so that nothing needs to be done about it."""
    return is_active(unit) and systemctl("is-enabled", "--quiet", unit).ok


def properties(unit: str, *names: str) -> dict[str, str]:
    """Return what systemd knows of a unit, by the names of its properties."""
    lines = systemctl("show", "--property", ",".join(names), unit).out.splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def log_of(unit: str, *, since: str = "", after: str = "") -> str:
    """Return what a unit said: since a time or after a cursor, else its last lines."""
    range_words = ["--lines", str(_LOG_LINES)]
    if since or after:
        range_words = ["--since", since] if since else ["--after-cursor", after]
    argv = ["journalctl", "--unit", unit, *range_words, "--output", "cat", "--no-pager"]
    return run(argv).out.strip()
