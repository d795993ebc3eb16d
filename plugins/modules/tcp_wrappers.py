#!/usr/bin/python
"""This collection's part of hosts.allow: thin over module_utils/_tcp_wrappers."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tcp_wrappers
short_description: Say in hosts.allow whom daemons with TCP wrappers let in
version_added: "0.1.0"
description:
  - Owns a marked part at the top of F(/etc/hosts.allow). What others have written below stays.
    F(/etc/hosts.deny) is never changed.
  - The part refuses whoever it does not name, for its own daemons alone. A line further down lets
    in nobody else, not even the one for everybody that Debian's Sendmail puts there.
  - The host itself is always let in.
  - libwrap judges a staged copy before it goes live, in check mode too, with C(tcpdmatch).
options:
  openings:
    description: Who is let in by which daemon. Without any, the part is removed.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - The name that the daemon asks for, such as V(sendmail) or that of a service of stunnel
            or Cyrus. Several openings of one daemon are taken together.
        type: str
        required: true
      sources:
        description: V(everyone), or a list of networks.
        type: raw
        required: true
      port:
        description: Its port, which libwrap does not know.
        type: int
      per_client:
        description: How many connections one address may have there, which libwrap does not count.
        type: int
  own_addresses:
    description: Addresses of this host, let in as the loopback is.
    type: list
    elements: str
    default: []
  ignored_by:
    description: Daemons of this host that don't ask libwrap. They are named in a warning.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    description: Reports what would change, after libwrap has judged it.
    support: full
  diff_mode:
    description: Shows the file.
    support: full
author:
  - The postern.mail project (@postern)
"""

EXAMPLES = r"""
- name: Let in the office alone
  postern.mail.tcp_wrappers:
    openings:
      - {name: sendmail, sources: everyone}
      - {name: imaps, sources: [10.20.0.0/16, "2001:db8::/32"]}
    ignored_by: [popa3d]
"""

RETURN = r"""
ignored_by:
  description: The daemons that don't ask libwrap. For them the firewall alone decides.
  returned: success
  type: list
  elements: str
"""

from dataclasses import replace

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused, apply
from ansible_collections.postern.mail.plugins.module_utils._core.files import read_present
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Plan, make_plan
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, report
from ansible_collections.postern.mail.plugins.module_utils._tcp_wrappers import rehearsal
from ansible_collections.postern.mail.plugins.module_utils._tcp_wrappers.model import (
    Rule,
    parse_openings,
)
from ansible_collections.postern.mail.plugins.module_utils._tcp_wrappers.render import with_part

ALLOW = "/etc/hosts.allow"
DENY = "/etc/hosts.deny"
OPENING = {
    "name": {"type": "str", "required": True},
    "sources": {"type": "raw", "required": True},
    "port": {"type": "int"},
    "per_client": {"type": "int"},
}
SPEC = {
    "openings": {"type": "list", "elements": "dict", "required": True, "options": OPENING},
    "own_addresses": {"type": "list", "elements": "str", "default": []},
    "ignored_by": {"type": "list", "elements": "str", "default": []},
}


def plan_and_judge(rules: tuple[Rule, ...]) -> tuple[Plan, list[Problem]]:
    """Compare the file with the host's, and let libwrap judge it where it can be asked."""
    present = read_present([ALLOW, DENY])
    before, deny = present[ALLOW], present[DENY]
    text = before.content.decode("utf-8", "surrogateescape") if before else ""
    content = with_part(text, rules).encode("utf-8", "surrogateescape")
    wanted = replace(before, content=content) if before else File(content) if content else None
    plan = make_plan({ALLOW: wanted}, present)
    if not plan.changed or not rules or not rehearsal.is_installed():
        return plan, []
    files = {"hosts.allow": content, "hosts.deny": deny.content if deny else b""}
    return plan, rehearsal.rehearse(rules, files)


def main() -> None:
    """Read the options, plan, let libwrap judge, and apply unless this is a check."""
    module = AnsibleModule(argument_spec=SPEC, supports_check_mode=True)
    rules, problems = parse_openings(module.params["openings"], module.params["own_addresses"])
    if not problems:
        plan, problems = plan_and_judge(rules)
    if problems:
        module.fail_json(msg=report(problems))
    ignored_by = module.params["ignored_by"]
    if rules and ignored_by and plan.changed:
        names = " and ".join(ignored_by)
        module.warn(f"{names} on this host: no TCP wrappers there, the firewall alone decides")
    if not module.check_mode:
        try:
            apply(plan)
        except Refused as refused:
            module.fail_json(msg=str(refused))
    module.exit_json(changed=plan.changed, diff=plan.diff(), ignored_by=ignored_by)


if __name__ == "__main__":
    main()
