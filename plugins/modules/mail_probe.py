#!/usr/bin/python
"""Module mail_probe: hold mail dialogues with a server from outside and say what came of them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mail_probe
short_description: Prove from outside what a mail server does
version_added: 0.1.0
author: The postern.mail project (@postern-mail)
description:
  - Speaks SMTP, IMAP, POP3 and TLS with a server, as its users and as strangers would, and returns
    for every promise whether the server keeps it, with what was said.
  - Runs on any host that can reach the server, the controller included, and needs only Python's own
    library. Looking up an MX wants dnspython on that host.
  - Never fails because of the network or of a broken promise. Look at RV(broken) and RV(results).
  - A test message is marked by a unique Message-ID, looked for, and removed again. One that cannot
    be removed, because nobody should log in where a certificate is not trusted, is removed by the
    next probe that is held more than an hour later.
  - Relaying is tried up to the recipient's refusal; no content is ever sent to strangers.
  - Logins without TLS and with a wrong password use invented passwords.
options:
  server:
    description: Name of the server, as its users write it. Certificates are checked against it.
    type: str
    required: true
  address:
    description: Where to connect, when not to what O(server) resolves to.
    type: str
  ports:
    description: Other ports than the usual ones, by service.
    type: dict
    default: {}
  ca_file:
    description: File on the probing host with the certificates to trust instead of the system's.
    type: path
  ca_certificates:
    description: Certificates to trust instead of the system's, as PEM text.
    type: str
  helo:
    description: Name with which the probe greets. Default is the probing host's own full name.
    type: str
  timeout_seconds:
    description: How long to wait for each answer.
    type: float
    default: 15.0
  at_once:
    description: How many dialogues are held side by side.
    type: int
    default: 6
  seen_from:
    description: Name of the place that is probed from, for the reports.
    type: str
    default: ""
  account:
    description: Account that logs in, fetches and sends.
    type: dict
    suboptions:
      login:
        description: Login name.
        type: str
        required: true
      password:
        description: Password.
        type: str
        required: true
  promises:
    description: What shall hold, and how to try it.
    type: list
    elements: dict
    required: true
    suboptions:
      promise:
        description:
          - V(arrival) - a message sent before with O(promises[].token) arrived, and is removed.
          - V(banner) - greetings name neither a version nor an operating system.
          - V(certificate) - certificates bear O(promises[].names), verify, and last
            O(promises[].days_left).
          - V(delivery) - a message for O(promises[].recipient) is accepted on port 25, fetched in
            each of O(promises[].mailboxes), and removed again.
          - V(elsewhere) - the probe doesn't run on the server itself, where it proves little.
          - V(forging_refused) - the account cannot write as O(promises[].sender).
          - V(local_delivery) - the probing host's own sendmail command takes mail for its user
            O(promises[].recipient), which is found in O(promises[].mailboxes), and removed again.
          - V(login) - the account logs in with the certificate verified.
          - V(mx) - the MX of O(promises[].domain) is the server.
          - V(no_listener) - no program of the probing host itself listens on the
            O(promises[].closed) ports, but to the networks of O(promises[].openings).
          - V(old_tls_refused) - TLS older than 1.2 is refused.
          - V(plaintext_login_refused) - no password is asked for or taken without TLS.
          - V(ports) - declared O(promises[].openings) answer and O(promises[].closed) ports don't.
          - V(recipient_accepted) - O(promises[].recipient) exists; nothing is sent.
          - V(relay_refused) - mail to O(promises[].recipient) elsewhere is refused in every form.
          - V(starttls) - STARTTLS is offered, works, and forgets what was said before.
          - V(submit) - a message to O(promises[].recipient) elsewhere is accepted, and found in
            O(promises[].mailboxes) when given, and removed again.
          - V(unknown_recipient_refused) - an invented recipient in O(promises[].domain) is refused
            at once.
          - V(verbs_off) - VRFY and EXPN don't tell who exists.
          - V(wrong_password_refused) - a wrong password is refused.
        type: str
        required: true
        choices:
          - arrival
          - banner
          - certificate
          - delivery
          - elsewhere
          - forging_refused
          - local_delivery
          - login
          - mx
          - no_listener
          - old_tls_refused
          - plaintext_login_refused
          - ports
          - recipient_accepted
          - relay_refused
          - starttls
          - submit
          - unknown_recipient_refused
          - verbs_off
          - wrong_password_refused
      services:
        description: Services to try it with. V(sendmail) is the probing host's own command.
        type: list
        elements: str
        choices: [smtp, submission, submissions, imap, imaps, pop3, pop3s, sieve, sendmail]
      names:
        description: Names that the certificate must bear. Default is O(server).
        type: list
        elements: str
      days_left:
        description: How many days a certificate must still be valid.
        type: int
        default: 14
      domain:
        description: A domain of the site. For V(relay_refused) one without a catch-all.
        type: str
      recipient:
        description: Address that the message, or the attempt, is for.
        type: str
      sender:
        description: Envelope sender. Empty is the null sender.
        type: str
        default: ""
      forms:
        description: Forms of the relay attempt. Default is all of them.
        type: list
        elements: str
        choices: [plain, empty_sender, forged_sender, percent, source_route, bang, quoted, nested]
      by_mx:
        description: Send to the MX of O(promises[].domain) instead of to O(server).
        type: bool
        default: false
      authenticate:
        description: Whether V(submit) logs in as O(account).
        type: bool
        default: true
      wait_seconds:
        description: How long to wait for a message to arrive.
        type: float
        default: 60.0
      token:
        description: Unique part of the Message-ID. Default is an own one for each message.
        type: str
      as_user:
        description:
          - User of the probing host who runs the sendmail command. Only root can do that; without
            it the command is run by whom Ansible logs in as.
        type: str
        default: ""
      mailboxes:
        description: Where the message is looked for, and removed once from each.
        type: list
        elements: dict
        suboptions:
          service:
            description:
              - How it is reached. V(maildir) is a folder on the probing host, V(mbox) a file.
            type: str
            required: true
            choices: [imap, imaps, pop3, pop3s, maildir, mbox]
          server:
            description: Server of this mailbox. Default is O(server), with its CA.
            type: str
          address:
            description: Where to connect.
            type: str
          port:
            description: Another port than the usual one.
            type: int
          login:
            description: Login name. Default is O(account).
            type: str
          password:
            description: Password of this login.
            type: str
          path:
            description: Folder of a Maildir, or file of an mbox.
            type: path
          ca_file:
            description: File on the probing host with the certificates to trust for another server.
            type: path
          ca_certificates:
            description: Certificates to trust for another server, as PEM text.
            type: str
      openings:
        description: Ports that shall answer.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the opening.
            type: str
            required: true
          port:
            description: Port number.
            type: int
            required: true
          sources:
            description:
              - Networks that may reach it, or V(everyone). Judged by the probe's own address.
            type: raw
            default: everyone
      closed:
        description:
          - Ports or ranges that shall not answer; V(well_known) and V(all) are sets of them.
        type: list
        elements: str
        default: [well_known]
      ignored:
        description: Ports or ranges about which nothing is said, such as the one of SSH.
        type: list
        elements: str
        default: []
attributes:
  check_mode:
    description: Can run in check mode.
    details: Whatever sends a message is skipped and says so; the other dialogues are held.
    support: partial
  diff_mode:
    description: Nothing is changed, so there is nothing to show.
    support: none
"""

EXAMPLES = r"""
- name: Prove that mail flows and that strangers cannot relay
  postern.mail.mail_probe:
    server: mail.example.org
    ca_file: /etc/ssl/certs/ca-certificates.crt
    account:
      login: alice@example.org
      password: "{{ vault_alice }}"
    promises:
      - promise: delivery
        recipient: alice@example.org
        sender: bob@example.com
        mailboxes:
          - service: imaps
          - service: pop3s
      - promise: relay_refused
        services: [smtp, submission]
        domain: example.org
        recipient: bob@example.com
      - promise: certificate
        services: [smtp, submission, submissions, imaps, pop3s]
        days_left: 21
  delegate_to: outside
  register: probe

- name: Stop when a promise is broken
  ansible.builtin.assert:
    that: probe.broken | length == 0
    fail_msg: "{{ probe | postern.mail.probe_table }}"
"""

RETURN = r"""
results:
  description: What came of every promise, in their order.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Short name of the check.
      type: str
      sample: relay_refused:smtp:percent
    promise:
      description: The promise in a sentence.
      type: str
    server:
      description: The server it is about.
      type: str
    state:
      description: V(kept), V(broken) or V(skipped).
      type: str
    ok:
      description: Whether the promise was kept.
      type: bool
    detail:
      description: Why.
      type: str
    seconds:
      description: How long the dialogue took.
      type: float
    evidence:
      description: What was said, a line each, secrets masked.
      type: list
      elements: str
    facts:
      description: Figures, such as the days that a certificate has left.
      type: dict
    seen_from:
      description: Where it was seen from.
      type: str
broken:
  description: Names of the promises that were broken.
  returned: always
  type: list
  elements: str
summary:
  description: How many promises were kept, broken and skipped.
  returned: always
  type: dict
  sample: {kept: 41, broken: 0, skipped: 1}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._probe.arguments import ARGUMENTS
from ansible_collections.postern.mail.plugins.module_utils._probe.request import (
    read_promises,
    read_target,
    secrets_of,
)
from ansible_collections.postern.mail.plugins.module_utils._probe.run import (
    Manner,
    broken_names,
    counts,
    probe,
)


def main() -> None:
    """Read the arguments, hold the dialogues, return the results."""
    # no_log: the log of invocations mangles a nested secret with an @ in it, and shows its tail.
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True, no_log=True)
    target = read_target(module.params)
    promises, problems = read_promises(module.params, target)
    if problems:
        module.fail_json(msg=report(problems))
    manner = Manner(
        secrets=secrets_of(promises, module.params),
        may_send=not module.check_mode,
        at_once=module.params["at_once"],
        seen_from=module.params["seen_from"],
    )
    results = probe(promises, target, manner)
    module.exit_json(
        changed=False,
        results=[result.as_dict() for result in results],
        broken=broken_names(results),
        summary=counts(results),
    )


if __name__ == "__main__":
    main()
