#!/usr/bin/python
"""Postfix as one desired state: thin over module_utils/_postfix."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: postfix
short_description: Bring Postfix to one complete desired state
version_added: "0.1.0"
description:
  - Owns F(main.cf), F(master.cf), F(sasl/NAME.conf) as given and the folder F(maps) of one
    Postfix configuration. What leaves the options leaves the host.
  - Nothing goes live before Postfix's own programs have judged a staged copy, in check mode too.
    C(postconf) says which parameters it does not know, C(postmap) compiles the tables, every
    daemon reads its parameters, and C(smtpd) answers a stranger, so that restrictions are
    evaluated. For the time of the check they write to the mail log under C(postern-*).
  - When Postfix runs, it is reloaded, or restarted where only that helps, and then spoken to on
    each of its SMTP ports, TLS included. When it does not come back or answers that its
    configuration is at fault, the old files return, and the task fails with Postfix's own words.
  - Parameters that only repeat the installed default are not written, apart from C(mydomain),
    C(myhostname) and C(mynetworks).
options:
  parameters:
    description:
      - Parameters of F(main.cf) by name. Booleans become C(yes) and C(no), lists are joined
        with commas, and null leaves a parameter to Postfix's default.
      - An unknown name is refused, unless another value uses it.
    type: dict
    default: {}
  services:
    description:
      - Changes to the services of F(master.cf) that Debian ships. Columns that an entry does not
        name stay as they are; a service that is not there yet is added.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The service's name; for V(inet) a port, with V(HOST:) before it at will.
        type: str
        required: true
      type:
        description: How it is reached.
        type: str
        choices: [inet, unix, fifo, pass, unix-dgram]
        required: true
      enabled:
        description: Whether the service is there; false removes it.
        type: bool
        default: true
      private:
        description: Whether only Postfix itself may reach it; V(-) is Postfix's default.
        type: str
      unpriv:
        description: Whether it runs without root's rights; V(-) is Postfix's default.
        type: str
      chroot:
        description: Whether it runs inside the queue directory; V(-) is Postfix's default.
        type: str
      wakeup:
        description: Seconds between wake-ups; with V(?) only when it is in use.
        type: str
      maxproc:
        description: The number of processes at most; V(0) is no limit.
        type: str
      command:
        description: The program in Postfix's daemon directory.
        type: str
      options:
        description: Parameters for this service alone (C(-o)). They replace the present ones.
        type: dict
      arguments:
        description: Further words for the program, such as those of C(pipe).
        type: list
        elements: str
  maps:
    description: Lookup tables; values name them as C(TYPE:$config_directory/maps/NAME).
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The table's name.
        type: str
        required: true
      type:
        description:
          - The table's type. V(lmdb), V(hash), V(btree) and V(cdb) are compiled; the order of
            entries counts for V(cidr), V(pcre) and V(regexp).
        type: str
        choices: [lmdb, hash, btree, cdb, texthash, cidr, pcre, regexp]
        default: lmdb
      entries:
        description: Keys and their values; a list of values is joined with commas.
        type: dict
        default: {}
  secret_maps:
    description:
      - Tables with passwords by their name, each with its keys and values. They are of the type
        V(lmdb), and root alone may read them.
    type: dict
    default: {}
  sasl:
    description:
      - Configurations of Cyrus SASL by the name of their application, such as C(smtpd). Postfix
        is told to look for them in F(sasl) of its configuration.
    type: dict
    default: {}
  purge:
    description:
      - Whether parameters, services and tables leave the host that the options do not name.
    type: bool
    default: true
  config_directory:
    description: Postfix's configuration folder.
    type: path
    default: /etc/postfix
attributes:
  check_mode:
    description: Reports what would change, after the staged copy has been judged.
    support: full
  diff_mode:
    description: Shows the files; tables with secrets are masked.
    support: full
author:
  - The postern.mail project (@postern)
"""

EXAMPLES = r"""
- name: Receive mail for example.org
  postern.mail.postfix:
    parameters:
      myhostname: mail.example.org
      mydestination: localhost
      virtual_mailbox_domains: [example.org]
      virtual_mailbox_maps: lmdb:$config_directory/maps/mailboxes
      virtual_transport: lmtp:unix:/run/cyrus/socket/lmtp
    services:
      - {name: lmtp, type: unix, chroot: "n"}
    maps:
      - name: mailboxes
        entries: {alice@example.org: OK}
"""

RETURN = r"""
in_service:
  description: Whether Postfix runs and starts at boot.
  returned: success
  type: bool
reload_needed:
  description: Whether the change calls for a reload; where Postfix runs it has had it.
  type: bool
  returned: success
restart_required:
  description: Whether the change calls for a restart; where Postfix runs it has had it.
  type: bool
  returned: success
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._core.units import in_service
from ansible_collections.postern.mail.plugins.module_utils._postfix.change import make_change
from ansible_collections.postern.mail.plugins.module_utils._postfix.checks import check
from ansible_collections.postern.mail.plugins.module_utils._postfix.model import configuration

SERVICE_OPTIONS = {
    "name": {"type": "str", "required": True},
    "type": {
        "type": "str",
        "required": True,
        "choices": ["inet", "unix", "fifo", "pass", "unix-dgram"],
    },
    "enabled": {"type": "bool", "default": True},
    "private": {"type": "str"},
    "unpriv": {"type": "str"},
    "chroot": {"type": "str"},
    "wakeup": {"type": "str"},
    "maxproc": {"type": "str"},
    "command": {"type": "str"},
    "options": {"type": "dict"},
    "arguments": {"type": "list", "elements": "str"},
}
MAP_OPTIONS = {
    "name": {"type": "str", "required": True},
    "type": {
        "type": "str",
        "default": "lmdb",
        "choices": ["lmdb", "hash", "btree", "cdb", "texthash", "cidr", "pcre", "regexp"],
    },
    "entries": {"type": "dict", "default": {}},
}
OPTIONS = {
    "parameters": {"type": "dict", "default": {}},
    "services": {"type": "list", "elements": "dict", "default": [], "options": SERVICE_OPTIONS},
    "maps": {"type": "list", "elements": "dict", "default": [], "options": MAP_OPTIONS},
    # Not nested in maps: what is nested reaches the host's log before it is masked.
    "secret_maps": {"type": "dict", "default": {}, "no_log": True},
    "sasl": {"type": "dict", "default": {}},
    "purge": {"type": "bool", "default": True},
    "config_directory": {"type": "path", "default": "/etc/postfix"},
}


def main() -> None:
    """Read the options, plan, let Postfix judge, and apply unless this is a check."""
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    wanted = configuration(module.params)
    problems = check(wanted)
    if problems:
        module.fail_json(msg=report(problems))
    change = make_change(wanted, module.params["config_directory"], module.params["purge"])
    if change.problems:
        module.fail_json(msg=report(change.problems))
    if change.host is None and not module.check_mode:
        module.fail_json(msg="Postfix is not installed")
    try:
        if not module.check_mode:
            change.apply()
    except Refused as refused:
        module.fail_json(msg=f"Postfix took it back, the old files stand again:\n{refused}")
    module.exit_json(
        changed=change.plan.changed,
        diff=change.diff(),
        reload_needed=change.reload_needed,
        restart_required=change.restart_required,
        in_service=in_service("postfix.service"),
    )


if __name__ == "__main__":
    main()
