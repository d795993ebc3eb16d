"""Build the collection and look at what the tarball carries: nothing that must stay at home."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
import sys
import tarfile
from collections.abc import Iterable
from pathlib import Path

from harness.parts import ROOT, STATE

STAYS_HOME = ("inventories/", "tests/", "molecule/", "playbooks/lab", "collections/", "benchmarks/")
NEVER = (".git", ".lab", ".venv", ".ci", ".postern-ca", "group_vars", "host_vars")
NEVER_FILES = ("lab", "ansible.cfg", "pyproject.toml", "requirements.yml")
NEVER_ENDS = (".key", ".pem", ".secret", ".tar.gz", ".pyc", ".log")
MUST = ("MANIFEST.json", "README.md", "COPYING", "meta/runtime.yml", "site.yml")


def build(folder: Path) -> Path:
    """Build the collection into a folder and return the tarball."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.tar.gz"):
        old.unlink()
    argv = ["ansible-galaxy", "collection", "build", "--force", "--output-path", str(folder)]
    subprocess.run(argv, cwd=ROOT, check=True)
    return next(folder.glob("*.tar.gz"))


def contents(tarball: Path) -> list[str]:
    """Return the names in a tarball."""
    with tarfile.open(tarball) as archive:
        return [member.name for member in archive.getmembers() if not member.isdir()]


def wrong(names: Iterable[str]) -> list[str]:
    """Say what a tarball with these names carries that it must not, or lacks."""
    listed = set(names)
    found = [f"{name}: must not be published" for name in sorted(listed) if _stays_home(name)]
    found += [f"{name}: missing" for name in MUST if name not in listed]
    if not any(name.startswith("plugins/modules/") for name in listed):
        found.append("plugins/modules/: no module in it")
    if not any(name.startswith("roles/") for name in listed):
        found.append("roles/: no role in it")
    return found


def _stays_home(name: str) -> bool:
    return (
        name.startswith(STAYS_HOME)
        or name in NEVER_FILES
        or bool(set(NEVER) & set(name.split("/")))
        or name.endswith(NEVER_ENDS)
    )


def main() -> int:
    """Build, list, judge."""
    names = contents(build(STATE / "build"))
    print("\n".join(names))
    problems = wrong(names)
    print("\n".join(["", *problems] if problems else ["", f"{len(names)} files, all in order"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
