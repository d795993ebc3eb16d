"""Run every test of the project: lint, types, units, conventions, sanity, Molecule's matrix.

Called by `./lab test`. All parts run even when one fails; each leaves its output in
.lab/test/PART.log; the exit code is 1 when any part failed.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import argparse
import difflib
import os
import signal
import sys
import time
from collections.abc import Sequence
from types import FrameType

from harness import report
from harness.execute import Pool
from harness.parts import (
    RELEASES,
    ROOT,
    STATE,
    Part,
    scenario_names,
    scenario_part,
    static_parts,
    surroundings,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run what the command line names, or everything."""
    options = read_options(argv)
    everything = all_parts(options.full, options.keep)
    if options.list:
        print("\n".join(part.name for part in everything))
        return 0
    chosen, unknown = choose(everything, options.names)
    if unknown:
        print("\n".join(unknown), file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _interrupt)
    begin = time.monotonic()
    pool = Pool(options.jobs, surroundings(), lambda text: _say(begin, text))
    try:
        results = pool.run(chosen)
    except KeyboardInterrupt:
        print("\nstopped; `./lab down` removes containers that are left", file=sys.stderr)
        return 130
    print(f"\n{report.tails(results, ROOT)}\n{report.table(results)}")
    if options.keep:
        print("\n".join(f"kept {part.name}: {part.goodbye}" for part in chosen if part.goodbye))
    print(f"\n{time.monotonic() - begin:.0f} s, logs in {STATE.relative_to(ROOT)}/\n")
    print(report.closing(results))
    return 0 if all(result.passed for result in results) else 1


def read_options(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    cores = len(os.sched_getaffinity(0))
    parser = argparse.ArgumentParser(prog="./lab test", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="part, SCENARIO, SCENARIO@RELEASE")
    parser.add_argument("--full", action="store_true", help="also what takes longer")
    parser.add_argument("--keep", action="store_true", help="leave the scenarios' containers")
    parser.add_argument("--list", action="store_true", help="print the names of all parts")
    parser.add_argument(
        "--jobs", type=int, default=min(4, cores + 1), help="parts side by side (%(default)s)"
    )
    return parser.parse_args(argv)


def all_parts(full: bool, keep: bool) -> list[Part]:
    """Return every part in the order in which they start."""
    matrix = [(name, release) for name in scenario_names() for release in RELEASES]
    return static_parts(full) + [
        scenario_part(name, release, keep, full) for name, release in matrix
    ]


def choose(everything: Sequence[Part], names: Sequence[str]) -> tuple[list[Part], list[str]]:
    """Return the parts that the names mean, and what is said of unknown names.

    Without a name all are meant but the long ones.
    """
    if not names:
        return [part for part in everything if part.unasked], []
    by_name: dict[str, list[Part]] = {}
    for part in everything:
        for key in {part.name, part.name.split("@")[0]}:
            by_name.setdefault(key, []).append(part)
    unknown = []
    for name in names:
        if name not in by_name:
            near = difflib.get_close_matches(name, by_name, n=1) or sorted(by_name)
            unknown.append(f"no part or scenario is named {name}; there is: {', '.join(near)}")
    wanted = {part.name for name in names for part in by_name.get(name, [])}
    return [part for part in everything if part.name in wanted], unknown


def _say(begin: float, text: str) -> None:
    minutes, seconds = divmod(int(time.monotonic() - begin), 60)
    print(f"{minutes:02d}:{seconds:02d} {text}", flush=True)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
