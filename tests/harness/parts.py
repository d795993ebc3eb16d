"""Parts of the whole test: each a name and the steps that make it up."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dialogues.extent import LONG_RELEASE

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".lab" / "test"
RELEASES = ("bookworm", "trixie")


@dataclass(frozen=True)
class Step:
    """One program of a part.

    judge reads the output of a run that ended well; always: run although an earlier step
    failed; alone: never beside another such step (the first one builds the images).
    """

    name: str
    argv: tuple[str, ...]
    judge: Callable[[str], str] | None = field(default=None, compare=False)
    always: bool = False
    alone: bool = False


@dataclass(frozen=True)
class Part:
    """Something that passes or fails as one, with a log of its own.

    unasked: whether it runs when the command line names no part.
    """

    name: str
    steps: tuple[Step, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    goodbye: str = ""
    unasked: bool = True

    @property
    def log(self) -> Path:
        """Where the full output goes."""
        return STATE / f"{self.name}.log"


def surroundings() -> dict[str, str]:
    """Return the environment of every part: this interpreter's tools first, no colours."""
    env = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "collections"), str(ROOT / "tests")]),
        "MYPYPATH": os.pathsep.join([str(ROOT / "collections"), str(ROOT / "tests")]),
        "PYTHONPYCACHEPREFIX": str(STATE / "python"),
        "PYTHONUNBUFFERED": "1",
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_HOME": str(STATE / "ansible"),
        "ANSIBLE_NOCOLOR": "1",
        "NO_COLOR": "1",
        "PY_COLORS": "0",
        "TERM": "dumb",
    }
    containers_conf = ROOT / ".lab" / "containers.conf"
    if containers_conf.is_file():
        env.setdefault("CONTAINERS_CONF", str(containers_conf))
    return env


# On one release only, unless all is asked for: each store's own scenario runs on both.
LONG_SCENARIOS = ("stores",)


def static_parts(full: bool) -> list[Part]:
    """Return the parts that need no container, those that take longest first."""
    python = sys.executable
    pytest = (python, "-m", "pytest")
    sources = ("plugins", "tests/run.py", "tests/harness", "tests/dialogues", "docs/generate.py")
    profile = "full" if full else "quick"
    return [
        _part("sanity", (python, "-m", "harness.sanity")),
        _part("unit", (*pytest, "tests/unit", f"--hypothesis-profile={profile}")),
        _part("ansible-lint", ("ansible-lint", "--offline", "--strict")),
        _part("syntax", (python, "-m", "harness.syntax")),
        _part("mypy", ("mypy", "--cache-dir", str(STATE / "mypy"), *sources)),
        _part("conventions", (*pytest, "tests/conventions")),
        Part(
            "ruff",
            (
                Step("check", ("ruff", "check", "--no-cache", ".")),
                Step("format", ("ruff", "format", "--no-cache", "--check", ".")),
            ),
        ),
        _part("yamllint", ("yamllint", "--strict", ".")),
        _part("shellcheck", (python, "-m", "harness.shell")),
        _part("docs", (python, "docs/generate.py", "--check")),
        _part("changelog", ("antsibull-changelog", "lint")),
        _part("tarball", (python, "-m", "harness.tarball")),
    ]


def scenario_names() -> list[str]:
    """Return the names of the Molecule scenarios, in the order in which they shall start."""
    found = {path.parent.name for path in ROOT.glob("molecule/*/molecule.yml")}
    longest_first = (
        "agents",
        "sendmail",
        "stores",
        "site",
        "filter",
        "courier",
        "cyrus",
        "accounts",
        "postfix",
        "procmail",
    )
    return [name for name in longest_first if name in found] + sorted(found - {*longest_first})


def scenario_part(scenario: str, release: str, keep: bool, full: bool = False) -> Part:
    """Return the part that takes one scenario through its whole life on one release."""
    long = full or release == LONG_RELEASE
    prefix = f"postern-{scenario}-{release}"
    state = ROOT / ".lab" / "molecule" / f"{scenario}-{release}"
    steps = [
        # What was never made here need not be removed.
        *([_molecule(scenario, "destroy")] if state.exists() else []),
        _molecule(scenario, "create", alone=True),
        _molecule(scenario, "prepare"),
        _molecule(scenario, "converge"),
        *([_molecule(scenario, "check", judge=nothing_changed)] if long else []),
        _molecule(scenario, "idempotence"),
        _molecule(scenario, "verify"),
    ]
    if not keep:
        steps.append(_molecule(scenario, "destroy", always=True))
    env = {"POSTERN_RELEASE": release, "MOLECULE_EPHEMERAL_DIRECTORY": str(state)}
    return Part(
        f"{scenario}@{release}",
        tuple(steps),
        {**env, "POSTERN_FULL": "1"} if full else env,
        goodbye=f"podman ps --filter name={prefix}-; podman exec -it {prefix}-mail bash",
        unasked=long or scenario not in LONG_SCENARIOS,
    )


def nothing_changed(output: str) -> str:
    """Say which tasks of an Ansible run changed something; an empty text when none did."""
    recaps = re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", output, re.MULTILINE)
    if not recaps:
        return "the run printed no recap, so nothing shows that it was silent"
    if all(count == "0" for _, count in recaps):
        return ""
    task, found = "", []
    for line in output.splitlines():
        if line.startswith(("TASK [", "RUNNING HANDLER [")):
            task = line.split("[", 1)[1].split("]")[0]
        elif line.startswith("changed: ["):
            found.append(f"{line.split('[')[1].split(']')[0]}: {task}")
    return "a run in check mode wanted to change:\n" + "\n".join(found or map(str, recaps))


def _part(name: str, argv: tuple[str, ...]) -> Part:
    return Part(name, (Step(name, argv),))


def _molecule(
    scenario: str,
    action: str,
    judge: Callable[[str], str] | None = None,
    always: bool = False,
    alone: bool = False,
) -> Step:
    argv = ("molecule", "--base-config", "molecule/config.yml", action, "-s", scenario)
    return Step(action, argv, judge, always, alone)
