"""Handing a message to this machine's own sendmail command, as its programs do."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import pwd
import shutil
from dataclasses import dataclass

from .._core.commands import run
from .model import Verdict, broken, kept, skipped
from .transcript import Transcript

PLACES = "/usr/sbin:/usr/lib:/usr/bin"


@dataclass(frozen=True)
class Envelope:
    """Who writes to whom; user is whom root lets run the command in its stead."""

    sender: str
    recipient: str
    user: str = ""


def hand_over(envelope: Envelope, message: bytes, transcript: Transcript) -> Verdict:
    """Give the message to sendmail; the verdict is about its acceptance only."""
    program = shutil.which("sendmail", path=PLACES)
    if program is None:
        return broken("this machine has no sendmail command")
    if envelope.user and os.geteuid() != 0:
        return skipped(f"only root can send as {envelope.user}")
    sender = ["-f", envelope.sender] if envelope.sender else []
    argv = [*_as(envelope.user), program, "-i", *sender, "--", envelope.recipient]
    transcript.remark(" ".join(argv))
    outcome = run(argv, stdin=message.decode("ascii").replace("\r\n", "\n"), timeout_seconds=60)
    if outcome.words:
        transcript.remark(outcome.words)
    if outcome.ok:
        return kept("accepted by the sendmail command")
    return broken(f"sendmail returned {outcome.rc}: {outcome.words}")


def _as(user: str) -> list[str]:
    """Return the words before a command that is run with a user's rights alone."""
    if not user:
        return []
    entry = pwd.getpwnam(user)
    rights = [f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
    return ["setpriv", *rights, "--reset-env", "--"]
