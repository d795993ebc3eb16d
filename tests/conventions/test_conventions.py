"""The checkout keeps every rule."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import pytest
from conventions import rules_modules, rules_roles, rules_sources, tree
from harness import tarball

ROOT = Path(__file__).resolve().parents[2]


Rule = Callable[[Path], list[str]]


def rules() -> list[Rule]:
    return [
        function
        for module in (rules_roles, rules_sources, rules_modules)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__module__ == module.__name__
    ]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.__name__)
def test_the_project_keeps(rule: Rule) -> None:
    found = rule(ROOT)
    assert not found, "\n" + "\n".join(found)


def test_the_checkout_is_the_collection() -> None:
    link = ROOT / "collections" / "ansible_collections" / "postern" / "mail"
    assert link.is_symlink()
    assert not link.readlink().is_absolute()
    assert link.resolve() == ROOT


def test_the_site_check_knows_what_the_next_play_joins() -> None:
    (check,) = tree.load(ROOT / "playbooks" / "check.yml")
    joined = check["tasks"][0]["postern.mail.site_check"]["joined"]
    _check, converge = tree.load(ROOT / "site.yml")
    names = {*converge["vars"], *tree.load(ROOT / "playbooks" / "vars" / "joined.yml")}
    roles = tuple(f"{role.name}_" for role in tree.roles(ROOT))
    assert joined == sorted(name for name in names if name.startswith(roles))


def test_a_tarball_with_what_stays_at_home_is_refused() -> None:
    fine = [*tarball.MUST, "plugins/modules/postfix.py", "roles/postfix/tasks/main.yml"]
    assert tarball.wrong(fine) == []
    for stray in (
        "inventories/lab/hosts.yml",
        "tests/run.py",
        "lab",
        ".lab/ssh/key",
        "playbooks/lab/create.yml",
        "group_vars/all.yml",
        "roles/x/files/ca.key",
    ):
        assert tarball.wrong([*fine, stray]) == [f"{stray}: must not be published"]
    assert tarball.wrong([name for name in fine if name != "README.md"]) == ["README.md: missing"]
