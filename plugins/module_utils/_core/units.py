"""Units of systemd: what the host says about them, and what it is told to do with them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

from .apply import Refused
from .commands import Outcome, run

LAST_LINES = 10
# For a drop-in of what listens on the host's addresses: it must not start before they are there.
AFTER_NETWORK = """[Unit]
Wants=network-online.target
After=network-online.target
"""


def systemctl(*words: str) -> Outcome:
    """Tell systemd something; return what came of it."""
    return run(["systemctl", *words])


def demand(unit: str, *words: str) -> None:
    """Tell systemd to do something with a unit; Refused holds its words and the unit's log."""
    _expect(unit, [*words, unit])


def read_units_again(unit: str) -> None:
    """Let systemd read its units' files, one of which has changed."""
    _expect(unit, ["daemon-reload"])


def _expect(unit: str, words: list[str]) -> None:
    done = systemctl(*words)
    if not done.ok:
        said = "\n".join(part for part in (done.words, log_of(unit, lines=LAST_LINES)) if part)
        raise Refused(f"systemctl {' '.join(words)} failed:\n{said}")


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


def log_end() -> str:
    """Return the cursor of the journal's present end, to hear later what was said after it."""
    argv = ["journalctl", "-n", "1", "-o", "json", "--output-fields=MESSAGE", "--no-pager"]
    last = run(argv).out
    return str(json.loads(last)["__CURSOR"]) if last.strip() else ""


def log_of(unit: str, *, since: str = "", after: str = "", lines: int = 0) -> str:
    """Return what a unit said: since a time, after a cursor, in its last lines; else all of it."""
    bounds = [
        *(["--since", since] if since else []),
        *(["--after-cursor", after] if after else []),
        *(["--lines", str(lines)] if lines else []),
    ]
    argv = ["journalctl", "--quiet", "--unit", unit, *bounds, "--output", "cat", "--no-pager"]
    return run(argv).out.strip()
