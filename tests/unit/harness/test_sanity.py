"""Sanity without a network: the tests' programs run directly, find what is wrong, and say so."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from pathlib import Path

import pytest
from harness import sanity, sanity_direct

HEAD = '''#!/usr/bin/python
"""A module."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

'''
MODULE = (
    HEAD
    + '''DOCUMENTATION = r"""
module: thing
short_description: Do a thing
description: A thing.
author: The postern.mail project (@postern-mail)
options:
  name:
    description: Its name.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Do it
  postern.mail.thing:
    name: x
"""

RETURN = r""""""

from ansible.module_utils.basic import AnsibleModule


def main() -> None:
    """Do it."""
    AnsibleModule(argument_spec={"name": {"type": "str", "required": True}})


if __name__ == "__main__":
    main()
'''
)


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    folder = tmp_path / "ansible_collections" / "postern" / "mail"
    for name, text in {
        "plugins/modules/thing.py": MODULE,
        "meta/runtime.yml": 'requires_ansible: ">=2.19.0"\n',
        "MANIFEST.json": json.dumps({"collection_info": {"version": "0.1.0"}}),
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def files(collection: Path) -> list[str]:
    return sorted(
        str(path.relative_to(collection)) for path in collection.rglob("*") if path.is_file()
    )


def test_a_sound_collection_passes(collection: Path) -> None:
    assert sanity_direct.run(collection) == 0


def test_a_spec_that_the_documentation_contradicts_is_found(collection: Path) -> None:
    module = collection / "plugins" / "modules" / "thing.py"
    module.write_text(MODULE.replace('"required": True', '"required": False'))
    found = sanity_direct.validate_modules(collection, files(collection))
    assert any("doc-required-mismatch" in line for line in found)


@pytest.mark.parametrize(
    ("name", "text", "test"),
    [
        ("plugins/modules/thing.py", "def main(:\n", sanity_direct.compiles),
        ("plugins/modules/thing.py", "import no_such_module\n", sanity_direct.imports),
        ("plugins/modules/thing.py", "DOCUMENTATION = 'a: ['\n", sanity_direct.documented),
        ("plugins/action/lonely.py", HEAD, sanity_direct.action_plugin_docs),
        ("meta/runtime.yml", "nonsense: 1\n", sanity_direct.runtime_metadata),
        ("meta/more.yml", "a: 1\na: 2\n", sanity_direct.yamllint),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_is_broken_is_found(collection: Path, name: str, text: str, test) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    assert test(collection, files(collection)) == []
    (collection / name).parent.mkdir(exist_ok=True)
    (collection / name).write_text(text)
    assert test(collection, files(collection))


@pytest.mark.parametrize("said", sanity.NOT_INSTALLED)
def test_without_a_package_index_it_says_so_and_runs_the_programs(
    said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sanity, "official", lambda _: (0, said))
    monkeypatch.setattr(sanity_direct, "run", lambda _: 7)
    assert sanity.judge(Path("collection")) == 7
    assert "NOT run: the official" in capsys.readouterr().out


@pytest.mark.parametrize(("code", "said", "end"), [(0, "fine", 0), (1, "ERROR: x", 1)])
def test_the_official_end_counts(
    code: int, said: str, end: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sanity, "official", lambda _: (code, said))
    assert sanity.judge(Path("collection")) == end


def test_nothing_tested_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sanity, "official", lambda _: (0, "WARNING: All targets skipped."))
    assert sanity.judge(Path("collection")) == 1
