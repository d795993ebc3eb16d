#!/usr/bin/python
"""Hand mail over from a transfer agent that leaves a host to the one that takes its place."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mail_handover
short_description: Hand mail over from a leaving transfer agent to the next one
version_added: 0.1.0
description:
  - With O(state=collected) the agents that shall not be on this host stop listening, send what
    they can, stop, and what is left in their queues goes to F(/var/lib/postern/handover), each
    file safely on the disk before the original is removed. From that moment on
    F(/usr/sbin/sendmail) is a stand-in that keeps what programs send in
    F(/var/lib/postern/handover-drop); what root's programs send lies beside the queue.
  - Between the two calls the packages change places. This module installs and removes none.
  - With O(state=delivered) the new agent's own program takes the stand-in's place, what the
    stand-in has kept is sent as the users who sent it, and the messages of the old queue are
    given to the new agent with their envelopes and their bytes as they were, for those
    recipients that have not got them yet. A message leaves the folder when it was accepted.
    Recipients that have been through the old agent's tables pass by those of the new one, so that
    no copy is made twice; for Postfix, a service of F(master.cf) that root and Postfix alone can
    reach is there meanwhile.
  - With O(state=finished), after the former agent's packages were purged, what is left of it
    goes, such as units, and with them the mark that a change is under way.
  - It can be interrupted at any point and called again.
  - Messages that the old agent held (Postfix' hold, Sendmail's quarantine) or had given up
    (nullmailer's F(failed), Postfix' F(corrupt), Sendmail's F(Qf)) are not sent. They go to
    F(/var/lib/postern/kept-mail).
  - It knows Postfix, Sendmail and nullmailer. Other agents have to have empty queues.
author:
  - postern.mail contributors (@postern-mail)
options:
  state:
    description: Which part of the change.
    type: str
    choices: [collected, delivered, finished]
    required: true
  agent:
    description: The transfer agent that shall be on this host.
    type: str
    choices: [postfix, sendmail, nullmailer]
    required: true
  flush_seconds:
    description: How long the old agent may try to send its queue before the rest is handed over.
    type: int
    default: 30
  held:
    description: Whether O(state=delivered) also sends what an agent that has left had held.
    type: bool
    default: false
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
    details: Says which agents leave and what is in their queues.
  diff_mode:
    description: Shows the messages, a line each, where they are before and after.
    support: full
  platform:
    support: full
    platforms: debian
"""

EXAMPLES = r"""
- name: Empty the queue of the agent that leaves
  postern.mail.mail_handover:
    state: collected
    agent: nullmailer

- name: Change the packages
  ansible.builtin.apt:
    name: nullmailer

- name: Give the new agent what the old one left
  postern.mail.mail_handover:
    state: delivered
    agent: nullmailer

- name: Purge the old agent
  ansible.builtin.apt:
    name: postfix
    state: absent
    purge: true

- name: End the change
  postern.mail.mail_handover:
    state: finished
    agent: nullmailer
"""

RETURN = r"""
leaving:
  description: The agents that leave.
  returned: when O(state=collected)
  type: list
  elements: str
collected:
  description: The messages that were taken from their queues, a line each.
  returned: when O(state=collected)
  type: list
  elements: str
delivered:
  description: What the new agent has accepted, a line each.
  returned: when O(state=delivered)
  type: list
  elements: str
kept:
  description:
    - What the new agent refused for good, or nobody could read, a line each. It is in
      F(/var/lib/postern/kept-mail).
  returned: when O(state=delivered)
  type: list
  elements: str
"""

from collections.abc import Iterable
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._handover import stand_in, swap
from ansible_collections.postern.mail.plugins.module_utils._handover.agents import AGENTS, logs
from ansible_collections.postern.mail.plugins.module_utils._handover.collect import (
    collect,
    leaving,
    replace_foreign,
)
from ansible_collections.postern.mail.plugins.module_utils._handover.deliver import clear, deliver
from ansible_collections.postern.mail.plugins.module_utils._handover.store import Store
from ansible_collections.postern.mail.plugins.module_utils._queue import host

SPEC = {
    "state": {"type": "str", "choices": ["collected", "delivered", "finished"], "required": True},
    "agent": {
        "type": "str",
        "choices": ["postfix", "sendmail", "nullmailer"],
        "required": True,
    },
    "flush_seconds": {"type": "int", "default": 30},
    "held": {"type": "bool", "default": False},
}


def source_of_the_stand_in() -> str:
    """Return the stand-in's text, wherever this module was unpacked to."""
    loader = stand_in.__spec__.loader if stand_in.__spec__ else None
    return loader.get_source(stand_in.__name__)  # type: ignore[union-attr, no-any-return]


def collected(module: AnsibleModule, store: Store) -> dict[str, Any]:
    """Take the mail of the agents that leave."""
    found = leaving(module.params["agent"])
    if found.problems:
        module.fail_json(msg=report(found.problems))
    lines: list[str] = []
    for package in () if module.check_mode else found.foreign:
        if problems := replace_foreign(package, store, source_of_the_stand_in()):
            module.fail_json(msg=report(problems))
    for agent in found.agents:
        if module.check_mode:
            lines += [message.line() for message in host.read_queue(agent.name)]
        else:
            seconds = module.params["flush_seconds"]
            lines += collect(agent, store, source_of_the_stand_in(), seconds)
    names = [*(agent.name for agent in found.agents), *found.foreign]
    return {
        "changed": bool(names),
        "diff": {"before": text(lines), "after": "", "before_header": f"queue of {names}"},
        "leaving": names,
        "collected": lines,
    }


def delivered(module: AnsibleModule, store: Store) -> dict[str, Any]:
    """Give the new agent what there is."""
    wanted = module.params["agent"]
    waits = [path.name for path in [*store.ready(), *store.calls()]]
    if module.check_mode:
        return {"changed": store.pending, "delivered": waits, "kept": []}
    if wanted not in host.installed_agents():
        module.fail_json(msg=f"{wanted} is not installed, so nothing can be handed over to it")
    account = deliver(wanted, store, module.params["held"])
    if account.refused:
        count = len(account.refused)
        module.fail_json(
            msg=f"{wanted} did not take {count} messages yet; they are kept, call again:\n"
            + "\n".join(plain(account.refused))
        )
    host.flush(wanted)
    for name, agent in AGENTS.items():
        swap.spare(agent.outlived if name != wanted else ())
    return {"changed": True, "delivered": plain(account.delivered), "kept": plain(account.kept)}


def finished(module: AnsibleModule, store: Store) -> dict[str, Any]:
    """Remove what the agents have left that are gone; mail is none of it."""
    pending = store.pending
    if module.check_mode or not pending:
        return {"changed": pending}
    installed = host.installed_agents()
    for agent in (agent for name, agent in AGENTS.items() if name not in installed):
        clear((*logs(agent), *agent.traces))
    for agent in AGENTS.values():
        swap.spare_no_more(agent.outlived)
    run(["systemctl", "daemon-reload"])
    store.root.rmdir()
    return {"changed": True}


def text(lines: Iterable[str]) -> str:
    """Return lines as text."""
    return "".join(f"{line}\n" for line in lines)


def plain(lines: Iterable[str]) -> list[str]:
    """Return lines that a person reads and Ansible takes, whatever a sender wrote."""
    joined = (" ".join(line.splitlines()) for line in lines)
    return ["".join(letter if letter.isprintable() else "?" for letter in one) for one in joined]


def main() -> None:
    """Do one part of the change."""
    module = AnsibleModule(argument_spec=SPEC, supports_check_mode=True)
    do = {"collected": collected, "delivered": delivered, "finished": finished}
    try:
        outcome = do[module.params["state"]](module, Store())
    except Refused as refused:
        module.fail_json(msg=str(refused))
    if outcome.get("kept"):
        module.warn("Kept in /var/lib/postern/kept-mail:\n" + "\n".join(outcome["kept"]))
    module.exit_json(**outcome)


if __name__ == "__main__":
    main()
