#!/usr/bin/python
"""The firewall of a mail host, put on trial before it stays: thin over module_utils/_firewall."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: firewall
short_description: Let in what a mail host offers, and nothing else
version_added: "0.1.0"
description:
  - Owns the nftables table C(inet postern), its file F(/etc/postern/firewall.nft) and the unit
    C(postern-firewall.service) that loads it at boot. Tables of others are never touched, nor
    is F(/etc/nftables.conf).
  - Whatever no opening names is dropped. Established connections outlive every change.
  - SSH and the controller's own way in are kept.
  - The table is replaced in one transaction. New rules are on trial until the controller has
    made a new connection and confirmed them; without that, the host takes them back by itself
    after O(rollback_seconds). The file that a boot reads is written only after that, so a host
    that dies in the middle comes back with its old rules, complete.
  - A live table that was changed or flushed by hand is noticed and mended.
options:
  state:
    description: Whether the host has this firewall; V(absent) removes table, unit and files.
    type: str
    choices: [present, absent]
    default: present
  openings:
    description:
      - What may be reached.
      - Keys of an entry are C(name) (a letter, then letters, digits, hyphens or underscores),
        C(port), C(protocol) (C(tcp), the default, or C(udp)), C(sources) (C(everyone), the
        default, or a list of networks) and C(per_client) (how many connections one client, an
        address or over IPv6 a network of 64 bits, may have there at a time; 0, the default, is no
        limit).
    type: list
    elements: dict
    default: []
  extra_openings:
    description: More of the same; names must differ from those in O(openings).
    type: list
    elements: dict
    default: []
  ssh_ports:
    description: Ports of the host's SSH server.
    type: list
    elements: raw
    default: [22]
  ssh_sources:
    description: Who may reach O(ssh_ports), V(everyone) or a list of networks.
    type: raw
    default: everyone
  extra_rules:
    description: Statements of nft, one a line, that come before all openings in the input chain.
    type: list
    elements: raw
    default: []
  ping:
    description: Whether echo requests are answered, up to 20 a second.
    type: bool
    default: true
  log_drops:
    description: Whether dropped packets are logged, up to 10 a minute.
    type: bool
    default: false
  forwarded:
    description:
      - What becomes of packets that the host passes on to others, such as its containers.
      - V(leave) has no rule for them, V(drop) drops them.
    type: str
    choices: [leave, drop]
    default: leave
  rollback_seconds:
    description: How long new rules wait for their confirmation.
    type: int
    default: 30
  confirm:
    description: How the action plugin of the same name confirms rules on trial; not for you.
    type: dict
    suboptions:
      token:
        description: The word that the trial began with.
        type: str
        required: true
      client:
        description: The controller's address as the trial saw it.
        type: str
      port:
        description: The port by which the controller came in.
        type: int
attributes:
  check_mode:
    description: Reports what would change, and lets nft check the rules.
    support: full
  diff_mode:
    description: Shows the files, and the live table where it differs from them.
    support: full
author:
  - The postern.mail project (@postern)
"""

EXAMPLES = r"""
- name: Let in mail, and Munin from the office
  postern.mail.firewall:
    openings:
      - {name: smtp, port: 25}
      - {name: submission, port: 587}
      - {name: munin, port: 4949, sources: [192.0.2.0/24, "2001:db8::/48"]}
    ssh_sources: [192.0.2.0/24]

- name: Do without this firewall
  postern.mail.firewall:
    state: absent
"""

RETURN = r"""
verdict:
  description: How the trial of new rules ended.
  type: str
  returned: when rules were on trial
  sample: kept
"""

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, report
from ansible_collections.postern.mail.plugins.module_utils._firewall import host, trial
from ansible_collections.postern.mail.plugins.module_utils._firewall.checks import (
    controller_warnings,
    read_firewall,
    read_peer,
    with_controller,
)
from ansible_collections.postern.mail.plugins.module_utils._firewall.model import Firewall
from ansible_collections.postern.mail.plugins.module_utils._firewall.render import (
    RULES_PATH,
    render_files,
)
from ansible_collections.postern.mail.plugins.module_utils._firewall.steps import (
    make_removal,
    make_steps,
)

OPTIONS = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "openings": {"type": "list", "elements": "dict", "default": []},
    "extra_openings": {"type": "list", "elements": "dict", "default": []},
    "ssh_ports": {"type": "list", "elements": "raw", "default": [22]},
    "ssh_sources": {"type": "raw", "default": "everyone"},
    "extra_rules": {"type": "list", "elements": "raw", "default": []},
    "ping": {"type": "bool", "default": True},
    "log_drops": {"type": "bool", "default": False},
    "forwarded": {"type": "str", "choices": ["leave", "drop"], "default": "leave"},
    "rollback_seconds": {"type": "int", "default": 30},
    "confirm": {
        "type": "dict",
        "options": {
            "token": {"type": "str", "required": True, "no_log": False},
            "client": {"type": "str"},
            "port": {"type": "int"},
        },
    },
}


def main() -> None:
    """Read the options, then converge, confirm or remove."""
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    params = module.params
    firewall, problems = read_firewall(params)
    if not 10 <= params["rollback_seconds"] <= 55:
        what = f"{params['rollback_seconds']} seconds are no time for a trial"
        problems.append(Problem("firewall_rollback_seconds", what, "from 10 to 55"))
    if problems:
        module.fail_json(msg=report(problems))
    try:
        if params["state"] == "absent":
            result = _remove(module.check_mode)
        elif params["confirm"]:
            result = _confirm(firewall, params["confirm"])
        else:
            result = _converge(module, firewall)
    except Refused as refused:
        module.fail_json(msg=str(refused))
    module.exit_json(**result)


def _converge(module: AnsibleModule, firewall: Firewall) -> dict[str, Any]:
    """Plan; then put rules on trial where the live table differs, else only mend the files."""
    peer = host.find_controller()
    firewall = with_controller(firewall, peer)
    for text in controller_warnings(firewall):
        module.warn(text)
    wanted, rules = _files(firewall)
    if not module.check_mode:
        trial.outlast()
    present = host.read_host()
    steps = make_steps(rules, wanted, present)
    result: dict[str, Any] = {"changed": steps.changed, "diff": steps.diff()}
    if steps.load:
        host.check(rules)
    if module.check_mode or not steps.changed:
        return result
    if not steps.load:
        host.install(wanted, rules, present.listing)
        return result
    token = trial.begin(rules, present.listing, module.params["rollback_seconds"])
    result["trial"] = {
        "token": token,
        "client": str(peer.address) if peer else None,
        "port": peer.port if peer else None,
    }
    return result


def _confirm(firewall: Firewall, confirm: Mapping[str, Any]) -> dict[str, Any]:
    """End the trial; rules that stayed become those of every boot."""
    peer = read_peer(confirm["client"] or "", str(confirm["port"]))
    wanted, rules = _files(with_controller(firewall, peer))
    verdict = trial.settle(confirm["token"])
    if verdict.outcome == trial.KEPT:
        host.install(wanted, rules, verdict.previous)
    return {
        "changed": verdict.outcome == trial.KEPT,
        "verdict": verdict.outcome,
        "restored": verdict.restored,
    }


def _remove(check_mode: bool) -> dict[str, Any]:
    """Take away what is there."""
    if not check_mode:
        trial.outlast()
    present = host.read_host()
    steps = make_removal(dict.fromkeys(host.OWNED), present)
    if steps.changed and not check_mode:
        host.remove(present)
    return {"changed": steps.changed, "diff": steps.diff()}


def _files(firewall: Firewall) -> tuple[dict[str, File | None], str]:
    files = render_files(firewall)
    return {**files}, files[RULES_PATH].content.decode()


if __name__ == "__main__":
    main()
