#!/usr/bin/python
"""See and change what waits in the queue of a host's transfer agent."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mail_queue
short_description: See and change what waits in the queue of a transfer agent
version_added: 0.1.0
description:
  - Shows, flushes, holds, releases, requeues and deletes messages that wait in the queue of
    Postfix, Sendmail (both of its queues) or nullmailer, chosen by a pattern.
  - Check mode is the dry run. It lists exactly the messages that a real run would touch.
  - What an agent can't do is refused before anything is touched. nullmailer holds nothing, and
    Sendmail requeues nothing, since it looks its way up again at each attempt.
author:
  - postern.mail contributors (@postern-mail)
options:
  action:
    description:
      - V(show) lists. V(flush) tries to send now; with a pattern only those messages.
      - V(hold) keeps messages until they are released, V(release) lets them go. In Sendmail's
        words that is the quarantine.
      - V(requeue) takes messages through Postfix anew, so that changed aliases and maps apply, and
        copies are made again; with nullmailer it tries again what has failed for good. What is held
        stays held.
      - V(delete) removes messages for good, nobody is told. It wants a pattern.
      - V(drain) stops listening for mail from outside, tries the queue until it is empty or
        O(wait_seconds) have passed, and returns what is left. Programs of the host can still
        hand in mail with C(sendmail), and the queue is still worked on.
      - V(resume) listens again.
    type: str
    choices: [show, flush, hold, release, requeue, delete, drain, resume]
    default: show
  sender:
    description:
      - Only messages from this envelope sender. V(*) and V(?) are wildcards, V(<>) is the null
        sender.
    type: str
  recipient:
    description: Only messages that still wait for such a recipient; wildcards as in O(sender).
    type: str
  id:
    description: Only messages with these queue ids.
    type: list
    elements: str
    default: []
  older_than_seconds:
    description: Only messages that arrived longer ago.
    type: int
  reason:
    description: Only messages that wait for a reason with this text in it; case does not count.
    type: str
  agent:
    description: The transfer agent. Default is the one that is installed.
    type: str
    choices: [postfix, sendmail, nullmailer]
  wait_seconds:
    description: How long V(drain) tries at most. It ends early when nothing leaves any more.
    type: int
    default: 120
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    description: Shows the queue before and after, a line a message.
    support: full
  platform:
    support: full
    platforms: debian
"""

EXAMPLES = r"""
- name: See what waits longer than an hour
  postern.mail.mail_queue:
    older_than_seconds: 3600
  register: queue

- name: See what would be deleted
  postern.mail.mail_queue:
    action: delete
    sender: "*@spammer.example"
  check_mode: true
  diff: true

- name: Empty the host before work on it
  postern.mail.mail_queue:
    action: drain
    wait_seconds: 300
"""

RETURN = r"""
agent:
  description: The agent whose queue it is.
  returned: success
  type: str
messages:
  description: The messages that the action touches, oldest first; for V(drain) those that are left.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The queue id.
      type: str
    queue:
      description: The queue as the agent calls it.
      type: str
    state:
      description: V(waiting), V(held) or V(failed).
      type: str
    sender:
      description: The envelope sender; empty for the null sender.
      type: str
    recipients:
      description: Who has not got it yet.
      type: list
      elements: str
    size:
      description: Its size in bytes.
      type: int
    arrived:
      description: When it arrived, in seconds of the epoch.
      type: int
    reason:
      description: Why it still waits, in the agent's words.
      type: str
lines:
  description: The same messages, a line each, to be read by people.
  returned: success
  type: list
  elements: str
busy:
  description: Ids of messages that were being delivered or gone, and were left alone.
  returned: success
  type: list
  elements: str
open:
  description: Whether the agent takes mail from outside.
  returned: success
  type: bool
"""

import time
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, report
from ansible_collections.postern.mail.plugins.module_utils._queue import doors, host
from ansible_collections.postern.mail.plugins.module_utils._queue.actions import choose, problems
from ansible_collections.postern.mail.plugins.module_utils._queue.model import Message, Pattern

ACTIONS = ["show", "flush", "hold", "release", "requeue", "delete", "drain", "resume"]
SPEC = {
    "action": {"type": "str", "choices": ACTIONS, "default": "show"},
    "sender": {"type": "str"},
    "recipient": {"type": "str"},
    "id": {"type": "list", "elements": "str", "default": []},
    "older_than_seconds": {"type": "int"},
    "reason": {"type": "str"},
    "agent": {"type": "str", "choices": ["postfix", "sendmail", "nullmailer"]},
    "wait_seconds": {"type": "int", "default": 120},
}


def pattern_of(params: Mapping[str, Any]) -> Pattern:
    """Return which messages are meant; what is given empty is not given."""
    return Pattern(
        sender=params["sender"] or None,
        recipient=params["recipient"] or None,
        ids=tuple(params["id"]),
        older_than_seconds=params["older_than_seconds"],
        reason=params["reason"] or None,
    )


def agent_of(params: Mapping[str, Any]) -> tuple[str, list[Problem]]:
    """Return the agent of this host."""
    found = host.installed_agents()
    if params["agent"]:
        return params["agent"], (
            []
            if params["agent"] in found
            else [Problem("agent", f"{params['agent']} is not installed here")]
        )
    if len(found) == 1:
        return found[0], []
    names = ", ".join(found) or "none"
    return "", [Problem("agent", f"one transfer agent is looked for, installed: {names}")]


def work(agent: str, params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Choose messages and, unless it is a check run, act on them."""
    queue = host.read_queue(agent)
    choice = choose(queue, params["action"], pattern_of(params), int(time.time()))
    busy = [] if check_mode else host.act(agent, choice)
    touched = [message for message in choice.messages if message.id not in busy]
    return {
        "changed": params["action"] != "show" and bool(touched),
        "diff": choice.diff(queue),
        "busy": busy,
        "open": doors.is_open(agent),
        **listed(touched),
    }


def drain(agent: str, params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Stop listening, and send what can be sent."""
    was_open = doors.is_open(agent)
    before = host.read_queue(agent)
    if not check_mode:
        if was_open:
            doors.close(agent)
        host.empty_within(agent, params["wait_seconds"])
    left = host.read_queue(agent)
    changed = was_open or (bool(before) if check_mode else left != before)
    return {"changed": changed, "busy": [], "open": was_open and check_mode, **listed(left)}


def resume(agent: str, _params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Listen again."""
    closed = not doors.is_open(agent)
    changed = closed if check_mode else doors.reopen(agent)
    now_open = not closed or not check_mode
    return {"changed": changed, "busy": [], "open": now_open, **listed(host.read_queue(agent))}


def listed(messages: list[Message]) -> dict[str, Any]:
    """Return messages as data and as lines."""
    return {
        "messages": [message.as_dict() for message in messages],
        "lines": [message.line() for message in messages],
    }


def main() -> None:
    """Judge what is asked, then do it."""
    module = AnsibleModule(argument_spec=SPEC, supports_check_mode=True)
    params = module.params
    agent, wrong = agent_of(params)
    if not wrong:
        wrong = problems(agent, params["action"], pattern_of(params))
    if wrong:
        module.fail_json(msg=report(wrong))
    do = {"drain": drain, "resume": resume}.get(params["action"], work)
    try:
        outcome = do(agent, params, module.check_mode)
    except Refused as refused:
        module.fail_json(msg=str(refused))
    module.exit_json(agent=agent, **outcome)


if __name__ == "__main__":
    main()
