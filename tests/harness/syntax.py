"""Syntax check of every playbook that the project ships, one ansible-playbook call."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
import sys

from harness.parts import ROOT


def playbooks() -> list[str]:
    """Return the playbooks of the checkout, task files aside."""
    found = [ROOT / "site.yml", *sorted((ROOT / "playbooks").rglob("*.yml"))]
    return [
        str(path.relative_to(ROOT))
        for path in found
        if path.is_file() and not {"tasks", "vars", "files", "templates"} & set(path.parts)
    ]


def main() -> int:
    """Check them all against the lab's inventory."""
    names = playbooks()
    if not names:
        print("no playbook found, not even site.yml")
        return 1
    argv = ["ansible-playbook", "--syntax-check", "-i", "inventories/lab", *names]
    print(" ".join(argv), flush=True)
    return subprocess.run(argv, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
