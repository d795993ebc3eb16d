"""A role by itself, as a user takes one into a playbook of his own."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from pathlib import Path

from dialogues.scenario import Said, Scenario

MOST_TASKS = 8
# The site's own authority is known by what the role `certificates` publishes.
PLAY = """
- hosts: {host}
  become: true
  gather_facts: false
  vars:
    {agent}_{ca}: /etc/postern/tls/ca.crt
  roles:
    - postern.mail.{agent}
"""
CA = {"nullmailer": "ca_file", "postfix": "tls_ca_file", "sendmail": "tls_ca_file"}


def tasks(scenario: Scenario, agent: str, host: str, folder: Path, *words: str) -> tuple[int, int]:
    """Run an agent's role alone on a host; return how many tasks ran, and how many changed it."""
    playbook = folder / "alone.yml"
    playbook.write_text(PLAY.format(host=host, agent=agent, ca=CA[agent]), encoding="utf-8")
    said = scenario.playbook(*words, name=str(playbook))
    assert said.rc == 0, said.text
    return ran(said, host), said.changed[host]


def ran(said: Said, host: str) -> int:
    """Return how many tasks of a run were executed for a host."""
    [count] = re.findall(rf"^{host}\s+: ok=(\d+)", said.text, re.MULTILINE)
    return int(count)
