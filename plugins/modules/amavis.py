#!/usr/bin/python
"""amavis and the units around it as one desired state: thin over module_utils/_amavis."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: amavis
short_description: Bring amavis, which searches mail, to one desired state
version_added: "0.1.0"
description:
  - Owns F(/etc/amavis/postern.conf), a drop-in that makes amavis read it in place of Debian's own
    configuration, the folder of its sockets, and the units of the milter and of the way back.
  - Nothing listens on a port. An agent hands mail over at a UNIX socket, and takes it back at
    another one.
  - What is found goes into quarantine. Where a scanner is out of order, mail waits with the agent.
  - amavis reads a staged copy of its configuration before that goes live, in check mode too. When
    a socket takes no calls afterwards, the old files return, and the task fails.
options:
  state:
    description:
      - Whether mail is searched. With V(absent) amavis rests, and its quarantine stays. What is in
        it expires all the same, after O(quarantine_days); the timer leaves with the last message.
    type: str
    choices: [present, absent]
    default: present
  hostname:
    description: The host's full name.
    type: str
    default: localhost
  domain:
    description: The domain in whose name notices are written.
    type: str
    default: localhost
  domains:
    description: Domains whose people are told what was found in mail to them.
    type: list
    elements: str
    default: []
  networks:
    description: Networks of the site.
    type: list
    elements: str
    default: []
  virusalert:
    description: Who is told of each message that was stopped. Nobody, when it is empty.
    type: str
    default: ""
  scanners:
    description: What looks for viruses; each of them has to find a message clean.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name in notices.
        type: str
        required: true
      socket:
        description: The socket of ClamAV's daemon.
        type: path
      argv:
        description: A program with its options, in place of a socket; V({}) stands for the folder.
        type: list
        elements: str
      clean:
        description: Exit codes that say that nothing was found.
        type: list
        elements: int
        default: [0]
      infected:
        description: Exit codes that say that something was found. Any other is an error.
        type: list
        elements: int
        default: [1]
      virus_name:
        description: A regular expression for the program's output; its first group is the name.
        type: str
  spam:
    description: Whether SpamAssassin rates mail.
    type: bool
    default: false
  spam_scores:
    description: The scores from which something is done.
    type: dict
    default: {}
    suboptions:
      marked:
        description: The header C(X-Spam-Flag) says yes.
        type: float
        default: 5.0
      quarantined:
        description: It is not delivered, but goes into quarantine. Never, without a number.
        type: float
  network_tests:
    description: Whether SpamAssassin asks others on the network.
    type: bool
    default: true
  attachments:
    description: Which attachments may pass.
    type: dict
    default: {}
    suboptions:
      policy:
        description:
          - V(allow_only) lets O(attachments.types) pass, where they are what their name says.
          - V(block) stops O(attachments.types), or what runs by itself when there are none.
        type: str
        choices: [allow_all, allow_only, block]
        default: allow_all
      types:
        description: Endings of file names, without the dot. They hold inside archives too.
        type: list
        elements: str
        default: []
      locked_archives:
        description: Whether archives that want a password are stopped.
        type: str
        choices: [pass, stop]
        default: pass
  when_broken:
    description:
      - What becomes of mail while a scanner is out of order. V(pass) lets it through with a warning
        in the log and to O(virusalert).
    type: str
    choices: [defer, pass]
    default: defer
  warn_recipients:
    description: Whether those to whom a message was not delivered are told.
    type: bool
    default: true
  warn_senders:
    description:
      - Whether senders are told. V(own) tells those who have logged in. V(everybody) writes to
        addresses that are forged most of the time.
    type: str
    choices: [own, everybody, nobody]
    default: own
  stopped:
    description:
      - What becomes of mail that is stopped. V(reject) needs O(takes=milter); the message goes into
        quarantine all the same.
    type: str
    choices: [quarantine, reject]
    default: quarantine
  exempt:
    description: Addresses and domains to which mail goes whatever was found.
    type: dict
    default: {}
    suboptions:
      virus:
        description: Mail with viruses.
        type: list
        elements: str
        default: []
      attachments:
        description: Any attachment.
        type: list
        elements: str
        default: []
      spam:
        description: Mail that is not rated.
        type: list
        elements: str
        default: []
  concurrency:
    description: How many messages are searched at a time.
    type: int
    default: 2
  takes:
    description: How it gets mail, out of an agent's queue by LMTP, or before an agent accepts it.
    type: str
    choices: [lmtp, milter]
    default: lmtp
  socket_directory:
    description: The folder of its sockets.
    type: path
    default: /run/postern-filter
  agent_group:
    description: The group of those who may connect to them.
    type: str
    default: root
  filtered_socket:
    description: Where mail goes back by SMTP, and notices with it.
    type: path
    default: /run/postern-filtered/socket
  filtered_argv:
    description: A program that speaks SMTP there, where the agent has no such socket of its own.
    type: list
    elements: str
    default: []
  quarantine_days:
    description:
      - How long a message is kept in quarantine. V(0) keeps all of it. Where it is not,
        C(postern-quarantine) of the role has to be there.
    type: int
    default: 0
  notices:
    description:
      - What people are told when a message was stopped, in place of amavis' English texts.
      - A text may name V({what}), V({from}), V({sender}), V({recipients}), V({subject}), V({date}),
        V({message_id}), V({client}), V({quarantine}), V({stopped_for}) and V({delivered_to}).
    type: dict
    default: {}
    suboptions:
      recipient:
        description: To those for whom it was.
        type: dict
        suboptions: &notice
          subject:
            description: The subject.
            type: str
            required: true
          text:
            description: The lines.
            type: str
            required: true
      sender:
        description: To the sender, where O(warn_senders) says so.
        type: dict
        suboptions: *notice
      administrator:
        description: To O(virusalert).
        type: dict
        suboptions: *notice
  groups:
    description: Groups that the filter needs for the sockets that it connects to.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    description: Reports what would change, after amavis has judged it.
    support: full
  diff_mode:
    description: Shows the files.
    support: full
author:
  - The postern.mail project (@postern)
"""

EXAMPLES = r"""
- name: Search what Postfix has in its queue
  postern.mail.amavis:
    hostname: mail.example.org
    domain: example.org
    domains: [example.org, example.net]
    virusalert: virusalert@example.org
    scanners:
      - {name: ClamAV, socket: /run/clamav/clamd.ctl}
    attachments: {policy: allow_only, types: [pdf, png, jpg, txt]}
    socket_directory: /var/spool/postfix/run/filter
    agent_group: postfix
    filtered_socket: /var/spool/postfix/public/filtered
    groups: [clamav, postdrop]
"""

RETURN = r"""
units:
  description: The units that run.
  returned: success
  type: list
  elements: str
  sample: [amavis.service]
quarantined:
  description: Whether there is anything in quarantine.
  returned: success
  type: bool
  sample: false
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._amavis.change import make_change
from ansible_collections.postern.mail.plugins.module_utils._amavis.model import amavis_of
from ansible_collections.postern.mail.plugins.module_utils._amavis.service import (
    holds_messages,
    is_installed,
)
from ansible_collections.postern.mail.plugins.module_utils._amavis.wanted import Surroundings
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report

TEXTS = {"type": "list", "elements": "str", "default": []}
CODES = {"type": "list", "elements": "int"}
SCANNER = {
    "name": {"type": "str", "required": True},
    "socket": {"type": "path"},
    "argv": {"type": "list", "elements": "str"},
    "clean": {**CODES, "default": [0]},
    "infected": {**CODES, "default": [1]},
    "virus_name": {"type": "str"},
}
SCORES = {"marked": {"type": "float", "default": 5.0}, "quarantined": {"type": "float"}}
ATTACHMENTS = {
    "policy": {
        "type": "str",
        "choices": ["allow_all", "allow_only", "block"],
        "default": "allow_all",
    },
    "types": TEXTS,
    "locked_archives": {"type": "str", "choices": ["pass", "stop"], "default": "pass"},
}
NOTICE = {
    "type": "dict",
    "options": {
        "subject": {"type": "str", "required": True},
        "text": {"type": "str", "required": True},
    },
}
SPEC = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "hostname": {"type": "str", "default": "localhost"},
    "domain": {"type": "str", "default": "localhost"},
    "domains": TEXTS,
    "networks": TEXTS,
    "virusalert": {"type": "str", "default": ""},
    "scanners": {"type": "list", "elements": "dict", "default": [], "options": SCANNER},
    "spam": {"type": "bool", "default": False},
    "spam_scores": {"type": "dict", "default": {}, "options": SCORES},
    "network_tests": {"type": "bool", "default": True},
    "attachments": {"type": "dict", "default": {}, "options": ATTACHMENTS},
    "when_broken": {"type": "str", "choices": ["defer", "pass"], "default": "defer"},
    "warn_recipients": {"type": "bool", "default": True},
    "warn_senders": {"type": "str", "choices": ["own", "everybody", "nobody"], "default": "own"},
    "stopped": {"type": "str", "choices": ["quarantine", "reject"], "default": "quarantine"},
    "exempt": {
        "type": "dict",
        "default": {},
        "options": {"virus": TEXTS, "attachments": TEXTS, "spam": TEXTS},
    },
    "concurrency": {"type": "int", "default": 2},
    "takes": {"type": "str", "choices": ["lmtp", "milter"], "default": "lmtp"},
    "socket_directory": {"type": "path", "default": "/run/postern-filter"},
    "agent_group": {"type": "str", "default": "root"},
    "filtered_socket": {"type": "path", "default": "/run/postern-filtered/socket"},
    "filtered_argv": TEXTS,
    "quarantine_days": {"type": "int", "default": 0},
    "notices": {
        "type": "dict",
        "default": {},
        "options": {"recipient": NOTICE, "sender": NOTICE, "administrator": NOTICE},
    },
    "groups": TEXTS,
}


def main() -> None:
    """Read the options, plan, let amavis judge, and apply unless this is a check."""
    module = AnsibleModule(argument_spec=SPEC, supports_check_mode=True)
    params = module.params
    amavis, problems = amavis_of(params)
    if problems and params["state"] == "present":
        module.fail_json(msg=report(problems))
    quarantined = holds_messages()
    around = Surroundings(
        groups=tuple(params["groups"]),
        agent_group=params["agent_group"],
        filtered_argv=tuple(params["filtered_argv"]),
        left_days=max(params["quarantine_days"], 0) if quarantined else 0,
    )
    change = make_change(amavis if params["state"] == "present" else None, around)
    try:
        change.judge()
        if not module.check_mode:
            if params["state"] == "present" and not is_installed():
                module.fail_json(msg="amavis is not installed")
            change.apply()
    except Refused as refused:
        module.fail_json(msg=str(refused))
    module.exit_json(
        changed=change.changed,
        diff=change.diff(),
        units=list(change.units),
        quarantined=quarantined,
    )


if __name__ == "__main__":
    main()
