"""Telling how it ended: tails of what failed, a table, and the closing count."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.execute import Result

TAIL_LINES = 40


def tails(results: Sequence[Result], root: Path) -> str:
    """Return the end of each failed part's log, and where the whole of it is."""
    blocks = []
    for result in results:
        if result.passed:
            continue
        text = result.part.log.read_text(encoding="utf-8", errors="replace")
        lines = text.splitlines()[-TAIL_LINES:]
        place = result.part.log.relative_to(root)
        blocks.append("\n".join([f"---- {result.part.name}: end of {place}", *lines, ""]))
    return "\n".join(blocks)


def table(results: Sequence[Result]) -> str:
    """Return a line for each part: name, seconds, result, and the seconds of its steps."""
    width = max([len(result.part.name) for result in results] + [4])
    lines = [f"{'part':<{width}}  seconds  result"]
    for result in results:
        word = "passed" if result.passed else "FAILED"
        steps = _steps(result)
        lines.append(f"{result.part.name:<{width}}  {result.seconds:7.1f}  {word}{steps}")
    return "\n".join(lines)


def closing(results: Sequence[Result]) -> str:
    """Return the count, in the form `12 passed, 0 failed`."""
    passed = sum(result.passed for result in results)
    return f"{passed} passed, {len(results) - passed} failed"


def _steps(result: Result) -> str:
    if len(result.steps) < 2:
        return ""
    told = [f"{step.step} {step.seconds:.0f}{'!' if step.trouble else ''}" for step in result.steps]
    return f"  ({', '.join(told)})"
