"""A finding refuses or warns, and carries its problem unchanged."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._site.findings import (
    parted,
    problem,
    warning,
)


def test_a_problem_refuses_and_a_warning_passes() -> None:
    assert problem("here", "is wrong", "mend it").fatal
    assert not warning("here", "may be wrong").fatal
    assert problem("here", "is wrong").problem == Problem("here", "is wrong")


def test_problems_and_warnings_are_parted_in_their_order() -> None:
    found = [problem("a", "x"), warning("b", "y"), problem("c", "z")]
    assert parted(found) == (
        [Problem("a", "x"), Problem("c", "z")],
        [Problem("b", "y")],
    )
