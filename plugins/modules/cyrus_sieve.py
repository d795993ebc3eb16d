#!/usr/bin/python
"""Give people their Sieve scripts: the site's for who has none, and those of the inventory."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cyrus_sieve
short_description: Give people their Sieve scripts in Cyrus
description:
  - One script of the site holds for all people who have none of their own. Persons whose script
    stands in the inventory have that one, whatever they upload.
  - What people upload over ManageSieve is never overwritten. Who has uploaded a script is left
    alone, unless O(scripts) names the person.
  - The host's own Cyrus compiles each script first, in check mode too. One that it refuses changes
    nothing, and the task fails in Cyrus' words.
version_added: 0.1.0
author:
  - postern.mail contributors (@postern-mail)
options:
  people:
    description: Everybody who has a mailbox.
    type: list
    elements: str
    required: true
  site_script:
    description: The script of people who have none; an empty one is none.
    type: str
    default: ""
  scripts:
    description: Scripts of persons, by login.
    type: dict
    default: {}
  directory:
    description: The folder where Cyrus keeps scripts, its C(sievedir).
    type: path
    default: /var/spool/sieve
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
    details:
      - Before Cyrus is installed nothing is compiled.
      - A person without a mailbox counts as one who gets it in the same run.
  diff_mode:
    support: full
  platform:
    support: full
    platforms: debian
"""

EXAMPLES = r"""
- name: Give people their scripts
  postern.mail.cyrus_sieve:
    people: [alice@example.org, carol@example.org]
    site_script: |
      require ["fileinto", "mailbox", "special-use"];
      if header :is "X-Spam-Flag" "YES" { fileinto :specialuse "\\Junk" "Junk"; }
    scripts:
      carol@example.org: "{{ lookup('ansible.builtin.file', 'sieve/carol.sieve') }}"
"""

RETURN = r""" # """

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.apply import apply
from ansible_collections.postern.mail.plugins.module_utils._core.files import read_present
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Plan, make_plan
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._cyrus.scripts import (
    Person,
    Scripts,
    diff,
    parse_scripts,
    plan_links,
    wanted_files,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.sieve import (
    COMPILER,
    as_cyrus,
    compile_all,
    own_folder,
    present_files,
    present_people,
    swing,
)

SPEC = {
    "people": {"type": "list", "elements": "str", "required": True},
    "site_script": {"type": "str", "default": ""},
    "scripts": {"type": "dict", "default": {}},
    "directory": {"type": "path", "default": "/var/spool/sieve"},
}


def compiled_by_cyrus(module: AnsibleModule, scripts: Scripts) -> dict[str, bytes]:
    """Return the compiled scripts; the module ends here when Cyrus refuses one."""
    if module.check_mode and not Path(COMPILER).exists():
        return dict.fromkeys(scripts.texts, b"")
    compiled, refused = compile_all(scripts.texts)
    if refused:
        module.fail_json(msg=report(refused))
    return compiled


def shown(plan: Plan) -> list[dict[str, str]]:
    """Return the diff of the scripts; nobody reads what is compiled."""
    return Plan(tuple(one for one in plan.changes if one.path.endswith(".script"))).diff()


def main() -> None:
    """Parse, compile, plan, apply."""
    module = AnsibleModule(argument_spec=SPEC, supports_check_mode=True)
    scripts, problems = parse_scripts(module.params)
    if problems:
        module.fail_json(msg=report(problems))
    directory = module.params["directory"]
    compiled = compiled_by_cyrus(module, scripts)
    wanted = wanted_files(scripts, compiled, present_files(directory), directory)
    plan = make_plan(wanted, read_present(wanted))
    people = present_people(scripts.people)
    if module.check_mode:  # a mailbox that a run would make first gets its script in the same run
        people = {name: people.get(name, Person(f"{directory}/{name}")) for name in scripts.people}
    links = plan_links(scripts, people, directory)
    if not module.check_mode and (plan.changed or links):
        with as_cyrus():
            own_folder(directory)
            apply(plan, lambda: swing(links))
    module.exit_json(
        changed=plan.changed or bool(links),
        diff=shown(plan) + ([diff(links, people)] if links else []),
    )


if __name__ == "__main__":
    main()
