#!/usr/bin/python
"""Make mailboxes and shared folders in Cyrus, with quotas and rights, over one connection."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cyrus_mailboxes
short_description: Make mailboxes and shared folders in Cyrus
description:
  - One call and one IMAP connection carry people's mailboxes with their folders, shared folders
    with their rights, and quotas. Missing ones are made, what differs is set.
  - It deletes nothing but what O(removed) names. What nobody claims is named in the result.
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
      renamed_from:
        description: The login that the person had before. Where the mailbox of that name is there
          and the one of the new name is not, it is moved with everything in it.
        type: str
  folders:
    description: The folders that each person gets once, with the mailbox. A mailbox that has one of
      them is left alone, since folders are people's to rename and to delete.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The folder's name.
        type: str
        required: true
      use:
        description: What mail programs shall use it for, V(archive), V(drafts), V(important),
          V(junk), V(sent) or V(trash).
        type: str
  shared_folders:
    description: The folders that are nobody's own. Others are named in a warning and kept.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name and its domain, such as V(news@example.org) or
          V(news/old@example.org). People of that domain find it.
        type: str
        required: true
      quota_kib:
        description: Its quota in KiB, with all below it; null is no limit.
        type: int
      acl:
        description: Who has which rights, by login or V(anyone). V(post) is to write to it by mail,
          V(read), V(append), V(write) and V(all) are what they say; letters of RFC 4314 do too.
          Folders below it have the same, unless they are declared themselves.
        type: dict
        default: {}
      annotations:
        description: Cyrus' own notes on it, such as V(expire), after how many days a message goes.
          Cyrus 3.6 can't set any on a shared folder, which fails in its words.
        type: dict
        default: {}
  removed:
    description: Mailboxes and shared folders that shall go, with all below them. Nothing else is
      ever deleted.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name.
        type: str
        required: true
      archive:
        description: Whether its files are kept first, as a tar file below
          C(/var/lib/postern/archive) that root alone can read.
        type: bool
        default: true
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
      - {name: carol@example.org, renamed_from: carola@example.org}
    folders:
      - {name: Sent, use: sent}
      - {name: Junk, use: junk}
    shared_folders:
      - name: news@example.org
        acl: {anyone: read, alice@example.org: write}
    removed:
      - {name: gone@example.org, archive: true}
"""

RETURN = r"""
unclaimed:
  description: Mailboxes and shared folders that nobody declares. Their mail is kept.
  returned: success
  type: list
  elements: str
unclaimed_people:
  description: Those of RV(unclaimed) that were people's, without shared folders.
  returned: success
  type: list
  elements: str
archives:
  description: The files in which the mail of removed mailboxes is.
  returned: when something was archived
  type: list
  elements: str
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.archive import archive
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._cyrus.administration import (
    do,
    look,
    read_secret,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.imap import (
    Administrator,
    Refusal,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.mailboxes import (
    Store,
    parse_store,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.places import locate, places_of
from ansible_collections.postern.mail.plugins.module_utils._cyrus.steps import (
    Present,
    diff,
    plan_store,
    unclaimed,
)

NAME: dict[str, Any] = {"type": "str", "required": True}
QUOTA: dict[str, Any] = {"type": "int"}
MAILBOX = {"name": NAME, "quota_kib": QUOTA, "renamed_from": {"type": "str"}}
FOLDER = {"name": NAME, "use": {"type": "str"}}
SHARED = {
    "name": NAME,
    "quota_kib": QUOTA,
    "acl": {"type": "dict", "default": {}},
    "annotations": {"type": "dict", "default": {}},
}
REMOVED = {"name": NAME, "archive": {"type": "bool", "default": True}}
SPEC = {
    "mailboxes": {"type": "list", "elements": "dict", "required": True, "options": MAILBOX},
    "folders": {"type": "list", "elements": "dict", "default": [], "options": FOLDER},
    "shared_folders": {"type": "list", "elements": "dict", "default": [], "options": SHARED},
    "removed": {"type": "list", "elements": "dict", "default": [], "options": REMOVED},
    "socket": {"type": "path", "default": "/run/cyrus/socket/admin"},
    "administrator": {"type": "str", "default": "cyrus-admin"},
    "secret_file": {"type": "path", "default": "/etc/postern/cyrus-admin.secret", "no_log": False},
}


def converge(params: Mapping[str, Any], store: Store, check_mode: bool) -> dict[str, Any]:
    """Compare and, unless it is a check run, do what is to be done."""
    if check_mode and not Path(params["secret_file"]).exists():
        return result(store, Present())
    archives: list[str] = []
    secret = read_secret(params["secret_file"])
    with Administrator(params["socket"], params["administrator"], secret) as administrator:
        present = look(administrator, store)

        def keep(name: str) -> None:
            places = locate(places_of(name, present.names))
            archives.append(str(archive(name, places)))

        if not check_mode:
            do(administrator, plan_store(store, present), keep)
    return result(store, present) | ({"archives": archives} if archives else {})


def result(store: Store, present: Present) -> dict[str, Any]:
    """Return what the task says of itself."""
    steps = plan_store(store, present)
    nobodys = unclaimed(store, present.names)
    return {
        "changed": bool(steps),
        "diff": diff(steps),
        "unclaimed": nobodys,
        "unclaimed_people": [name for name in nobodys if name in present.names.people],
    }


def main() -> None:
    """Parse, compare, apply."""
    module = AnsibleModule(argument_spec=SPEC, supports_check_mode=True)
    store, problems = parse_store(module.params)
    if problems:
        module.fail_json(msg=report(problems))
    try:
        outcome = converge(module.params, store, module.check_mode)
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
