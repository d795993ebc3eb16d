#!/usr/bin/python
"""Make people's mailboxes in Cyrus, and set their quotas, over one connection."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cyrus_mailboxes
short_description: Make people's mailboxes in Cyrus and set their quotas
description:
  - One call and one IMAP connection carry all mailboxes. Missing ones are made, quotas are set.
  - It never deletes a mailbox. Those that nobody claims any more are named in the result.
version_added: 0.1.0
author:
  - postern.mail contributors (@postern-mail)
options:
  mailboxes:
    description: The mailboxes that shall be there.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The person's login, such as V(alice@example.org).
        type: str
        required: true
      quota_kib:
        description: The quota in KiB; null is no limit.
        type: int
  socket:
    description: UNIX socket of the Cyrus service where O(administrator) has its rights.
    type: path
    default: /run/cyrus/socket/admin
  administrator:
    description: The login of the administrator.
    type: str
    default: cyrus-admin
  secret_file:
    description: File on the host with the administrator's password.
    type: path
    default: /etc/postern/cyrus-admin.secret
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
    details: Before the first run every mailbox is said to be missing. A Cyrus that does not answer
      is a warning.
  diff_mode:
    support: full
  platform:
    support: full
    platforms: debian
"""

EXAMPLES = r"""
- name: Make the mailboxes
  postern.mail.cyrus_mailboxes:
    mailboxes:
      - {name: alice@example.org, quota_kib: 2097152}
      - {name: carol@example.org}
"""

RETURN = r"""
unclaimed:
  description: Mailboxes that are there and not among O(mailboxes). Their mail is kept.
  returned: success
  type: list
  elements: str
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._cyrus.administration import (
    look,
    read_secret,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.imap import (
    Administrator,
    Refusal,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.mailboxes import (
    Mailbox,
    diff,
    parse_mailboxes,
    plan_mailboxes,
    unclaimed,
)

MAILBOX = {"name": {"type": "str", "required": True}, "quota_kib": {"type": "int"}}
SPEC = {
    "mailboxes": {"type": "list", "elements": "dict", "required": True, "options": MAILBOX},
    "socket": {"type": "path", "default": "/run/cyrus/socket/admin"},
    "administrator": {"type": "str", "default": "cyrus-admin"},
    "secret_file": {"type": "path", "default": "/etc/postern/cyrus-admin.secret", "no_log": False},
}


def converge(
    params: Mapping[str, Any], wanted: Sequence[Mailbox], check_mode: bool
) -> dict[str, Any]:
    """Compare and, unless it is a check run, make what is missing."""
    if check_mode and not Path(params["secret_file"]).exists():
        return result(wanted, [], {})
    secret = read_secret(params["secret_file"])
    with Administrator(params["socket"], params["administrator"], secret) as administrator:
        names, present = look(administrator, wanted)
        if not check_mode:
            for step in plan_mailboxes(wanted, present):
                administrator.do(step)
    return result(wanted, names, present)


def result(
    wanted: Sequence[Mailbox], names: Sequence[str], present: Mapping[str, Mailbox]
) -> dict[str, Any]:
    """Return what the task says of itself."""
    steps = plan_mailboxes(wanted, present)
    return {
        "changed": bool(steps),
        "diff": diff(steps, present),
        "unclaimed": unclaimed(wanted, names),
    }


def main() -> None:
    """Parse, compare, apply."""
    module = AnsibleModule(argument_spec=SPEC, supports_check_mode=True)
    wanted, problems = parse_mailboxes(module.params["mailboxes"])
    if problems:
        module.fail_json(msg=report(problems))
    try:
        outcome = converge(module.params, wanted, module.check_mode)
    except (Refusal, OSError) as error:
        if not module.check_mode:
            module.fail_json(msg=f"Cyrus does not make the mailboxes: {error}")
        module.warn(f"Cyrus can't say which mailboxes it has: {error}")
        outcome = {"changed": False}
    if outcome.get("unclaimed"):
        module.warn(f"Mailboxes without an account are kept: {', '.join(outcome['unclaimed'])}")
    module.exit_json(**outcome)


if __name__ == "__main__":
    main()
