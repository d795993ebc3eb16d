"""A running scenario: its containers, its secrets, and Ansible runs against it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RUN_LIMIT_SECONDS = 900


@dataclass(frozen=True)
class Said:
    """How a program ended and what it said, both streams together."""

    rc: int
    text: str

    @property
    def changed(self) -> dict[str, int]:
        """How many tasks of an Ansible run changed something, by host."""
        found = re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", self.text, re.MULTILINE)
        return {host: int(count) for host, count in found}

    @property
    def diff(self) -> list[str]:
        """The lines that an Ansible run under --diff added and removed."""
        lines = (line.strip("\r") for line in self.text.splitlines())
        marks = ("+++ ", "--- ")
        return [line for line in lines if line[:1] in {"+", "-"} and not line.startswith(marks)]


@dataclass(frozen=True)
class Scenario:
    """The containers of one scenario on one release."""

    name: str
    release: str

    @property
    def prefix(self) -> str:
        """What its containers' names begin with."""
        return f"postern-{self.name}-{self.release}"

    @property
    def state(self) -> Path:
        """Where its keys and secrets are."""
        return ROOT / ".lab" / "molecule" / self.prefix

    @property
    def inventories(self) -> list[str]:
        """The inventories of which it is made, as arguments."""
        own = ROOT / "molecule" / self.name
        whole_lab = "/inventories/lab" in (own / "molecule.yml").read_text(encoding="utf-8")
        lab = [ROOT / "inventories" / "lab"] if whole_lab else []
        sources = [*lab, own / "inventory.yml", ROOT / "molecule" / "base"]
        return [f"--inventory={source}" for source in sources]

    def address(self, host: str) -> str:
        """Return a host's address in the scenario's network."""
        template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
        return _run(["podman", "inspect", "-f", template, f"{self.prefix}-{host}"]).text.strip()

    def secret(self, account: str) -> str:
        """Return the password that the lab invented for a person."""
        return (self.state / "secrets" / account).read_text(encoding="utf-8").strip()

    def run(self, host: str, *argv: str, stdin: str = "") -> Said:
        """Run a program inside a host; its failure is the caller's to judge."""
        return _run(["podman", "exec", "-i", f"{self.prefix}-{host}", *argv], stdin)

    def shell(self, host: str, script: str) -> str:
        """Run a shell script inside a host, which must end well; return what it said."""
        said = self.run(host, "sh", "-ec", script)
        assert said.rc == 0, f"{host}: {script}\n{said.text}"
        return said.text

    def playbook(self, *arguments: str, name: str = "") -> Said:
        """Run the scenario's converge playbook, or another one, as a user would."""
        playbook = name or f"molecule/{self.name}/converge.yml"
        argv = ["ansible-playbook", *self.inventories, playbook, *arguments]
        return _run(argv, env=self._environment)

    @property
    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
            "POSTERN_RELEASE": self.release,
        }


def changed(folder: Path, host: str, **variables: Any) -> str:
    """Return an argument that gives one host other variables, as an edited inventory would."""
    (folder / "host_vars").mkdir()  # of the same rank as those of the scenario's own inventory
    (folder / "host_vars" / f"{host}.json").write_text(json.dumps(variables), encoding="utf-8")
    hosts = {"all": {"hosts": {host: None}}}
    (folder / "hosts.json").write_text(json.dumps(hosts), encoding="utf-8")
    return f"--inventory={folder / 'hosts.json'}"


def wait_for(what: str, ready: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is so, or fail naming it."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.5)


def _run(argv: list[str], stdin: str = "", env: Mapping[str, str] | None = None) -> Said:
    done = subprocess.run(
        argv,
        cwd=ROOT,
        env=env,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=RUN_LIMIT_SECONDS,
        check=False,
    )
    return Said(done.returncode, done.stdout)
