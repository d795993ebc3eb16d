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
  - Passwords are hashed on the host. A hash that fits its password, O(scheme) and O(rounds) is
    kept, so a second run changes nothing. What was verified once is sealed in groups in
    C(/var/lib/postern/accounts.seals), so that a run need not verify thousands of passwords.
  - Who is locked or has left can't log in any more when the module ends, and their sessions with
    Cyrus, Courier and Postfix' submission are ended. Courier's logins follow from this file once
    M(postern.mail.courier) runs.
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
  scheme:
    description:
      - The scheme of hashes that are made from passwords. Every consumer (C(pam_pwdfile), Courier's
        userdb) takes these, and no other is made. V(bcrypt) needs C(python3-bcrypt).
      - Another scheme hashes every password again.
    type: str
    choices: [sha512_crypt, sha256_crypt, bcrypt]
    default: sha512_crypt
  rounds:
    description:
      - What a hash costs. Another number hashes every password again. Without it V(100000), or
        V(11), a power of two, with O(scheme=bcrypt).
    type: int
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
ended:
  description: Sessions of people who may not log in any more, that are ended.
  returned: success
  type: list
  elements: dict
  sample: [{login: carol@example.org, program: imapd, pid: 4711}]
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
from dataclasses import asdict
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.postern.mail.plugins.module_utils._accounts.credentials import decide
from ansible_collections.postern.mail.plugins.module_utils._accounts.hashing import (
    Hasher,
    NoHasher,
    PolicyHasher,
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
from ansible_collections.postern.mail.plugins.module_utils._accounts.seals import (
    PATH as SEALS,
)
from ansible_collections.postern.mail.plugins.module_utils._accounts.seals import (
    parse_seals,
    render_seals,
)
from ansible_collections.postern.mail.plugins.module_utils._accounts.service import (
    restart_saslauthd,
)
from ansible_collections.postern.mail.plugins.module_utils._accounts.sessions import end, lost
from ansible_collections.postern.mail.plugins.module_utils._accounts.wanted import (
    Files,
    Wanted,
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
from ansible_collections.postern.mail.plugins.module_utils._core.plan import (
    File,
    Plan,
    make_plan,
)
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
    "scheme": {
        "type": "str",
        "choices": ["sha512_crypt", "sha256_crypt", "bcrypt"],
        "default": "sha512_crypt",
    },
    "rounds": {"type": "int"},
    "saslauthd_directory": {"type": "path", "default": "/run/saslauthd"},
    "saslauthd_workers": {"type": "int", "default": 5},
    "saslauthd_users": {"type": "list", "elements": "str", "default": []},
}


def make_hasher(module: AnsibleModule, accounts: Accounts) -> Hasher:
    """Return the hash scheme; a check run goes on where its library is still to be installed."""
    try:
        return PolicyHasher(accounts.scheme, accounts.rounds)
    except ImportError:
        if module.check_mode:
            return NoHasher()
        library = "bcrypt" if accounts.scheme == "bcrypt" else "passlib"
        module.fail_json(msg=missing_required_lib(library), exception=traceback.format_exc())


def read_secrets(accounts: Accounts, present: Files) -> dict[str, str]:
    """Return the machine accounts' secrets; who has none gets a new one."""
    return {
        machine.name: text_of(present, machine.secret_file).strip()
        or random_secrets.token_urlsafe(32)
        for machine in accounts.machine_accounts
    }


def make_wanted(module: AnsibleModule, accounts: Accounts, saslauthd: Saslauthd) -> Wanted:
    """Compare what shall stand with what the host has."""
    present = read_present([*paths(accounts), SEALS])
    secrets = read_secrets(accounts, present)
    known, seals = parse_passwd(text_of(present, PASSWD)), parse_seals(text_of(present, SEALS))
    hasher = make_hasher(module, accounts)
    credentials, sealed = decide(accounts, secrets, known, hasher, seals)
    files = wanted_files(accounts, secrets, credentials, saslauthd)
    memory = File(render_seals(sealed).encode(), 0o600, secret=True) if sealed else None
    return Wanted(
        make_plan(files, present),
        make_plan({SEALS: memory}, present),
        frozenset(name for name, one in credentials.items() if not one.locked),
    )


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


def told(module: AnsibleModule) -> dict[str, Any]:
    """Return what the module was told but the people.

    Every text of an answer is searched for every secret: ten thousand in ten thousand take seconds.
    """
    return {
        "module_args": {name: value for name, value in module.params.items() if name != "entries"}
    }


def main() -> None:
    """Parse, plan, apply."""
    # no_log: the log of invocations mangles a nested secret with an @ in it, and shows its tail.
    module = AnsibleModule(argument_spec=SPEC, supports_check_mode=True, no_log=True)
    accounts, problems = parse_accounts(module.params)
    if problems:
        module.fail_json(msg=report(problems), invocation=told(module))
    saslauthd = Saslauthd(
        module.params["saslauthd_directory"].rstrip("/"), module.params["saslauthd_workers"]
    )
    users = module.params["saslauthd_users"]
    groups, wanted = plan_members(GROUP, users), make_wanted(module, accounts, saslauthd)
    if not module.check_mode:
        try:
            add_members(GROUP, users)
            bring(wanted.plan, saslauthd.socket)
            apply(wanted.seals)  # a memory, and no state that anybody asked for
        except Refused as refused:
            module.fail_json(msg=str(refused), invocation=told(module))
    sessions = lost(wanted.enabled)
    if not module.check_mode:
        end(sessions)
    module.exit_json(
        changed=groups.changed or wanted.plan.changed or bool(sessions),
        diff=groups.diff() + diff(wanted.plan),
        ended=[asdict(session) for session in sessions],
        saslauthd_socket=saslauthd.socket,
        in_service=in_service("saslauthd.service"),
        invocation=told(module),
    )


if __name__ == "__main__":
    main()
