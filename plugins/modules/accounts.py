#!/usr/bin/python
"""Own a host's credentials, and the PAM services and saslauthd that answer from them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: accounts
short_description: Own the credentials that every mail protocol of a host asks for
description:
  - One call carries everybody who may log in. Who is not named leaves the file.
  - Owns C(/etc/postern/accounts.passwd), the PAM services of mail daemons (C(imap), C(pop),
    C(sieve), C(smtp) and their kin),
    C(/etc/systemd/system/saslauthd.service), and the secret file of each machine account.
    It adds members to the group C(sasl), and takes none out.
  - Passwords become SHA-512 crypt on the host. A hash that fits its password and the rounds is
    kept, so a second run changes nothing.
  - When the unit of a running saslauthd changes, saslauthd is restarted, and the old files return
    if it does not come back.
version_added: 0.1.0
author:
  - postern.mail contributors (@postern-mail)
options:
  entries:
    description: Everybody who may log in.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The login, such as V(alice@example.org).
        type: str
        required: true
      password:
        description: The password. Exactly one of O(entries[].password) and
          O(entries[].password_hash) stands.
        type: str
      password_hash:
        description: A SHA-512, SHA-256, yescrypt or bcrypt hash, kept as it is.
        type: str
      locked:
        description: Whether nobody can log in with it for now.
        type: bool
        default: false
  machine_accounts:
    description: Logins of programs on this host. Their secrets are made here and stay here.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The login.
        type: str
        required: true
      secret_file:
        description: Where the secret stands, readable by root alone.
        type: path
        required: true
  rounds:
    description: Rounds of SHA-512 crypt. Another number hashes every password again.
    type: int
    default: 100000
  saslauthd_directory:
    description: Folder of saslauthd's socket, which root and the group C(sasl) can enter.
    type: path
    default: /run/saslauthd
  saslauthd_workers:
    description: How many logins saslauthd checks at a time.
    type: int
    default: 5
  saslauthd_users:
    description: System users that may ask saslauthd, whether their package is installed yet or not.
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
    details: Shows who comes, goes, is locked or has a new password; never a hash.
  platform:
    support: full
    platforms: debian
"""

EXAMPLES = r"""
- name: Converge the accounts
  postern.mail.accounts:
    entries:
      - {name: alice@example.org, password: "{{ vault_alice }}"}
      - {name: carol@example.org, password_hash: "{{ vault_carol_hash }}", locked: true}
    machine_accounts:
      - {name: cyrus-admin, secret_file: /etc/postern/cyrus-admin.secret}
    saslauthd_users: [postfix]
"""

RETURN = r"""
in_service:
  description: Whether saslauthd runs and starts at boot.
  returned: success
  type: bool
saslauthd_socket:
  description: The socket at which saslauthd answers.
  returned: success
  type: str
  sample: /run/saslauthd/mux
"""

import contextlib
import secrets as random_secrets
import traceback

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.postern.mail.plugins.module_utils._accounts.credentials import decide
from ansible_collections.postern.mail.plugins.module_utils._accounts.hashing import (
    Hasher,
    NoHasher,
    Sha512Hasher,
)
from ansible_collections.postern.mail.plugins.module_utils._accounts.model import (
    Accounts,
    parse_accounts,
)
from ansible_collections.postern.mail.plugins.module_utils._accounts.passwd import parse_passwd
from ansible_collections.postern.mail.plugins.module_utils._accounts.render import (
    GROUP,
    PASSWD,
    UNIT,
    Saslauthd,
)
from ansible_collections.postern.mail.plugins.module_utils._accounts.service import (
    restart_saslauthd,
)
from ansible_collections.postern.mail.plugins.module_utils._accounts.wanted import (
    Files,
    diff,
    paths,
    text_of,
    wanted_files,
)
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused, apply
from ansible_collections.postern.mail.plugins.module_utils._core.files import read_present
from ansible_collections.postern.mail.plugins.module_utils._core.groups import (
    add_members,
    plan_members,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Plan, make_plan
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._core.units import in_service

ENTRY = {
    "name": {"type": "str", "required": True},
    "password": {"type": "str", "no_log": True},
    "password_hash": {"type": "str", "no_log": True},
    "locked": {"type": "bool", "default": False},
}
MACHINE = {
    "name": {"type": "str", "required": True},
    "secret_file": {"type": "path", "required": True, "no_log": False},
}
SPEC = {
    "entries": {"type": "list", "elements": "dict", "required": True, "options": ENTRY},
    "machine_accounts": {"type": "list", "elements": "dict", "default": [], "options": MACHINE},
    "rounds": {"type": "int", "default": 100000},
    "saslauthd_directory": {"type": "path", "default": "/run/saslauthd"},
    "saslauthd_workers": {"type": "int", "default": 5},
    "saslauthd_users": {"type": "list", "elements": "str", "default": []},
}


def make_hasher(module: AnsibleModule) -> Hasher:
    """Return the hash scheme; a check run goes on where passlib is still to be installed."""
    try:
        return Sha512Hasher(module.params["rounds"])
    except ImportError:
        if module.check_mode:
            return NoHasher()
        module.fail_json(msg=missing_required_lib("passlib"), exception=traceback.format_exc())


def read_secrets(accounts: Accounts, present: Files) -> dict[str, str]:
    """Return the machine accounts' secrets; who has none gets a new one."""
    return {
        machine.name: text_of(present, machine.secret_file).strip()
        or random_secrets.token_urlsafe(32)
        for machine in accounts.machine_accounts
    }


def make_accounts_plan(module: AnsibleModule, accounts: Accounts, saslauthd: Saslauthd) -> Plan:
    """Compare what shall stand with what the host has."""
    present = read_present(paths(accounts))
    secrets = read_secrets(accounts, present)
    known = parse_passwd(text_of(present, PASSWD))
    credentials = decide(accounts, secrets, known, make_hasher(module))
    files = wanted_files(accounts, secrets, credentials, saslauthd)
    return make_plan(files, present)


def bring(plan: Plan, socket: str) -> None:
    """Apply the plan; a running saslauthd takes its new unit, or has the old one again."""
    unit_changed = UNIT in plan.paths

    def accept() -> None:
        if unit_changed:
            restart_saslauthd(socket)

    def undo() -> None:
        with contextlib.suppress(Refused):
            accept()

    apply(plan, accept, undo)


def main() -> None:
    """Parse, plan, apply."""
    # no_log: the log of invocations mangles a nested secret with an @ in it, and shows its tail.
    module = AnsibleModule(argument_spec=SPEC, supports_check_mode=True, no_log=True)
    accounts, problems = parse_accounts(module.params["entries"], module.params["machine_accounts"])
    if problems:
        module.fail_json(msg=report(problems))
    saslauthd = Saslauthd(
        module.params["saslauthd_directory"].rstrip("/"), module.params["saslauthd_workers"]
    )
    users = module.params["saslauthd_users"]
    groups, plan = plan_members(GROUP, users), make_accounts_plan(module, accounts, saslauthd)
    if not module.check_mode:
        try:
            add_members(GROUP, users)
            bring(plan, saslauthd.socket)
        except Refused as refused:
            module.fail_json(msg=str(refused))
    module.exit_json(
        changed=groups.changed or plan.changed,
        diff=groups.diff() + diff(plan),
        saslauthd_socket=saslauthd.socket,
        in_service=in_service("saslauthd.service"),
    )


if __name__ == "__main__":
    main()
