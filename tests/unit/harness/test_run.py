"""Which parts a name on the command line means."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib.util
from pathlib import Path

from harness.parts import Part

PATH = Path(__file__).resolve().parents[2] / "run.py"
SPEC = importlib.util.spec_from_file_location("runner", PATH)
assert SPEC is not None
assert SPEC.loader is not None
runner = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(runner)

EVERYTHING = [Part(name, ()) for name in ("ruff", "site@bookworm", "site@trixie", "unit")]


def names(*wanted: str) -> list[str]:
    return [part.name for part in runner.choose(EVERYTHING, wanted)[0]]


def test_no_name_means_everything() -> None:
    assert names() == [part.name for part in EVERYTHING]


def test_a_long_part_runs_when_it_is_named_or_all_is_asked_for() -> None:
    for full in (False, True):
        parts = runner.all_parts(full, keep=False)
        unnamed = {part.name for part in runner.choose(parts, ())[0]}
        assert ("stores@bookworm" in unnamed) is full
        assert "stores@trixie" in unnamed
        assert [p.name for p in runner.choose(parts, ["stores@bookworm"])[0]] == ["stores@bookworm"]


def test_a_scenario_means_both_releases_unless_one_is_named() -> None:
    assert names("site") == ["site@bookworm", "site@trixie"]
    assert names("site@trixie", "ruff") == ["ruff", "site@trixie"]


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    chosen, unknown = runner.choose(EVERYTHING, ["sit"])
    assert chosen == []
    assert unknown == ["no part or scenario is named sit; there is: site"]
