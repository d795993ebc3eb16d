#!/usr/bin/python
"""nullmailer as one desired state: thin over module_utils/_nullmailer."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nullmailer
short_description: Bring nullmailer to one complete desired state
version_added: "0.1.0"
description:
  - Owns nullmailer's control files in F(/etc/nullmailer), F(/etc/mailname), a drop-in of
    C(nullmailer.service) and the authorities in F(/etc/nullmailer/postern-authorities.pem).
  - nullmailer itself rehearses the new files before they go live, in check mode too. It goes
    once through a queue of its own with one message and gets as far as connecting.
  - A running daemon is woken to read its files, never restarted, so that nothing that is being
    sent is interrupted. One that does not run is started, and starts at boot. When it does not
    take the files, the old ones return, and the task fails with nullmailer's own words.
  - The daemon gives passwords to its helper through a pipe. They are in no argument list.
options:
  smarthosts:
    description:
      - The servers that take all mail, in the order in which they are tried.
    type: list
    elements: dict
    required: true
    suboptions:
      host:
        description: Its name, or its address. No MX record is looked up.
        type: str
        required: true
      port:
        description: Its port. On 465 TLS starts with the first byte, elsewhere by STARTTLS.
        type: int
        default: 587
      tls:
        description:
          - V(verify) sends to a server with a valid certificate for its name only, V(require)
            takes any certificate, V(none) sends in clear text and bears no login.
        type: str
        choices: [verify, require, none]
        default: verify
      username:
        description: The login's name. It needs an entry in O(passwords).
        type: str
  passwords:
    description: The logins' passwords by C(HOST:PORT) of the smarthost.
    type: dict
    default: {}
  hostname:
    description: This host's full name, for greetings and message identifiers.
    type: str
    required: true
  default_host:
    description: What follows the @ of an address without one. By default O(hostname).
    type: str
  default_domain:
    description:
      - What completes a host's name without a dot. By default O(hostname) without its first word.
    type: str
  admin_addresses:
    description: Who gets mail to addresses of this host, which has no mailboxes.
    type: list
    elements: str
    default: []
  sender:
    description: One envelope sender for all mail in place of what programs say.
    type: str
  ca_file:
    description:
      - Authorities that smarthosts are verified with, besides those that the host trusts anyway.
    type: path
    default: /etc/ssl/certs/ca-certificates.crt
  pause_seconds:
    description: How long to wait after a first failure; each further wait is twice as long.
    type: int
    default: 60
  max_pause_seconds:
    description: The longest wait.
    type: int
    default: 900
  send_timeout_seconds:
    description: After how long a try to send one message is ended.
    type: int
    default: 600
  queue_lifetime_seconds:
    description: After how long a message that nobody takes has failed for good.
    type: int
    default: 604800
attributes:
  check_mode:
    description: Reports what would change, after the rehearsal.
    support: full
  diff_mode:
    description: Shows the files; F(remotes) is masked.
    support: full
author:
  - The postern.mail project (@postern)
"""

EXAMPLES = r"""
- name: Send everything through a smarthost
  postern.mail.nullmailer:
    hostname: ledger.example.org
    default_host: example.org
    admin_addresses: [root@example.org]
    smarthosts:
      - {host: smtp.provider.example, username: fleet}
      - {host: mail.example.org, port: 25}
    passwords:
      "smtp.provider.example:587": "{{ vault_relay }}"
"""

RETURN = r"""
in_service:
  description: Whether nullmailer runs and starts at boot.
  returned: success
  type: bool
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._core.units import in_service
from ansible_collections.postern.mail.plugins.module_utils._nullmailer.change import make_change
from ansible_collections.postern.mail.plugins.module_utils._nullmailer.checks import check
from ansible_collections.postern.mail.plugins.module_utils._nullmailer.model import nullmailer
from ansible_collections.postern.mail.plugins.module_utils._nullmailer.service import (
    UNIT,
    is_installed,
)

SMARTHOST_OPTIONS = {
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 587},
    "tls": {"type": "str", "choices": ["verify", "require", "none"], "default": "verify"},
    "username": {"type": "str"},
}
OPTIONS = {
    "smarthosts": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": SMARTHOST_OPTIONS,
    },
    # Not nested in smarthosts: what is nested reaches the host's log before it is masked.
    "passwords": {"type": "dict", "default": {}, "no_log": True},
    "hostname": {"type": "str", "required": True},
    "default_host": {"type": "str"},
    "default_domain": {"type": "str"},
    "admin_addresses": {"type": "list", "elements": "str", "default": []},
    "sender": {"type": "str"},
    "ca_file": {"type": "path", "default": "/etc/ssl/certs/ca-certificates.crt"},
    "pause_seconds": {"type": "int", "default": 60},
    "max_pause_seconds": {"type": "int", "default": 900},
    "send_timeout_seconds": {"type": "int", "default": 600},
    "queue_lifetime_seconds": {"type": "int", "default": 604800},
}


def main() -> None:
    """Read the options, plan, let nullmailer rehearse, and apply unless this is a check."""
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    wanted = nullmailer(module.params)
    problems = check(wanted, module.params["passwords"])
    if problems:
        module.fail_json(msg=report(problems))
    change = make_change(wanted, module.params["ca_file"])
    try:
        change.rehearse()
        if not module.check_mode:
            if change.problems:
                module.fail_json(msg=report(change.problems))
            if not is_installed():
                module.fail_json(msg="nullmailer is not installed")
            change.apply()
    except Refused as refused:
        module.fail_json(msg=str(refused))
    module.exit_json(changed=change.changed, diff=change.diff(), in_service=in_service(UNIT))


if __name__ == "__main__":
    main()
