"""The example inventories hold, and tell what is missing until somebody gives them passwords."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = sorted(path.name for path in (ROOT / "inventories").glob("example-*"))
PLAYBOOK = """
- name: Check the site
  hosts: mail_hosts
  gather_facts: false
  tasks:
    - name: Check the model of every host
      postern.mail.site_check:
"""


def checked(inventory: Path) -> subprocess.CompletedProcess[str]:
    playbook = inventory.parent / "check.yml"
    playbook.write_text(PLAYBOOK)
    return subprocess.run(
        [str(Path(sys.executable).parent / "ansible-playbook"), "-v", "-i", inventory, playbook],
        cwd=inventory.parent,
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(params=EXAMPLES)
def example(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "inventories" / request.param, tmp_path / request.param))


def test_an_example_holds_with_the_passwords_of_its_vault(example: Path) -> None:
    for vault in example.rglob("vault.yml.example"):
        vault.rename(vault.with_suffix(""))
    done = checked(example)
    assert "holds." in done.stdout
    assert "WARNING" not in done.stderr
    assert done.returncode == 0


def test_an_example_without_its_vault_names_every_password_that_is_missing(example: Path) -> None:
    done = checked(example)
    needed = (example / "group_vars/mail_hosts/vault.yml.example").read_text().splitlines()
    names = [line.partition(":")[0] for line in needed if line.startswith("vault_")]
    for name in names:
        assert f"can't be read: '{name}' is undefined" in " ".join(done.stdout.split())
    assert done.returncode != 0


def test_no_example_holds_a_real_secret() -> None:
    for path in (ROOT / "inventories").glob("example-*/**/*"):
        text = path.read_text() if path.is_file() else ""
        secrets = [line for line in text.splitlines() if "_password: " in line]
        assert all("_password: not-a-real-password" in line for line in secrets)
