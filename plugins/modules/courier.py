#!/usr/bin/python
"""Courier as one desired state: thin over module_utils/_courier."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: courier
short_description: Bring Courier IMAP and POP3 to one complete desired state
version_added: "0.1.0"
description:
  - One call carries Courier's settings, logins, Maildirs and services. What is not said leaves the
    settings; mail leaves the host only where O(removed) names its mailbox.
  - Logins and their hashes follow from O(credentials_file), which M(postern.mail.accounts) writes.
    A new password, a lock or a removal holds before anything else is done, and whatever fails
    later. Sessions of those who are locked, renamed or no account any more are ended.
  - Every Maildir is O(owner)'s, below O(folder) as C(DOMAIN/NAME/Maildir). It appears whole, with
    its special folders, and before the first login. The folders above are root's, so that no
    delivery makes a Maildir of its own. What is below is read and written as O(owner).
  - Services that nobody may reach are stopped. The others must greet, and authdaemond must know an
    account; otherwise the old files return, and the task fails with Courier's words.
  - Courier's own TLS stays off, since its build for Debian ignores which protocols it shall speak.
author:
  - The postern.mail project (@postern)
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
      renamed_from:
        description: Its former name. It is moved with its mail when the old one is there and the
          new one is not.
        type: str
  removed:
    description: Mailboxes that shall go with their mail. All others are kept.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The login that it had.
        type: str
        required: true
      archive:
        description: Whether a copy is kept below O(archives), complete before anything is deleted.
        type: bool
        default: true
  shared_folders:
    description: Folders that are nobody's own, seen as C(#shared.NAME) by who has rights.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name.
        type: str
        required: true
      readers:
        description: Logins that may read it, or V(everyone).
        type: list
        elements: str
        default: []
      writers:
        description: Logins that may also add and delete messages and folders, or V(everyone).
        type: list
        elements: str
        default: []
  special_folders:
    description: Folders that a new mailbox has and is subscribed to.
    type: list
    elements: str
    default: [Drafts, Sent, Junk, Trash]
  credentials_file:
    description: The credentials that the logins follow from.
    type: path
    default: /etc/postern/accounts.passwd
  folder:
    description: Where all mail lies.
    type: path
    default: /srv/vmail
  owner:
    description: The system user whose all mail is. It is made when it is missing.
    type: str
    default: vmail
  owner_id:
    description: Its number, the same on every host, so that mail can move.
    type: int
    default: 5000
  archives:
    description: Where archives of removed mailboxes are kept, for root alone.
    type: path
    default: /var/lib/postern/archive
  listeners:
    description: The IMAP and POP3 services for people.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: A name of its own.
        type: str
        required: true
      protocol:
        description: What it speaks.
        type: str
        choices: [imap, pop3]
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
  max_connections:
    description: How many sessions each protocol serves at a time.
    type: int
    default: 200
  connections_per_address:
    description: How many of them one client may have.
    type: int
    default: 50
  authdaemon_settings:
    description: The settings of F(/etc/courier/authdaemonrc). One that is null is left out.
    type: dict
    required: true
  imap_settings:
    description: Those of F(/etc/courier/imapd) that do not follow from the listeners.
    type: dict
    required: true
  pop3_settings:
    description: Those of F(/etc/courier/pop3d) that do not follow from the listeners.
    type: dict
    required: true
attributes:
  check_mode:
    description: Reports what would change. Before the first run every mailbox is missing.
    support: full
  diff_mode:
    description: Shows files, mailboxes and services; hashes are masked.
    support: full
"""

EXAMPLES = r"""
- name: Keep mail and serve it
  postern.mail.courier:
    mailboxes:
      - {name: alice@example.org, quota_kib: 2097152}
      - {name: carol.smith@example.org, renamed_from: carol@example.org}
    removed:
      - {name: dave@example.org, archive: true}
    listeners:
      - {name: imaps, protocol: imap, port: 943, behind_tls: true}
    backend_address: 192.0.2.10
    authdaemon_settings: {authmodulelist: authuserdb, daemons: 5}
    imap_settings: {IMAP_CAPABILITY: IMAP4rev1 UIDPLUS IDLE}
    pop3_settings: {}
"""

RETURN = r"""
archives:
  description: The archives that were written.
  returned: success
  type: list
  elements: str
ended_sessions:
  description: The logins whose sessions were ended.
  returned: success
  type: list
  elements: str
unclaimed:
  description: Mailboxes and shared folders that are there and nobody's. Their mail is kept.
  returned: success
  type: list
  elements: str
unclaimed_people:
  description: Those of RV(unclaimed) that were people's, without shared folders.
  returned: success
  type: list
  elements: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._courier.change import (
    look_at_host,
    problems_of,
)
from ansible_collections.postern.mail.plugins.module_utils._courier.model import parse_courier

LOGINS = {"type": "list", "elements": "str", "default": []}
MAILBOX = {
    "name": {"type": "str", "required": True},
    "quota_kib": {"type": "int"},
    "renamed_from": {"type": "str"},
}
REMOVAL = {
    "name": {"type": "str", "required": True},
    "archive": {"type": "bool", "default": True},
}
SHARED = {"name": {"type": "str", "required": True}, "readers": LOGINS, "writers": LOGINS}
LISTENER = {
    "name": {"type": "str", "required": True},
    "protocol": {"type": "str", "choices": ["imap", "pop3"], "required": True},
    "port": {"type": "int", "required": True},
    "behind_tls": {"type": "bool", "default": False},
}
FOLDERS = ["Drafts", "Sent", "Junk", "Trash"]
SPEC = {
    "mailboxes": {"type": "list", "elements": "dict", "required": True, "options": MAILBOX},
    "removed": {"type": "list", "elements": "dict", "default": [], "options": REMOVAL},
    "shared_folders": {"type": "list", "elements": "dict", "default": [], "options": SHARED},
    "special_folders": {"type": "list", "elements": "str", "default": FOLDERS},
    "credentials_file": {
        "type": "path",
        "default": "/etc/postern/accounts.passwd",
        "no_log": False,
    },
    "folder": {"type": "path", "default": "/srv/vmail"},
    "owner": {"type": "str", "default": "vmail"},
    "owner_id": {"type": "int", "default": 5000},
    "archives": {"type": "path", "default": "/var/lib/postern/archive"},
    "listeners": {"type": "list", "elements": "dict", "default": [], "options": LISTENER},
    "backend_address": {"type": "str", "default": "127.0.0.1"},
    "max_connections": {"type": "int", "default": 200},
    "connections_per_address": {"type": "int", "default": 50},
    "authdaemon_settings": {"type": "dict", "required": True},
    "imap_settings": {"type": "dict", "required": True},
    "pop3_settings": {"type": "dict", "required": True},
}


def main() -> None:
    """Parse, plan, check, apply."""
    module = AnsibleModule(argument_spec=SPEC, supports_check_mode=True)
    courier, problems = parse_courier(module.params)
    if problems:
        module.fail_json(msg=report(problems))
    change = look_at_host(courier, module.params["credentials_file"])
    archives: list[str] = []
    try:
        left = change if module.check_mode else change.shut_out()
        if problems := problems_of(change):
            done = "nothing was changed" if left == change else "only logins were changed"
            module.fail_json(msg=report(problems, done))
        if not module.check_mode:
            archives = left.bring(module.params["archives"])
    except (Refused, OSError) as refused:
        module.fail_json(msg=str(refused))
    if change.unclaimed:
        module.warn(f"Mailboxes without an account are kept: {', '.join(change.unclaimed)}")
    module.exit_json(
        changed=change.changed,
        diff=change.diff(),
        archives=archives,
        ended_sessions=sorted({session.login for session in change.sessions}),
        unclaimed=list(change.unclaimed),
        unclaimed_people=[name for name in change.unclaimed if "@" in name],
    )


if __name__ == "__main__":
    main()
