#!/usr/bin/python
"""Sendmail as one desired state: thin over module_utils/_sendmail."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sendmail
short_description: Bring Sendmail to one complete desired state
version_added: "0.1.0"
description:
  - Owns F(/etc/mail/sendmail.mc), F(/etc/mail/submit.mc) and what m4 makes of them, the tables and
    lists of F(/etc/mail), F(/etc/aliases), the configuration of SASL, and the units that run it.
    What leaves the options leaves the host.
  - A table or list that is given brings the feature that reads it; one that is not has none.
  - Nothing goes live before Sendmail has read a staged copy, in check mode too. Then it is brought
    in and spoken to. When it does not take it, the old files return, and the task fails with
    Sendmail's own words.
options:
  mode:
    description: Whether Sendmail waits for mail from other hosts, or only empties its queue.
    type: str
    choices: [queue, daemon]
    default: queue
  queue_interval:
    description: How often the queue is tried again, such as V(15m).
    type: str
    default: 1h
  mc:
    description: The contents of F(sendmail.mc).
    type: dict
    default: {}
    suboptions: &mc
      ostype:
        description: The operating system's settings.
        type: str
        default: debian
      domain:
        description: Common settings; Debian's own for a transfer agent or a submission program.
        type: str
      defines:
        description:
          - Macros such as C(confMAX_MESSAGE_SIZE) with their values; null undefines one.
            Unknown names are refused.
        type: dict
        default: {}
      features:
        description: Features, in the order given. Those of tables and lists come by themselves.
        type: list
        elements: dict
        default: []
        suboptions:
          name: {type: str, required: true, description: The feature's name.}
          arguments: {type: list, elements: str, default: [], description: Its arguments.}
      masquerade:
        description: As whom senders of this host appear.
        type: dict
        suboptions:
          name: {type: str, description: The domain that stands for this host.}
          domains:
            description: Further domains that it stands for.
            type: list
            elements: str
            default: []
          exceptions:
            {type: list, elements: str, default: [], description: Domains that stay as they are.}
          exposed_users:
            {type: list, elements: str, default: [], description: Users that keep the host's name.}
          envelope:
            {type: bool, default: false, description: Whether envelope senders are changed too.}
          entire_domains:
            description: Whether hosts below these domains are meant too.
            type: bool
            default: false
          everything: {type: bool, default: false, description: Whether recipients are changed too.}
      daemon_options:
        description: Where Sendmail listens.
        type: list
        elements: dict
        default: []
        suboptions:
          name: {type: str, required: true, description: The listener's name.}
          family:
            description: The kind of address.
            type: str
            choices: [inet, inet6, local]
            default: inet
          address: {type: str, description: "The address, or the path of a socket."}
          port: {type: str, description: The port.}
          modifiers: {type: str, description: "Letters that change how it behaves, such as V(Ea)."}
          milters:
            description: The milters of this listener, instead of all.
            type: list
            elements: str
          children: {type: int, description: How many processes it may have at most.}
      client_options:
        description: As whom Sendmail connects to others.
        type: list
        elements: dict
        default: []
        suboptions:
          family:
            {type: str, choices: [inet, inet6], default: inet, description: The kind of address.}
          address: {type: str, description: The own address.}
          modifiers: {type: str, description: Letters that change how it behaves.}
      trusted_mechanisms:
        description: SASL mechanisms whose users may relay.
        type: list
        elements: str
        default: []
      milters:
        description: Mail filters, in the order in which they are asked.
        type: list
        elements: dict
        default: []
        suboptions:
          name: {type: str, required: true, description: The milter's name.}
          socket:
            description: Where it waits, such as V(unix:/run/x.sock) or V(inet:8891@127.0.0.1).
            type: str
            required: true
          without_it:
            description: What happens to mail while it does not answer.
            type: str
            choices: [tempfail, reject, accept]
          timeouts:
            description: Times by their letters C(C), C(S), C(R) and C(E).
            type: dict
            default: {}
      dnsbls:
        description: DNS lists of clients that are refused.
        type: list
        elements: dict
        default: []
        suboptions:
          zone: {type: str, required: true, description: The list's domain.}
          text: {type: str, description: What is answered.}
          results:
            description: Answers of the list that count; all of C(127.0.0.0/8) do otherwise.
            type: list
            elements: str
            default: []
          tempfail:
            description: Whether clients are put off while the list does not answer.
            type: bool
            default: false
      greet_pause_milliseconds:
        description: How long the greeting waits for clients that speak first.
        type: int
      mailers:
        description: Debian's mailers; V(local) and V(smtp) where nothing is said.
        type: list
        elements: str
      mailer_flags:
        description: Flags by the mailer's name in capitals, V(+) or V(-) before them to change.
        type: dict
        default: {}
      own_mailers:
        description: Mailers of your own.
        type: list
        elements: dict
        default: []
        suboptions:
          name: {type: str, required: true, description: The mailer's name.}
          path:
            description: The program; C([IPC]) speaks over a socket.
            type: str
            default: "[IPC]"
          user: {type: str, description: "As whom the program runs, such as V(vmail:vmail)."}
          flags: {type: str, required: true, description: Its flags.}
          sender: {type: str, description: The rulesets for senders.}
          recipient: {type: str, description: The rulesets for recipients.}
          type: {type: str, description: "The kinds of names, such as V(DNS/RFC822/SMTP)."}
          line_end: {type: str, description: How lines end.}
          line_length: {type: int, description: How long lines may be.}
          arguments:
            description: The program's arguments, or V(FILE PATH) or V(TCP HOST PORT).
            type: str
            required: true
      local_config:
        description: Lines of C(LOCAL_CONFIG), in the language of F(sendmail.cf).
        type: list
        elements: str
        default: []
      local_rule_0:
        description: Lines of C(LOCAL_RULE_0).
        type: list
        elements: str
        default: []
      local_net_config:
        description: Lines of C(LOCAL_NET_CONFIG).
        type: list
        elements: str
        default: []
      local_rulesets:
        description: Lines of C(LOCAL_RULESETS); the sides of a rule stand apart by a tab.
        type: list
        elements: str
        default: []
  submit:
    description: The contents of F(submit.mc); it needs C(FEATURE(msp)).
    type: dict
    default: {}
    suboptions: *mc
  tables:
    description: Lookup tables.
    type: dict
    default: {}
    suboptions:
      access: &table
        description: A table of this name.
        type: dict
        suboptions: &entries
          entries: {type: dict, default: {}, description: Keys with their values.}
          sources: &sources
            description: Long tables in flat files.
            type: list
            elements: dict
            default: []
            suboptions:
              file: {type: path, description: The file on the controller.}
              path:
                description: The file on the host, where O(tables.access.sources[].file) is not it.
                type: path
              form:
                description: How it is written.
                type: str
                choices: [aliases, keys, pairs]
                required: true
              origin: {type: str, description: The domain of targets that have none.}
              domains:
                description: The domains in which keys without one hold.
                type: list
                elements: str
              value: {type: str, description: The value of each key of V(keys).}
              tag: {type: str, description: "What stands before each key, such as V(Connect)."}
      domaintable: *table
      genericstable: *table
      mailertable: *table
      virtusertable: *table
  aliases:
    description: The contents of F(/etc/aliases); each name with the list of its targets.
    type: dict
    suboptions: *entries
  lists:
    description: Lists, one name a line.
    type: dict
    default: {}
    suboptions:
      generics_domains: &list
        description: A list of this name.
        type: dict
        suboptions:
          entries: {type: list, elements: str, default: [], description: The names.}
          sources: *sources
      local_host_names: *list
      relay_domains: *list
      trusted_users: *list
      virtuser_domains: *list
  authinfo:
    description:
      - By host, C(username), C(password) and at will C(mechanisms) with which Sendmail logs in
        there. Only root may read the table.
    type: dict
    default: {}
  sasl:
    description: How logins of others are checked, such as C(pwcheck_method).
    type: dict
    default: {}
  transaction_log:
    description:
      - Where everything is written that is said to and by clients; nowhere without it. A log that
        is asked for no more is removed, with the one before it.
    type: dict
    suboptions:
      path:
        description: The file.
        type: path
        default: /var/log/sendmail/transactions.log
      size_mib:
        description: The size at which it is rotated.
        type: int
        default: 100
attributes:
  check_mode:
    description: Reports what would change, after Sendmail has read the staged copy.
    support: full
  diff_mode:
    description: Shows the files; the table with secrets is masked.
    support: full
author:
  - The postern.mail project (@postern)
"""

EXAMPLES = r"""
- name: Receive mail for example.org
  postern.mail.sendmail:
    mode: daemon
    mc:
      defines: {confMAX_MESSAGE_SIZE: 52428800}
      daemon_options:
        - {name: MTA, port: smtp}
    submit:
      features:
        - {name: msp, arguments: ["[127.0.0.1]"]}
    tables:
      access:
        entries: {"From:spammer.example": REJECT}
      virtusertable:
        entries: {info@example.org: alice, "@example.org": "error:nouser 550 No such user"}
    aliases:
      entries: {root: [alice], postmaster: [root]}
    lists:
      local_host_names: {entries: [example.org]}
"""

RETURN = r"""
in_service:
  description: Whether everything of this mode runs and starts at boot.
  returned: success
  type: bool
reload_needed:
  description: Whether the change calls for a reload; where Sendmail runs it has had it.
  returned: success
  type: bool
restart_required:
  description: Whether the change calls for a restart; where Sendmail runs it has had it.
  returned: success
  type: bool
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused, workspace
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._sendmail.change import make_change
from ansible_collections.postern.mail.plugins.module_utils._sendmail.options import OPTIONS
from ansible_collections.postern.mail.plugins.module_utils._sendmail.service import in_service
from ansible_collections.postern.mail.plugins.module_utils._sendmail.wanted import configuration


def converge(module: AnsibleModule, folder: str) -> None:
    """Plan, let Sendmail judge, and apply unless this is a check."""
    wanted, problems = configuration(module.params)
    if problems:
        module.fail_json(msg=report(problems))
    change = make_change(wanted, folder)
    if change.problems:
        module.fail_json(msg=report(change.problems))
    if not change.installed and not module.check_mode:
        module.fail_json(msg="Sendmail is not installed")
    shown = change.diff()  # large files that leave can be read now only
    try:
        if not module.check_mode:
            change.apply()
    except Refused as refused:
        module.fail_json(msg=f"Sendmail took it back, the old files stand again:\n{refused}")
    module.exit_json(
        changed=change.changed,
        diff=shown,
        reload_needed=change.reload_needed,
        restart_required=change.restart_required,
        in_service=in_service(wanted.services.units),
    )


def main() -> None:
    """Read the options and converge."""
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    # Sendmail trusts nothing below a folder where everybody may write, as /var/tmp is.
    with workspace("/var/cache") as folder:
        converge(module, folder)


if __name__ == "__main__":
    main()
