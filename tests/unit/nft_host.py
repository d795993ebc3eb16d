"""A host in memory for the firewall: nft, systemctl and systemd-run as they would answer."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._firewall import host, trial

DENIED = "Operation not permitted (you must be root)"
ABSENT = "Error: No such file or directory; did you mean table 'filter' in family inet?"


@dataclass
class NftHost:
    """The live table, the unit and the timer; `failing` names commands that fail, with words."""

    root: Path
    table: str | None = None
    unit_active: bool = False
    timer_armed: bool = False
    failing: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)

    def run(self, argv: Sequence[str], stdin: str | None = None, **_more: Any) -> Outcome:
        """Answer one command."""
        line = " ".join(Path(argv[0]).name if n == 0 else word for n, word in enumerate(argv))
        self.commands.append(line)
        for start, words in self.failing.items():
            if line.startswith(start):
                return Outcome(tuple(argv), 127 if "not installed" in words else 1, "", words)
        out, err = self._answer(line, stdin or "")
        return Outcome(tuple(argv), 1 if err else 0, out, err)

    def _answer(self, line: str, stdin: str) -> tuple[str, str]:
        if line.startswith("nft --stateless list"):
            return (self.table, "") if self.table is not None else ("", ABSENT)
        if line.startswith("nft --file"):
            self.table = listed(stdin)
        elif line.startswith("systemctl is-active"):
            return "", "" if self.unit_active else "inactive"
        elif line.startswith("systemctl reload-or-restart"):
            self.unit_active = True
            self.table = listed(Path(host.RULES_PATH).read_text())
        elif line.startswith("systemctl enable"):
            Path(host.WANTED_LINK).symlink_to(host.UNIT_PATH)
        elif line.startswith("systemctl disable"):
            self.unit_active, self.table = False, None
            Path(host.WANTED_LINK).unlink(missing_ok=True)
        elif line.startswith("systemd-run"):
            self.timer_armed = True
        elif line.startswith("systemctl stop"):
            self.timer_armed = False
        return "", ""

    def let_the_timer_fire(self) -> None:
        """Do what the timer's command does."""
        assert self.timer_armed
        trial.PREVIOUS.rename(trial.TAKEN_BACK)
        self.table = listed(trial.TAKEN_BACK.read_text())


def listed(rules: str) -> str | None:
    """Return how the kernel lists a file's rules: here the same words without the comments."""
    body = rules.partition("delete table inet postern\n")[2].strip()
    lines = [line for line in body.splitlines() if not line.strip().startswith("#")]
    return "\n".join(lines) + "\n" if lines else None


def make(root: Path, monkeypatch: Any) -> NftHost:
    """Return a host whose files lie below a folder, and let the code under test meet it."""
    fake = NftHost(root)
    monkeypatch.setattr(host, "run", fake.run)
    monkeypatch.setattr(trial, "run", fake.run)
    monkeypatch.setattr(units, "run", fake.run)
    for owner, name in (
        (host, "RULES_PATH"),
        (host, "UNIT_PATH"),
        (host, "DROP_IN_PATH"),
        (host, "RECORD_PATH"),
        (host, "WANTED_LINK"),
    ):
        path = root / str(getattr(owner, name)).lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        monkeypatch.setattr(owner, name, str(path))
    monkeypatch.setattr(host, "OWNED", (host.RULES_PATH, host.UNIT_PATH, host.DROP_IN_PATH))
    folder = root / "run" / "postern-firewall"
    folder.parent.mkdir()
    monkeypatch.setattr(trial, "FOLDER", folder)
    for name in ("PREVIOUS", "TAKEN_BACK", "TRIAL"):
        monkeypatch.setattr(trial, name, folder / getattr(trial, name).name)
    return fake
