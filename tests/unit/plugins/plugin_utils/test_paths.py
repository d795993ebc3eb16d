"""Relative paths start in the inventory's folder, whatever part of the model they stand in."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.plugin_utils.paths import (
    absolute_paths,
    inventory_folder,
)
from ansible_collections.postern.mail.plugins.plugin_utils.specs import site_options
from ansible_collections.postern.mail.tests.unit.site_models import good


def test_every_path_of_the_model_is_made_absolute_and_nothing_else() -> None:
    access = {"kind": "client", "path": "lists/bad.txt", "action": "reject", "text": "a/b"}
    branch = {"name": "branch.example", "host": "mail.branch.example"}
    raw = good(
        mail_alias_files=["lists/aliases.txt", "/srv/aliases"],
        mail_access_files=[access],
        mail_relay_domains=[{**branch, "recipients_file": "../b.txt"}, branch],
        mail_tls={"source": "files", "certificate": "tls/mail.crt", "key": "/srv/mail.key"},
    )
    found = absolute_paths(site_options(), raw, Path("/inventory"))
    changed = {name: found[name] for name in found if found[name] != raw[name]}
    assert changed == {
        "mail_alias_files": ["/inventory/lists/aliases.txt", "/srv/aliases"],
        "mail_access_files": [{**access, "path": "/inventory/lists/bad.txt"}],
        "mail_relay_domains": [
            {**branch, "recipients_file": "/inventory/../b.txt"},
            branch,
        ],
        "mail_tls": {
            "source": "files",
            "certificate": "/inventory/tls/mail.crt",
            "key": "/srv/mail.key",
        },
    }


def test_the_home_of_the_user_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    raw = {"mail_alias_files": ["~/aliases", "~nobody-has-this-name/aliases", ""]}
    assert absolute_paths(site_options(), raw, Path("/inventory")) == {
        "mail_alias_files": [
            f"{tmp_path}/aliases",
            "/inventory/~nobody-has-this-name/aliases",
            "",
        ]
    }


def test_a_host_without_an_inventory_file_counts_from_the_playbook() -> None:
    assert inventory_folder({"inventory_dir": "/a", "playbook_dir": "/b"}) == Path("/a")
    assert inventory_folder({"inventory_dir": None, "playbook_dir": "/b"}) == Path("/b")
    assert inventory_folder({}) == Path.cwd()
