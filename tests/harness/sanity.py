"""ansible-test sanity on the built and installed collection, the official way where it can run.

ansible-test makes a virtual environment per test and fetches a script that brings pip into it
from a host that closed networks do not reach. Python's own ensurepip does the same, so it is put
where ansible-test looks for a script fetched earlier; packages then come from the package index
that pip is configured for. Where no index answers, the tests' own programs are called directly
with this environment's packages, and a message says so.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import sanity_direct
from harness.parts import ROOT, STATE
from harness.tarball import build

HOME = STATE / "sanity"
BOOTSTRAP = '"""Bring pip into a fresh environment."""\nimport ensurepip\nensurepip.bootstrap()\n'
NOTHING_TESTED = "All targets skipped"
NOT_INSTALLED = (
    "No matching distribution found",
    "Could not find a version that satisfies",
    "Download failed",
    "No module named ensurepip",
    "missing virtual environment support",
)


def main() -> int:
    """Run the official tests, or say why not and run their programs directly."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--direct", action="store_true", help="do not try the official way")
    parser.add_argument("--collection", type=Path, help="an installed collection; default: build")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="postern-sanity-") as folder:
        collection = options.collection or install(Path(folder))
        return sanity_direct.run(collection) if options.direct else judge(collection)


def judge(collection: Path) -> int:
    """Run the official tests; where they can't be installed say so, and run their programs."""
    code, output = official(collection)
    if NOTHING_TESTED in output:
        print("ansible-test found nothing to test: that is no success")
        return 1
    if not any(sign in output for sign in NOT_INSTALLED):
        found = [line for line in output.splitlines() if line.startswith(("ERROR:", "FATAL:"))]
        print("", "All that was found:", *(found or ["nothing"]), sep="\n")
        return code
    print(
        "\nansible-test could not install what its tests need (no package index reached):\n"
        "NOT run: the official `ansible-test sanity`. Instead its own programs run directly.\n",
        flush=True,
    )
    return sanity_direct.run(collection)


def install(folder: Path) -> Path:
    """Build the collection and install it as a user would, outside of every git repository.

    Inside one ansible-test tests what git knows: of an ignored folder nothing.
    """
    target = folder / "collections"
    tarball = build(folder / "build")
    argv = ["ansible-galaxy", "collection", "install", "--no-deps", "--offline", "--force"]
    subprocess.run([*argv, "-p", str(target), str(tarball)], check=True)
    collection = target / "ansible_collections" / "postern" / "mail"
    (collection / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "config.yml", collection / "tests")
    return collection


def official(collection: Path) -> tuple[int, str]:
    """Run ansible-test sanity; return its code and what it said."""
    _prepare_home()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    env = {**os.environ, "HOME": str(HOME), "ANSIBLE_CONFIG": os.devnull}
    env.pop("PYTHONPATH", None)
    env.pop("ANSIBLE_HOME", None)
    argv = ["ansible-test", "sanity", "--color", "no", "--python", version]
    process = subprocess.Popen(
        argv, cwd=collection, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = []
    for line in process.stdout or ():
        said.append(line)
        print(line, end="", flush=True)
    return process.wait(), "".join(said)


def _prepare_home() -> None:
    """Give ansible-test a home with this user's package index and a way to pip."""
    cache = HOME / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    name = pip_version().replace(".", "_")
    (cache / f"get_pip_{name}.py").write_text(BOOTSTRAP, encoding="utf-8")
    settings = HOME / ".config" / "pip" / "pip.conf"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.touch(mode=0o600)
    settings.write_text(pip_settings(), encoding="utf-8")


def pip_version() -> str:
    """Return the version of pip that this ansible-test wants to bootstrap."""
    spec = importlib.util.find_spec("ansible_test")
    if spec is None or spec.origin is None:
        raise SystemExit("ansible-test is not installed")
    source = Path(spec.origin).parent / "_internal" / "python_requirements.py"
    found = re.search(r"pip='([\d.]+)'", source.read_text(encoding="utf-8"))
    return found[1] if found else "24.2"


def pip_settings() -> str:
    """Return pip's own settings of this user: ansible-test drops PIP_* variables and the home."""
    lines = ["[global]"]
    for name in ("index-url", "extra-index-url", "find-links", "cert", "timeout", "trusted-host"):
        value = os.environ.get(f"PIP_{name.upper().replace('-', '_')}", "") or _configured(name)
        if value:
            lines.append(f"{name} = {value}")
    return "\n".join(lines) + "\n"


def _configured(name: str) -> str:
    """Read one setting from the pip.conf of the user."""
    path = Path.home() / ".config" / "pip" / "pip.conf"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = re.search(rf"^{re.escape(name)}\s*=\s*(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else ""


if __name__ == "__main__":
    sys.exit(main())
