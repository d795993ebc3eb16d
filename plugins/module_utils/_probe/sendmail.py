"""Handing a message to this machine's own sendmail command, as its programs do."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import shutil

from .._core.commands import run
from .model import Verdict, broken, kept
from .transcript import Transcript

PLACES = "/usr/sbin:/usr/lib:/usr/bin"


def hand_over(sender: str, recipient: str, message: bytes, transcript: Transcript) -> Verdict:
    """Give the message to sendmail; the verdict is about its acceptance only."""
    program = shutil.which("sendmail", path=PLACES)
    if program is None:
        return broken("this machine has no sendmail command")
    argv = [program, "-i", *(["-f", sender] if sender else []), "--", recipient]
    transcript.remark(" ".join(argv))
    outcome = run(argv, stdin=message.decode("ascii").replace("\r\n", "\n"), timeout_seconds=60)
    if outcome.words:
        transcript.remark(outcome.words)
    if outcome.ok:
        return kept("accepted by the sendmail command")
    return broken(f"sendmail returned {outcome.rc}: {outcome.words}")
