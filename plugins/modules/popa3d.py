#!/usr/bin/python
"""popa3d and its UNIX users as one desired state: thin over module_utils/_popa3d."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: popa3d
short_description: Bring popa3d and the UNIX users behind its mailboxes to one desired state
version_added: "0.1.0"
description:
  - Owns C(popa3d.socket) and C(popa3d@.service), masks Debian's own C(popa3d.service), and owns
    F(/etc/pam.d/popa3d) and F(/etc/postern/popa3d.people).
  - Makes UNIX users that are missing, without a password and with F(/usr/sbin/nologin). Who is
    there already is used as is, from number 1000 on; the system's own users are refused. No user
    is ever changed or removed, nor is any mail.
  - People log in with their whole address. Credentials are those of M(postern.mail.accounts).
  - systemd reads the units in a staged copy before they go live, in check mode too. When popa3d
    does not greet behind each socket, the old files return, and the task fails.
  - Sessions of those who can't log in any more are ended. One that is removing messages from a
    mailbox finishes that first.
options:
  people:
    description: Who has a mailbox, F(/var/mail/USER).
    type: list
    elements: dict
    required: true
    suboptions:
      login:
        description: The login, such as V(alice@example.org).
        type: str
        required: true
      user:
        description: The UNIX user.
        type: str
        required: true
      locked:
        description: Whether they get mail and can't log in.
        type: bool
        default: false
  listeners:
    description: Where to listen. Without any, nothing listens.
    type: list
    elements: dict
    default: []
    suboptions:
      port:
        description: The port.
        type: int
        required: true
      behind_tls:
        description:
          - Whether a TLS wrapper connects to it, at O(backend_address) alone. Otherwise it takes
            calls at every address, in clear text.
        type: bool
        default: true
      name:
        description: What it is for.
        type: str
      protocol:
        description: What is spoken.
        type: str
        choices: [pop3]
        default: pop3
  backend_address:
    description: The address of this host at which TLS wrappers find popa3d.
    type: str
    default: 127.0.0.1
  max_connections:
    description: How many sessions there are at a time.
    type: int
    default: 40
  max_connections_per_source:
    description: How many of them one address may have.
    type: int
    default: 10
attributes:
  check_mode:
    description: Reports what would change, after systemd has judged the units.
    support: full
  diff_mode:
    description: Shows the files, and the users that are made.
    support: full
author:
  - The postern.mail project (@postern)
"""

EXAMPLES = r"""
- name: Let two people fetch their mail through stunnel
  postern.mail.popa3d:
    people:
      - {login: alice@example.org, user: alice}
      - {login: carol@example.org, user: carol, locked: true}
    listeners:
      - {name: pop3s, port: 910}
    backend_address: "{{ ansible_facts.default_ipv4.address }}"
"""

RETURN = r"""
in_service:
  description: Whether the socket listens and does so after a boot.
  returned: success
  type: bool
users_made:
  description: The UNIX users that were made, or would be.
  returned: success
  type: list
  elements: str
  sample: [alice]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._core.units import in_service
from ansible_collections.postern.mail.plugins.module_utils._popa3d.change import make_change
from ansible_collections.postern.mail.plugins.module_utils._popa3d.model import (
    endpoints,
    limits,
    parse_people,
)
from ansible_collections.postern.mail.plugins.module_utils._popa3d.service import (
    UNIT,
    is_installed,
)
from ansible_collections.postern.mail.plugins.module_utils._popa3d.users import (
    known_users,
    user_problems,
)

PERSON = {
    "login": {"type": "str", "required": True},
    "user": {"type": "str", "required": True},
    "locked": {"type": "bool", "default": False},
}
LISTENER = {
    "port": {"type": "int", "required": True},
    "behind_tls": {"type": "bool", "default": True},
    "name": {"type": "str"},
    "protocol": {"type": "str", "choices": ["pop3"], "default": "pop3"},
}
SPEC = {
    "people": {"type": "list", "elements": "dict", "required": True, "options": PERSON},
    "listeners": {"type": "list", "elements": "dict", "default": [], "options": LISTENER},
    "backend_address": {"type": "str", "default": "127.0.0.1"},
    "max_connections": {"type": "int", "default": 40},
    "max_connections_per_source": {"type": "int", "default": 10},
}


def main() -> None:
    """Read the options, plan, let systemd judge, and apply unless this is a check."""
    module = AnsibleModule(argument_spec=SPEC, supports_check_mode=True)
    params = module.params
    connections = (params["max_connections"], params["max_connections_per_source"])
    known = known_users()
    people, problems = parse_people(params["people"])
    listen, listen_problems = endpoints(params["listeners"], params["backend_address"])
    problems += [*listen_problems, *limits(*connections), *user_problems(people, known)]
    if problems:
        module.fail_json(msg=report(problems))
    change = make_change(people, known, listen, connections)
    try:
        change.judge()
        if not module.check_mode:
            if change.changed and not is_installed():
                module.fail_json(msg="popa3d is not installed")
            change.apply()
    except Refused as refused:
        module.fail_json(msg=str(refused))
    module.exit_json(
        changed=change.changed,
        diff=change.diff(),
        in_service=in_service(UNIT),
        users_made=[user.name for user in change.users],
    )


if __name__ == "__main__":
    main()
