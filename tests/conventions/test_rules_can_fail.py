"""Each rule finds what it is there for: a small tree that keeps all rules, broken in one place."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from conventions import rules_modules, rules_roles, rules_sources
from conventions.test_conventions import Rule, rules

HEAD = "# What this is.\n# SPDX-License-Identifier: GPL-3.0-or-later\n"
PY = '"""What this is."""\n# SPDX-License-Identifier: GPL-3.0-or-later\n'
MODULE = (
    PY
    + 'DOCUMENTATION = """\noptions:\n  name: {type: str, required: true}\n"""\n'
    + "from ansible.module_utils.basic import AnsibleModule\n"
    + 'def main():\n    AnsibleModule(argument_spec={"name": {"type": "str", "required": True}})\n'
)
TASKS = HEAD + "- name: Do it\n  ansible.builtin.command:\n    argv: ['true']\n"
SPECS = (
    HEAD + "argument_specs:\n  main:\n    options:\n"
    "      one_size: {type: int, default: 3, description: A size.}\n"
    "      one_maps: {type: list, description: Tables.}\n"
)
GOOD = {
    "roles/one/defaults/main.yml": HEAD + 'one_size: 3\none_maps: "{{ x | postern.mail.f }}"\n',
    "roles/one/meta/argument_specs.yml": SPECS,
    "roles/one/tasks/main.yml": TASKS,
    "roles/one/README.md": "# one\n",
    "roles/two/defaults/main.yml": HEAD,
    "roles/two/meta/argument_specs.yml": HEAD + "argument_specs: {main: {options: {}}}\n",
    "roles/two/tasks/main.yml": TASKS,
    "roles/two/README.md": "# two\n",
    "meta/site_argument_specs.yml": HEAD
    + "argument_specs: {site: {options: {mail_domain: {type: str}}}}\n",
    "plugins/modules/thing.py": MODULE,
    "plugins/filter/f.py": PY + 'DOCUMENTATION = ""\nFILTERS = {"f": None}\n',
    "plugins/module_utils/_thing/model.py": PY + "def model():\n    return 1\n",
    "tests/unit/plugins/module_utils/_thing/test_model.py": PY,
    "galaxy.yml": HEAD + 'dependencies: {a.b: ">=1"}\n',
    "requirements.yml": HEAD + 'collections: [{name: a.b, version: ">=1"}]\n',
}
LONG = "".join(f"    x = {number}\n" for number in range(45))

BROKEN = [
    (rules_roles.a_role_is_complete, "roles/two/README.md", None),
    (
        rules_roles.each_default_is_described_once_with_its_value,
        "roles/one/defaults/main.yml",
        HEAD + 'one_size: 4\none_maps: "{{ x }}"\n',
    ),
    (
        rules_roles.each_default_is_described_once_with_its_value,
        "roles/two/defaults/main.yml",
        HEAD + "two_more: 1\n",
    ),
    (
        rules_roles.each_default_is_described_once_with_its_value,
        "roles/one/defaults/main.yml",
        HEAD + "one_size: 3\n",
    ),
    (
        rules_roles.a_variable_bears_its_roles_name,
        "roles/two/vars/main.yml",
        HEAD + "packages: []\n",
    ),
    (rules_roles.task_files_are_short, "roles/two/tasks/main.yml", TASKS * 20),
    (
        rules_roles.no_task_edits_lines,
        "roles/two/tasks/main.yml",
        HEAD + "- name: A\n  ansible.builtin.lineinfile: {path: /x}\n  loop: [1]\n",
    ),
    (
        rules_roles.no_task_edits_lines,
        "roles/two/handlers/main.yml",
        HEAD + "- name: A\n  block:\n    - name: B\n      ansible.builtin.set_fact: {two_a: 1}\n",
    ),
    (
        rules_roles.modules_are_named_in_full,
        "playbooks/p.yml",
        HEAD + "- name: P\n  hosts: all\n  tasks:\n    - name: A\n      command: 'true'\n",
    ),
    (
        rules_roles.no_role_reads_anothers_variables,
        "roles/two/templates/x.j2",
        HEAD + "{{ one_size }}\n",
    ),
    (
        rules_roles.only_defaults_read_the_site,
        "roles/two/tasks/main.yml",
        TASKS + "  when: mail_domain\n",
    ),
    (
        rules_roles.only_defaults_read_the_site,
        "plugins/module_utils/_thing/model.py",
        PY + 'def model(v):\n    return v["mail_domain"]\n',
    ),
    (
        rules_roles.facts_are_read_as_facts,
        "roles/two/tasks/main.yml",
        TASKS + "  when: ansible_hostname == 'x'\n",
    ),
    (rules_sources.a_source_says_its_purpose_and_licence, "playbooks/p.yml", "- hosts: all\n"),
    (
        rules_sources.a_source_says_its_purpose_and_licence,
        "tests/unit/plugins/module_utils/_thing/test_model.py",
        "# SPDX-License-Identifier: GPL-3.0-or-later\n",
    ),
    (
        rules_sources.files_and_functions_are_short,
        "plugins/module_utils/_thing/model.py",
        PY + "def model():\n" + LONG,
    ),
    (rules_sources.files_and_functions_are_short, "lab", "echo\n" * 400),
    (
        rules_sources.nothing_is_at_home_on_one_machine_only,
        "playbooks/p.yml",
        HEAD + "image: docker.io/x\n",
    ),
    (rules_sources.nothing_is_at_home_on_one_machine_only, "uv.lock", "x\n"),
    (
        rules_sources.tests_mirror_plugins,
        "tests/unit/plugins/module_utils/_thing/test_model.py",
        None,
    ),
    (rules_sources.tests_mirror_plugins, "tests/unit/plugins/filter/test_gone.py", PY),
    (rules_sources.a_filter_is_alone_and_documented, "plugins/filter/g.py", PY),
    (rules_sources.ranges_agree, "requirements.yml", HEAD + "collections: []\n"),
    (
        rules_sources.utilities_import_no_ansible,
        "plugins/module_utils/_thing/model.py",
        PY + "from ansible.module_utils.basic import AnsibleModule\n",
    ),
    (
        rules_modules.module_options_are_documented,
        "plugins/modules/thing.py",
        MODULE.replace("type: str, required: true", "type: int"),
    ),
]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    for name, text in GOOD.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_a_good_tree_keeps_all_rules(good: Path) -> None:
    assert [problem for rule in rules() for problem in rule(good)] == []


def test_every_rule_has_been_seen_to_fail() -> None:
    assert {rule.__name__ for rule in rules()} == {rule.__name__ for rule, _, _ in BROKEN}


@pytest.mark.parametrize(("rule", "name", "text"), BROKEN, ids=lambda value: str(value)[:40])
def test_a_broken_tree_is_found(good: Path, rule: Rule, name: str, text: str | None) -> None:
    path = good / name
    if text is None:
        path.unlink()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert rule(good)
