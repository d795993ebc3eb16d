"""Measure the no-change run of site.yml beside a play that only gathers facts, on one mail host.

Run by hand on a converged lab: `.venv/bin/python benchmarks/second_run.py [HOST]`.
Prints the medians of three, their ratio, and how many tasks ran for the host.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 3
FACTS_ONLY = "- hosts: all\n  become: true\n  gather_facts: true\n  tasks: []\n"
RECAP = re.compile(r"^(?P<host>\S+)\s+: ok=(?P<ok>\d+)\s+changed=(?P<changed>\d+)", re.MULTILINE)


def timed(playbook: Path, host: str) -> tuple[float, int, int]:
    """Run a playbook for one host; return seconds, tasks that ran, tasks that changed."""
    started = time.monotonic()
    done = subprocess.run(
        [ROOT / ".venv/bin/ansible-playbook", "-i", "inventories/lab", "-l", host, playbook],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{ROOT}/.venv/bin:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = time.monotonic() - started
    counts = {m["host"]: (int(m["ok"]), int(m["changed"])) for m in RECAP.finditer(done.stdout)}
    return (seconds, *counts[host])


def main() -> None:
    """Alternate the two playbooks, so that both meet the same machine."""
    host = sys.argv[1] if len(sys.argv) > 1 else "mail"
    site: list[float] = []
    facts: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        facts_only = Path(folder) / "facts.yml"
        facts_only.write_text(FACTS_ONLY, encoding="utf-8")
        for _ in range(RUNS):
            facts.append(timed(facts_only, host)[0])
            seconds, ran, changed = timed(ROOT / "site.yml", host)
            site.append(seconds)
    ratio = statistics.median(site) / statistics.median(facts)
    print(f"facts only: median {statistics.median(facts):.2f} s of {RUNS}")
    print(f"site.yml:   median {statistics.median(site):.2f} s of {RUNS}, ", end="")
    print(f"{ran} tasks for {host}, {changed} changed")
    print(f"ratio:      {ratio:.2f} (promised: at most 3, and at most 35 tasks)")


if __name__ == "__main__":
    main()
