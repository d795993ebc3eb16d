"""A path leads to the file and line where its value stands, as near as Ansible knows."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible_collections.postern.mail.plugins.plugin_utils import origins

TEXT = """---
mail_domain: example.org
mail_accounts:
  - name: alice
    quota: 2 gigs
    locked: true
  - {name: carol}
mail_aliases:
  info@example.net: alice
"""


@pytest.fixture
def variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "all.yml").write_text(TEXT)
    return DataLoader().load_from_file(str(tmp_path / "all.yml"))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("mail_domain", 2),
        ("mail_accounts[0].quota", 5),
        ("mail_accounts[0].locked", 6),
        ("mail_accounts[1]", 7),
        ("mail_accounts[1].password", 7),
        ('mail_aliases["info@example.net"]', 9),
    ],
)
def test_the_line_of_a_value(variables: Any, path: str, line: int) -> None:
    assert origins.origin(variables, path) == f"all.yml:{line}"


def test_what_is_nowhere_has_no_place(variables: Any) -> None:
    assert origins.origin(variables, "mail_hostname") == ""
    assert origins.origin({"plain": "value"}, "plain") == ""


def test_without_tags_there_is_no_place(variables: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origins, "Origin", None)
    assert origins.origin(variables, "mail_domain") == ""
