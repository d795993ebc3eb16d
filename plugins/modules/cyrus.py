#!/usr/bin/python
"""Own imapd.conf and cyrus.conf whole, and see that Cyrus takes them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cyrus
short_description: Converge the configuration of a Cyrus IMAP server
description:
  - One call carries all of C(/etc/imapd.conf) and C(/etc/cyrus.conf). What is not said leaves them.
    It owns a drop-in of the service too, which waits for the host's addresses at boot.
  - The host's own Cyrus checks a staged copy, also in check mode. An option that it does not know
    is refused with the nearest name that it knows.
  - A running Cyrus is reloaded, which keeps sessions, or restarted where it has to be. Every
    service must greet then. Otherwise the old files return, and the task fails with Cyrus' words.
  - It never touches mail. Mailboxes are the business of M(postern.mail.cyrus_mailboxes).
version_added: 0.1.0
author:
  - postern.mail contributors (@postern-mail)
options:
  settings:
    description:
      - The options of C(imapd.conf). Lists are joined by blanks. One that is null is left out.
      - For one service alone, put the service's name before the option, as in C(imap_timeout).
    type: dict
    required: true
  services:
    description: The services of C(cyrus.conf) besides O(listeners).
    type: list
    elements: dict
    default: []
    suboptions: &service
      name:
        description: A name of its own, which is also the prefix of options for this service alone.
        type: str
        required: true
      command:
        description: The program with its arguments.
        type: str
        required: true
      listen:
        description: A UNIX path, a port, or an address with a port.
        type: str
        required: true
      max_children:
        description: How many processes at most.
        type: int
      prefork:
        description: How many processes wait for calls.
        type: int
      protocol:
        description: The protocol where it is not TCP over IPv4 and IPv6, such as V(tcp4) or V(udp).
        type: str
      settings:
        description: Options of C(imapd.conf) for this service alone, without the prefix.
        type: dict
        default: {}
  listeners:
    description: The IMAP, POP3 and ManageSieve services for people.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The service's name.
        type: str
        required: true
      protocol:
        description: What it speaks.
        type: str
        choices: [imap, pop3, sieve]
        required: true
      port:
        description: The port.
        type: int
        required: true
      behind_tls:
        description: Whether a TLS wrapper stands before it, so that it listens on
          O(backend_address) alone.
        type: bool
        default: false
  backend_address:
    description: The host's own address where listeners behind a TLS wrapper wait.
    type: str
    default: 127.0.0.1
  tls_files:
    description: Key and certificate on the host for what Cyrus itself serves over TLS, which is
      ManageSieve. It gets a copy that its own user can read, and a new one when they change.
    type: dict
    suboptions:
      key:
        description: The private key.
        type: path
        required: true
      certificate:
        description: The certificate with its chain.
        type: path
        required: true
      ca:
        description: The authority's certificate; Cyrus has no use for it.
        type: path
  max_connections:
    description: How many sessions each listener serves at a time.
    type: int
    default: 200
  start:
    description: What the master runs before its services, in this order.
    type: list
    elements: dict
    default: []
    suboptions: &job
      name:
        description: A name of its own.
        type: str
        required: true
      command:
        description: The program with its arguments.
        type: str
        required: true
  daemons:
    description: Programs that the master keeps running.
    type: list
    elements: dict
    default: []
    suboptions: *job
  events:
    description: What the master runs again and again.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: A name of its own.
        type: str
        required: true
      command:
        description: The program with its arguments.
        type: str
        required: true
      at:
        description: The time of day, such as V("0401"). This or O(events[].period_minutes) stands.
        type: str
      period_minutes:
        description: How often.
        type: int
  lmtp_users:
    description: System users that may deliver, added to the group C(mail), whether their package is
      installed yet or not. None is taken out.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  platform:
    support: full
    platforms: debian
"""

EXAMPLES = r"""
- name: Converge Cyrus
  postern.mail.cyrus:
    settings:
      configdirectory: /var/lib/cyrus
      partition-default: /var/spool/cyrus/mail
      virtdomains: userid
    services:
      - {name: lmtpunix, command: lmtpd, listen: /run/cyrus/socket/lmtp}
    listeners:
      - {name: imaps, protocol: imap, port: 943, behind_tls: true}
    backend_address: 192.0.2.10
    start:
      - {name: recover, command: /usr/sbin/cyrus ctl_cyrusdb -r}
    events:
      - {name: checkpoint, command: /usr/sbin/cyrus ctl_cyrusdb -c, period_minutes: 30}
"""

RETURN = r"""
in_service:
  description: Whether Cyrus runs and starts at boot.
  returned: success
  type: bool
reload_needed:
  description: Whether a running Cyrus has to read its files again; the module has seen to it.
  returned: success
  type: bool
restart_required:
  description: Whether Cyrus has to start anew; the module has seen to it.
  returned: success
  type: bool
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused, apply
from ansible_collections.postern.mail.plugins.module_utils._core.files import read_present
from ansible_collections.postern.mail.plugins.module_utils._core.groups import (
    add_members,
    plan_members,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Plan
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._core.units import in_service
from ansible_collections.postern.mail.plugins.module_utils._cyrus.effort import Effort
from ansible_collections.postern.mail.plugins.module_utils._cyrus.lint import (
    CHECKER,
    lint,
    understood,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.model import Cyrus, parse_cyrus
from ansible_collections.postern.mail.plugins.module_utils._cyrus.own_tls import wanted_pair
from ansible_collections.postern.mail.plugins.module_utils._cyrus.service import (
    is_running,
    read_units,
    take,
    take_again,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.wanted import (
    DROP_IN,
    GROUP,
    PATHS,
    Files,
    effort_of,
    plan_files,
    read_cyrus,
)

JOB = {
    "name": {"type": "str", "required": True},
    "command": {"type": "str", "required": True},
}
SERVICE = {
    **JOB,
    "listen": {"type": "str", "required": True},
    "max_children": {"type": "int"},
    "prefork": {"type": "int"},
    "protocol": {"type": "str"},
    "settings": {"type": "dict", "default": {}},
}
LISTENER = {
    "name": {"type": "str", "required": True},
    "protocol": {"type": "str", "choices": ["imap", "pop3", "sieve"], "required": True},
    "port": {"type": "int", "required": True},
    "behind_tls": {"type": "bool", "default": False},
}
TLS_FILES = {
    "key": {"type": "path", "required": True, "no_log": False},
    "certificate": {"type": "path", "required": True},
    "ca": {"type": "path"},
}
EVENT = {**JOB, "at": {"type": "str"}, "period_minutes": {"type": "int"}}
SPEC = {
    "settings": {"type": "dict", "required": True},
    "services": {"type": "list", "elements": "dict", "default": [], "options": SERVICE},
    "listeners": {"type": "list", "elements": "dict", "default": [], "options": LISTENER},
    "backend_address": {"type": "str", "default": "127.0.0.1"},
    "tls_files": {"type": "dict", "no_log": False, "options": TLS_FILES},
    "max_connections": {"type": "int", "default": 200},
    "start": {"type": "list", "elements": "dict", "default": [], "options": JOB},
    "daemons": {"type": "list", "elements": "dict", "default": [], "options": JOB},
    "events": {"type": "list", "elements": "dict", "default": [], "options": EVENT},
    "lmtp_users": {"type": "list", "elements": "str", "default": []},
}


def bring(plan: Plan, before: Cyrus, wanted: Cyrus, effort: Effort) -> None:
    """Apply the plan and let Cyrus take it; if it does not, Cyrus has its old files again."""

    def accept() -> None:
        if DROP_IN in plan.paths:
            read_units()
        take(effort, wanted.layout)

    def undo() -> None:
        if DROP_IN in plan.paths:
            read_units()
        take_again(effort, before.layout)

    apply(plan, accept, undo)


def planned(module: AnsibleModule, wanted: Cyrus, present: Files) -> Plan:
    """Compare with the host; the module ends here when a key or certificate is missing."""
    pair, missing = wanted_pair(wanted, module.params["tls_files"] or {}, present)
    if missing and not module.check_mode:
        module.fail_json(msg=report(missing))
    return plan_files(wanted, present, pair)


def main() -> None:
    """Parse, plan, check, apply."""
    module = AnsibleModule(argument_spec=SPEC, supports_check_mode=True)
    wanted, problems = parse_cyrus(module.params)
    if problems:
        module.fail_json(msg=report(problems))
    wanted = understood(wanted)
    users, present = module.params["lmtp_users"], read_present(PATHS)
    groups, plan = plan_members(GROUP, users), planned(module, wanted, present)
    if plan.changed and Path(CHECKER).exists() and (refused := lint(wanted)):
        module.fail_json(msg=report(refused))
    before = read_cyrus(present)
    effort = effort_of(plan, before, wanted, is_running)
    if not module.check_mode:
        try:
            add_members(GROUP, users)
            bring(plan, before, wanted, effort)
        except Refused as refused_by_cyrus:
            module.fail_json(msg=str(refused_by_cyrus))
    module.exit_json(
        changed=groups.changed or plan.changed,
        diff=groups.diff() + plan.diff(),
        reload_needed=effort is Effort.RELOAD,
        restart_required=effort is Effort.RESTART,
        in_service=in_service("cyrus-imapd.service"),
    )


if __name__ == "__main__":
    main()
