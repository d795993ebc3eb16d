"""Telling how it ended: tails of what failed, a table, and the closing count."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.execute import Ended, Result

TAIL_LINES = 40


def tails(results: Sequence[Result], root: Path) -> str:
    """Return what each failed step said last, and where the whole log is."""
    blocks = []
    for result in results:
        if result.passed:
            continue
        text = result.part.log.read_text(encoding="utf-8", errors="replace")
        place = result.part.log.relative_to(root)
        for step in (step for step in result.steps if step.trouble):
            lines = _until(text, step).splitlines()[-TAIL_LINES:]
            title = f"---- {result.part.name}: {step.step} in {place}"
            blocks.append("\n".join([title, *lines, ""]))
    return "\n".join(blocks)


def _until(text: str, step: Ended) -> str:
    """Return a log up to where a step failed: clean-up that follows says nothing about it."""
    words = f"\n{step.step}: {step.trouble}\n"
    before, found, _after = text.partition(words)
    return before + found


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
