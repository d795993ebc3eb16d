"""shellcheck for every POSIX shell script of the project."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
import sys

from harness.parts import ROOT


def scripts() -> list[str]:
    """Return what git tracks, or will, and begins with a shell's hashbang."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return sorted(name for name in set(listed) if _is_shell(name))


def _is_shell(name: str) -> bool:
    path = ROOT / name
    if not path.is_file() or path.is_symlink():
        return False
    with path.open("rb") as file:
        first = file.readline()
    return first.startswith(b"#!") and first.rstrip().endswith((b"/sh", b"bash", b" sh"))


def main() -> int:
    """Check them all."""
    names = scripts()
    if not names:
        print("no shell script found, not even lab")
        return 1
    print(" ".join(names), flush=True)
    return subprocess.run(["shellcheck", *names], cwd=ROOT, check=False).returncode  # noqa: S607


if __name__ == "__main__":
    sys.exit(main())
