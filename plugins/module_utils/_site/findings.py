"""What a check finds: a problem, or a warning where it can't know."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem


@dataclass(frozen=True)
class Finding:
    """A problem with its weight."""

    problem: Problem
    fatal: bool


Findings = Iterable[Finding]


def problem(where: str, what: str, hint: str = "") -> Finding:
    """Return a finding that refuses the model."""
    return Finding(Problem(where, what, hint), fatal=True)


def warning(where: str, what: str, hint: str = "") -> Finding:
    """Return a finding that is said and passed."""
    return Finding(Problem(where, what, hint), fatal=False)


def parted(findings: Findings) -> tuple[list[Problem], list[Problem]]:
    """Return the problems, and apart from them the warnings."""
    found = list(findings)
    problems = [finding.problem for finding in found if finding.fatal]
    return problems, [finding.problem for finding in found if not finding.fatal]
