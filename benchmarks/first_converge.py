"""Measure the first converge of a mail host beside a bare apt-get install of the same packages.

Run by hand while the lab is up: `.venv/bin/python benchmarks/first_converge.py`.
Makes two equal containers for each of three rounds and removes them; prints medians and ratio.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import statistics
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
PREFIX = "postern-lab"
INVENTORY = ["-i", "inventories/lab", "-i", "benchmarks/hosts.yml"]
ENGINE = ROOT / ".lab/containers.conf"
INSTALL = (
    "apt-get update -q && DEBIAN_FRONTEND=noninteractive "
    "apt-get install -y -q --no-install-recommends "
)
LIST = "dpkg-query -W -f '${Package} ${db:Status-Status}\\n'"


def timed(*argv: str | Path) -> tuple[float, str]:
    """Run a command in the checkout; return seconds and what it printed."""
    environment = {**os.environ, "PATH": f"{ROOT}/.venv/bin:{os.environ['PATH']}"}
    if ENGINE.exists():
        environment["CONTAINERS_CONF"] = str(ENGINE)
    started = time.monotonic()
    done = subprocess.run(
        argv, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return time.monotonic() - started, done.stdout


def playbook(path: str, hosts: str) -> float:
    """Run a playbook for some hosts; return seconds."""
    return timed("ansible-playbook", *INVENTORY, "-l", hosts, path)[0]


def packages(container: str) -> set[str]:
    """Return what is installed in a container."""
    listing = timed("podman", "exec", container, "sh", "-c", LIST)[1]
    return {line.split()[0] for line in listing.splitlines() if line.endswith(" installed")}


def main() -> None:
    """Alternate the two in fresh containers, so that both meet the same machine."""
    site: list[float] = []
    bare: list[float] = []
    for _ in range(ROUNDS):
        playbook("playbooks/lab/create.yml", "bench-mail,bench-bare")
        try:
            before = packages(f"{PREFIX}-bench-mail")
            site.append(playbook("site.yml", "bench-mail"))
            names = " ".join(sorted(packages(f"{PREFIX}-bench-mail") - before))
            command = ("podman", "exec", f"{PREFIX}-bench-bare", "sh", "-c", INSTALL + names)
            bare.append(timed(*command)[0])
        finally:
            for name in ("bench-mail", "bench-bare"):
                timed("podman", "rm", "-f", "-t", "1", f"{PREFIX}-{name}")
    ratio = statistics.median(site) / statistics.median(bare)
    print(f"bare apt-get install: median {statistics.median(bare):.1f} s of {ROUNDS}")
    print(f"first site.yml:       median {statistics.median(site):.1f} s of {ROUNDS}")
    print(f"ratio:                {ratio:.2f} (promised: at most 2)")


if __name__ == "__main__":
    main()
