"""Rules for roles: complete, described, short, and strangers to each other."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible.playbook.handler import Handler as Task
from conventions import tree

PARTS = ("defaults/main.yml", "meta/argument_specs.yml", "tasks/main.yml", "README.md")
TASK_LINES = 40
LINE_EDITORS = ("lineinfile", "blockinfile", "replace", "ini_file")
CODE_FOLDERS = ("defaults", "handlers", "tasks", "templates", "vars")
KEYWORDS = frozenset(Task.fattributes) | {"action", "local_action", "loop_control"}


def a_role_is_complete(root: Path) -> list[str]:
    """Each role has defaults, argument specs, tasks and a README."""
    return [
        f"roles/{role.name}: has no {part}"
        for role in tree.roles(root)
        for part in PARTS
        if not (role / part).is_file()
    ]


def each_default_is_described_once_with_its_value(root: Path) -> list[str]:
    """Defaults and argument specs name the same variables, and the same literal values."""
    found = []
    for role in tree.roles(root):
        defaults = tree.load(role / "defaults" / "main.yml") or {}
        options = _options(role)
        where = f"roles/{role.name}"
        found += [f"{where}: {name} is not described" for name in sorted({*defaults} - {*options})]
        for name, option in options.items():
            found += [f"{where}: {name} {wrong}" for wrong in _disagreement(name, option, defaults)]
    return found


def a_variable_bears_its_roles_name(root: Path) -> list[str]:
    """Defaults and vars of a role begin with the role's name."""
    return [
        f"roles/{role.name}/{folder}: {name} does not begin with {role.name}_"
        for role in tree.roles(root)
        for folder in ("defaults", "vars")
        for path in sorted((role / folder).glob("*.yml"))
        for name in tree.load(path) or {}
        if not str(name).startswith(f"{role.name}_")
    ]


def task_files_are_short(root: Path) -> list[str]:
    """A role's task file has fewer than 40 lines besides comments and blank ones."""
    found = []
    for name, text in tree.texts(root, "roles/*/tasks/*.yml"):
        lines = [line for line in text.splitlines() if line.strip() and line.strip() != "---"]
        count = sum(not line.lstrip().startswith("#") for line in lines)
        if count >= TASK_LINES:
            found.append(f"{name}: {count} lines of tasks")
    return found


def no_task_edits_lines(root: Path) -> list[str]:
    """No role changes a file line by line, and none keeps state in facts."""
    found = []
    for name, task in tree.tasks(root):
        if not name.startswith("roles/"):
            continue
        module = _module(task).rpartition(".")[2]
        looped = any(key == "loop" or key.startswith("with_") for key in task)
        if module in LINE_EDITORS and looped:
            found.append(f"{name}: {task.get('name')} loops over lines of a file")
        if module == "set_fact":
            found.append(f"{name}: {task.get('name')} keeps state in a fact")
        if "become" in task:
            found.append(f"{name}: {task.get('name')} becomes; that stands at the play")
    return found


def modules_are_named_in_full(root: Path) -> list[str]:
    """Tasks name modules by namespace, collection and name."""
    return [
        f"{name}: {task.get('name')} says {_module(task)!r}"
        for name, task in tree.tasks(root)
        if _module(task).count(".") != 2
    ]


def no_role_reads_anothers_variables(root: Path) -> list[str]:
    """Only a playbook joins roles."""
    names = [role.name for role in tree.roles(root)]
    found = []
    for role in names:
        others = [re.escape(name) for name in names if name != role]
        if not others:
            continue
        foreign = re.compile(rf"(?<![\w.\-/])(?:{'|'.join(others)})_\w+")
        for name, text in _code(root, role):
            found += [f"{name}: reads {match}" for match in sorted({*foreign.findall(text)})]
    return found


def only_defaults_read_the_site(root: Path) -> list[str]:
    """In a role, mail_* stands in defaults alone; in plugins, where the site model lives."""
    specs = tree.load(root / "meta" / "site_argument_specs.yml") or {}
    known = ((specs.get("argument_specs") or {}).get("site") or {}).get("options") or {}
    if not known:
        return ["meta/site_argument_specs.yml: describes no mail_* variable"]
    site = re.compile(rf"\b(?:{'|'.join(map(re.escape, known))})\b")
    found = []
    for role in tree.roles(root):
        for name, text in _code(root, role.name):
            if "/defaults/" not in name:
                found += [f"{name}: reads {match}" for match in sorted({*site.findall(text)})]
    for name, text in tree.texts(root, "plugins/*.py"):
        if not _may_know_the_site(name):
            read = {match for word in tree.words(text) for match in site.findall(word)}
            found += [f"{name}: reads {match}" for match in sorted(read)]
    return found


def facts_are_read_as_facts(root: Path) -> list[str]:
    """Facts come from ansible_facts; they are not injected as variables."""
    injected = re.compile(
        r"\bansible_(?:distribution\w*|hostname|fqdn|default_ipv[46]|os_family|architecture|all_ip\w*)\b"
    )
    return [
        f"{name}: {match}"
        for folder in CODE_FOLDERS
        for name, text in tree.texts(root, f"roles/*/{folder}/*")
        for match in sorted({*injected.findall(text)})
    ]


def _options(role: Path) -> Mapping[str, Any]:
    specs = (tree.load(role / "meta" / "argument_specs.yml") or {}).get("argument_specs") or {}
    return (specs.get("main") or {}).get("options") or {}


def _disagreement(
    name: str, option: Mapping[str, Any], defaults: Mapping[str, Any]
) -> Iterator[str]:
    if not option.get("description"):
        yield "has no description"
    if name not in defaults:
        if not option.get("required"):
            yield "has neither a default in defaults/main.yml nor `required: true`"
        return
    value = defaults[name]
    if option.get("required"):
        yield "is required and has a default"
    elif "{{" in str(value) or "{%" in str(value):
        if "default" in option:
            yield "has a literal default in argument_specs, but an expression in defaults"
    elif value is not None and "default" not in option:
        yield f"has the default {value!r}, which argument_specs does not say"
    elif option.get("default") != value or isinstance(value, bool) != isinstance(
        option.get("default"), bool
    ):
        yield f"has the default {value!r}, but argument_specs says {option.get('default')!r}"


def _module(task: Mapping[str, Any]) -> str:
    modules = [key for key in task if key not in KEYWORDS and not key.startswith("with_")]
    return modules[0] if modules else ""


def _code(root: Path, role: str) -> Iterator[tuple[str, str]]:
    """Yield a role's files that are evaluated, comments left out."""
    for folder in CODE_FOLDERS:
        for name, text in tree.texts(root, f"roles/{role}/{folder}/*"):
            yield name, re.sub(r"(?m)(^|\s)#.*$", "", text)


def _may_know_the_site(name: str) -> bool:
    allowed = ("module_utils/_site/", "plugin_utils/", "filter/", "lookup/", "action/")
    return name.startswith(tuple(f"plugins/{folder}" for folder in allowed))
