"""Work on queues as an administrator does it: the playbooks queue.yml and drain.yml."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from dataclasses import dataclass

from dialogues.scenario import Said, Scenario

_LINE = re.compile(r"^\s+- '?(\S+ (?:waiting|held|failed) <.*?)'?$", re.MULTILINE)


@dataclass(frozen=True)
class Queue:
    """The queue of one host."""

    scenario: Scenario
    host: str

    def does(self, action: str, really: bool = False, **pattern: str) -> list[str]:
        """Act on what fits the pattern, or only say what would be touched; return those lines."""
        said = self.asked(action, really, **pattern)
        assert said.rc == 0, said.text
        dry = not really and action not in ("show", "flush")
        lines = _LINE.findall(said.text)
        assert ("Nothing was changed. Add -e queue_really=true" in said.text) == bool(dry and lines)
        return lines

    def asked(self, action: str, really: bool = False, **pattern: str) -> Said:
        """Ask for an action, whatever comes of it."""
        words = {"action": action, **pattern} | ({"really": "true"} if really else {})
        extra = [word for name, value in words.items() for word in ("-e", f"queue_{name}={value}")]
        return self.scenario.playbook(f"--limit={self.host}", *extra, name="playbooks/queue.yml")

    def drained(self, *words: str) -> Said:
        """Drain the host, or bring it back; each word is a variable with its value."""
        extra = [word for value in words for word in ("-e", value)]
        return self.scenario.playbook(f"--limit={self.host}", *extra, name="playbooks/drain.yml")
