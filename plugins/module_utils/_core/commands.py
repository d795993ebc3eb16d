"""Commands: run a program by its argument list and say what came of it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NOT_FOUND = 127
TIMED_OUT = 124


@dataclass(frozen=True)
class Outcome:
    """How a command ended: return code, standard output, standard error."""

    argv: tuple[str, ...]
    rc: int
    out: str
    err: str

    @property
    def ok(self) -> bool:
        """Whether the command returned 0."""
        return self.rc == 0

    @property
    def words(self) -> str:
        """What the program itself said, errors first."""
        return "\n".join(text for text in (self.err.strip(), self.out.strip()) if text)


def run(
    argv: Sequence[str],
    *,
    stdin: str | None = None,
    env: Mapping[str, str] | None = None,
    timeout_seconds: float = 120,
) -> Outcome:
    """Run a program without a shell, in the C locale; never raises for what the program does.

    Secrets belong in stdin, never in argv, which every user of the host can read.
    """
    surroundings = {**os.environ, "LC_ALL": "C", **(env or {})}
    try:
        done = subprocess.run(
            list(argv),
            input=stdin if stdin is not None else "",
            env=surroundings,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_seconds,
            check=False,
        )
    except FileNotFoundError:
        return Outcome(tuple(argv), NOT_FOUND, "", f"{argv[0]}: not installed")
    except subprocess.TimeoutExpired:
        return Outcome(tuple(argv), TIMED_OUT, "", f"{argv[0]}: no end after {timeout_seconds} s")
    return Outcome(tuple(argv), done.returncode, done.stdout, done.stderr)
