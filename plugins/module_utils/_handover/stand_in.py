"""Stands in as /usr/sbin/sendmail while a host changes its transfer agent: keeps what is sent."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import BinaryIO

DROP = "/var/lib/postern/handover-drop"
# Where everybody may leave files, one of root's may have been moved there by anybody.
DROP_OF_ROOT = "/var/lib/postern/handover/dropped"
REAL = ("/usr/sbin/sendmail.postern", "/usr/libexec/sendmail/sendmail")
TEMPORARY_FAILURE = 75
SORRY = "sendmail: the transfer agent of this host is being changed; try again in a few minutes"

# Options whose value is the next word, unless it is joined to them.
VALUED = "ABCDFLNORVXfhopr"


def submits(name: str, words: list[str]) -> bool:
    """Say whether a call hands in a message; all others are the agent's own business.

    By other names, such as mailq and newaliases, the same program does other things.
    """
    if Path(name).name != "sendmail":
        return False
    for word in options(words):
        if word.startswith("-b"):
            return word == "-bm"
        if word.startswith(("-q", "-I", "-d0", "-Q")):
            return False
    return True


def options(words: list[str]) -> Iterable[str]:
    """Return the options of a call, without the values that are words of their own."""
    rest = iter(words)
    for word in rest:
        if word in ("-", "--") or not word.startswith("-"):
            return
        if len(word) == 2 and word[1] in VALUED:
            next(rest, None)
        yield word


def ends_at_dot(words: list[str]) -> bool:
    """Say whether a line with a dot alone ends the message, as it does unless -i is given."""
    return not any(word == "-oi" or (word[1] in "it" and "i" in word) for word in options(words))


def copy(source: BinaryIO, target: BinaryIO, to_dot: bool) -> None:
    """Copy a message to its end."""
    for line in source:
        if to_dot and line.rstrip(b"\r\n") == b".":
            return
        target.write(line)


def keep(words: list[str], source: BinaryIO, drop: str = DROP) -> None:
    """Keep a call with its message until the new agent can have it; whole, or not at all."""
    name = f"{time.time_ns()}-{os.getpid()}-{os.urandom(8).hex()}"
    part = Path(drop, f"{name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(json.dumps(words).encode() + b"\n")
            copy(source, file, ends_at_dot(words))
            file.flush()
            os.fsync(file.fileno())
            part.rename(Path(drop, f"{name}.mail"))
            os.fsync(file.fileno())  # the folder is nobody's to open: this makes the name last
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def is_session(words: list[str]) -> bool:
    """Say whether somebody hands in mail by SMTP; the new agent's own sessions say `-Am`."""
    return "-bs" in options(words) and "-Am" not in words


def pass_on(words: list[str], real: Iterable[str] = REAL) -> int:
    """Become the agent's own program, where it is there; does not return then.

    An agent that leaves must not take mail any more: nobody would read its queue again.
    """
    for program in () if is_session(words) else real:
        if os.access(program, os.X_OK):
            os.execv(program, [sys.argv[0], *words])  # noqa: S606 it becomes that program
    if "-bs" in words:
        sys.stdout.write("421 4.3.2 try again in a few minutes\n")
    return TEMPORARY_FAILURE


def put_off(_number: int, _frame: FrameType | None) -> None:
    """End because somebody says so; the caller shall try again."""
    raise SystemExit(TEMPORARY_FAILURE)


def main() -> int:
    """Keep the message, pass the call on, or say that it is not the time."""
    signal.signal(signal.SIGTERM, put_off)
    words = sys.argv[1:]
    try:
        if submits(sys.argv[0], words):
            keep(words, sys.stdin.buffer, DROP if os.geteuid() else DROP_OF_ROOT)
            return 0
        code = pass_on(words)
    except OSError:
        code = TEMPORARY_FAILURE
    sys.stderr.write(f"{SORRY}\n")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
