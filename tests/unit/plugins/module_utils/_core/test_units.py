"""A unit is in service only when it runs and comes back after a boot."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"is-active": 0, "is-enabled": 0}, True),
        ({"is-active": 3, "is-enabled": 0}, False),
        ({"is-active": 0, "is-enabled": 1}, False),
    ],
)
def test_a_unit_has_to_run_and_to_be_enabled(
    monkeypatch: pytest.MonkeyPatch, answers: dict[str, int], expected: bool
) -> None:
    def say(argv: Sequence[str]) -> Outcome:
        return Outcome(tuple(argv), answers[argv[1]], "", "")

    monkeypatch.setattr(units, "run", say)
    assert units.in_service("postfix.service") is expected
