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
  - Messages in the queue that name a content filter whose transport has left F(master.cf) are
    queued again, unless somebody holds them, and it counts as a change. All other mail stays.
  - Databases that parameters named before and no longer do leave the host too, where they are this
    Postfix's own, F(/etc/aliases.db) included. Their sources stay. With
    C(multi_instance_directories) none of them goes, since other instances may read them.
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
    description:
      - Lookup tables; values name them as C(TYPE:$config_directory/maps/NAME), also behind
        C(proxy:). A table that needs no file, such as C(inline:{key=value}), stands in values only.
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
            entries counts for V(cidr), V(pcre) and V(regexp). A type that the installed Postfix
            does not have is refused with the package that has it.
          - V(list) is a plain file with a key a line, for parameters such as C(mydestination) and
            C(relay_domains), which name it as C($config_directory/maps/NAME), without a type.
        type: str
        choices: [lmdb, hash, btree, cdb, texthash, cidr, pcre, regexp, list]
        default: lmdb
      entries:
        description:
          - Keys and their values; a list of values is joined with commas. In a V(list) the values
            are empty.
        type: dict
        default: {}
      sources:
        description:
          - Flat files with further entries, for lists that are long. A wrong line, and a key that
            has two values anywhere in the table, is refused with its place. Where the order of
            entries counts, these come after O(maps[].entries), file by file.
          - Tables of the types V(pcre) and V(regexp) have none.
        type: list
        elements: dict
        default: []
        suboptions:
          file:
            description:
              - A file on the controller, looked for as the C(copy) action does. It is brought to
                the host for the time of the task.
            type: str
          path:
            description: A file on the host, instead of O(maps[].sources[].file).
            type: path
          form:
            description:
              - "What a line is: V(keys) has a key, each with O(maps[].sources[].value); V(pairs)
                has a key and its value; V(aliases) has C(name: target, target) as in aliases(5)."
              - A line that begins with C(#) is left out. In V(pairs) and V(aliases), a line that
                begins with space continues the one before.
            type: str
            required: true
            choices: [aliases, keys, pairs]
          origin:
            description: The domain of targets that have none, for V(aliases).
            type: str
          domains:
            description: The domains in which names hold that have none, for V(aliases) and V(keys).
            type: list
            elements: str
            default: []
          value:
            description: The value of every key, for V(keys).
            type: str
          only:
            description: Takes V(networks) in CIDR form alone, or V(names) and single addresses.
            type: str
            choices: [names, networks]
          leads:
            description:
              - Takes of V(aliases) those alone that lead to one of these addresses, with its value
                in place of their targets.
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

- name: Refuse a long list of senders
  postern.mail.postfix:
    parameters:
      smtpd_sender_restrictions: check_sender_access lmdb:$config_directory/maps/senders
    maps:
      - name: senders
        entries: {friend@spammer.example: OK}
        sources:
          - {file: lists/spammers.txt, form: keys, value: REJECT no}
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
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused, workspace
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._core.table_lines import FORMS
from ansible_collections.postern.mail.plugins.module_utils._core.units import in_service
from ansible_collections.postern.mail.plugins.module_utils._postfix.change import make_change
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
SOURCE_OPTIONS = {
    "file": {"type": "str"},
    "path": {"type": "path"},
    "form": {"type": "str", "required": True, "choices": list(FORMS)},
    "origin": {"type": "str"},
    "domains": {"type": "list", "elements": "str", "default": []},
    "value": {"type": "str"},
    "only": {"type": "str", "choices": ["names", "networks"]},
    "leads": {"type": "dict", "default": {}},
}
MAP_OPTIONS = {
    "name": {"type": "str", "required": True},
    "type": {
        "type": "str",
        "default": "lmdb",
        "choices": ["lmdb", "hash", "btree", "cdb", "texthash", "cidr", "pcre", "regexp", "list"],
    },
    "entries": {"type": "dict", "default": {}},
    "sources": {"type": "list", "elements": "dict", "default": [], "options": SOURCE_OPTIONS},
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
    with workspace() as work:
        converge(module, work)


def converge(module: AnsibleModule, work: str) -> None:
    """Do the module's work, with a folder for what is too large to be held."""
    wanted = configuration(module.params)
    change = make_change(wanted, module.params["config_directory"], module.params["purge"], work)
    if change.repeats:
        words = "\n".join(f"  {repeat}" for repeat in change.repeats)
        module.warn(f"Entries of tables that stand twice, with the same value:\n{words}")
    if change.problems:
        module.fail_json(msg=report(change.problems))
    if change.host is None and not module.check_mode:
        module.fail_json(msg="Postfix is not installed")
    diff = change.diff()
    try:
        if not module.check_mode:
            change.apply()
    except Refused as refused:
        module.fail_json(msg=str(refused))
    module.exit_json(
        changed=change.changed,
        diff=diff,
        reload_needed=change.reload_needed,
        restart_required=change.restart_required,
        in_service=in_service("postfix.service"),
    )


if __name__ == "__main__":
    main()
