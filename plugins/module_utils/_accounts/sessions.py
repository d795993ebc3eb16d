"""Sessions of people who may not log in any more, with whatever program, and their end."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Collection, Container

from . import processes, submissions
from .processes import Session


def lost(enabled: Container[str]) -> list[Session]:
    """Return the sessions of people who are not among those that may log in."""
    submitting = submissions.without_right(enabled, processes.running(submissions.PROGRAM))
    return sorted([*processes.without_right(enabled), *submitting])


def end(sessions: Collection[Session]) -> None:
    """End each of them, in the way that its program bears."""
    submitting = {one for one in sessions if one.program == submissions.PROGRAM}
    submissions.cut(submitting)
    processes.end(set(sessions) - submitting)
