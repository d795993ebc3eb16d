"""Commands: run a program by its argument list and say what came of it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

NOT_FOUND = 127
NOT_STARTED = 126
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

    Secrets belong in stdin, never in argv, which every user of the host can read. Input and
    output are kept in memory files instead of pipes: a daemon that the program leaves behind
    holds them open, and nobody has to wait for its end.
    """
    words = tuple(argv)
    surroundings = {**os.environ, "LC_ALL": "C", **(env or {})}
    with _memory(stdin or "") as given, _memory() as out, _memory() as err:
        try:
            process = subprocess.Popen(
                words,
                stdin=given,
                stdout=out,
                stderr=err,
                env=surroundings,
                start_new_session=True,
            )
        except FileNotFoundError:
            return Outcome(words, NOT_FOUND, "", f"{words[0]}: not installed")
        except OSError as error:
            return Outcome(words, NOT_STARTED, "", f"{words[0]}: {error.strerror}")
        try:
            rc = process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            text = f"{words[0]}: no end after {timeout_seconds} s"
            return Outcome(words, TIMED_OUT, _read(out), f"{_read(err)}{text}")
        return Outcome(words, rc, _read(out), _read(err))


def _memory(text: str = "") -> BinaryIO:
    """Return a file without a name, in memory, at its beginning."""
    file = os.fdopen(os.memfd_create("postern"), "w+b")
    file.write(text.encode())
    file.seek(0)
    return file


def _read(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
