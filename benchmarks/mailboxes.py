"""Measure the cyrus_mailboxes module with a thousand people, on one host where Cyrus runs.

Run by hand on a converged lab: `.venv/bin/python benchmarks/mailboxes.py [CONTAINER] [PEOPLE]`.
The mailboxes that it makes it also removes. Prints what each run takes.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import tables

CONTAINER, PEOPLE = "postern-lab-mail", 1000
USES = ("Drafts", "Sent", "Junk", "Trash", "Archive")
PROMISED_SECONDS = 3


def main() -> None:
    """Bring the module into the container and measure it there."""
    words = sys.argv[1:]
    people = next((int(word) for word in words if word.isdigit()), PEOPLE)
    name = next((word for word in words if not word.isdigit()), CONTAINER)
    tables.bring(name)
    for file in ("tables.py", "mailboxes.py"):
        tables.engine("cp", Path(__file__).with_name(file), f"{name}:{tables.INSIDE}/{file}")
    try:
        argv = ("python3", tables.INSIDE / "mailboxes.py", "inside", str(people))
        print(tables.engine("exec", name, *argv), end="")
    finally:
        tables.engine("exec", name, "rm", "-rf", tables.INSIDE)


def names(people: int) -> list[str]:
    """Return so many names of mailboxes that nobody else has."""
    return [f"bench{number}@bench.example" for number in range(people)]


def inside(people: int) -> None:
    """Make the mailboxes, look again twice, and remove them, each in a process of its own."""
    there = {
        "mailboxes": [{"name": name, "quota_kib": 1024} for name in names(people)],
        "folders": [{"name": use, "use": use.lower()} for use in USES],
    }
    gone = {"mailboxes": [], "removed": [{"name": n, "archive": False} for n in names(people)]}
    for what, options, changes in (
        ("first", there, True),
        ("again", there, False),
        ("once more", there, False),
        ("removal", gone, True),
    ):
        started, before = time.monotonic(), tables.processor_seconds()
        said = run(options)
        taken, own = time.monotonic() - started, tables.processor_seconds() - before
        print(f"{people} mailboxes, {what}: {taken:.2f} s, of the processor {own:.2f} s")
        if said["changed"] is not changes:
            raise SystemExit(f"{what}: {json.dumps(said)[:500]}")
    print(f"(promised: at most {PROMISED_SECONDS} s again; Cyrus' own processor time is not told)")


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Run the module; return what it says."""
    argv = [sys.executable, "-W", "ignore", __file__, "module"]
    done = subprocess.run(
        argv, input=json.dumps(options), stdout=subprocess.PIPE, text=True, check=True
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def module() -> None:
    """Run the module with options from standard input."""
    sys.path.insert(0, str(tables.INSIDE))
    from ansible.module_utils.testing import patch_module_args  # noqa: PLC0415
    from ansible_collections.postern.mail.plugins.modules import (  # noqa: PLC0415
        cyrus_mailboxes,
    )

    with patch_module_args(json.load(sys.stdin)):
        cyrus_mailboxes.main()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["inside", people]:
            inside(int(people))
        case ["module"]:
            module()
        case _:
            main()
