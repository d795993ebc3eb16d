"""Behaviour of the callback that loads plugins before the workers fork."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  tasks:
    - debug: msg=words
"""
# Says which filters are there when the play begins, before any worker is.
LOOK = """
import sys
from ansible.plugins.callback import CallbackBase
DOCUMENTATION = "name: look\\ntype: aggregate\\nshort_description: looks\\ndescription: looks\\n"

class CallbackModule(CallbackBase):
    CALLBACK_VERSION, CALLBACK_TYPE, CALLBACK_NAME = 2.0, "aggregate", "look"

    def v2_playbook_on_play_start(self, play):
        print(sorted(name for name in sys.modules if ".mail.plugins." in name))
"""


@pytest.mark.parametrize("enabled", [True, False])
def test_the_main_process_has_the_plugins_before_the_first_task(
    tmp_path: Path, enabled: bool
) -> None:
    (tmp_path / "play.yml").write_text(PLAYBOOK, encoding="utf-8")
    (tmp_path / "look.py").write_text(LOOK, encoding="utf-8")
    env = {
        **os.environ,
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_CALLBACK_PLUGINS": str(tmp_path),
        "ANSIBLE_HOME": str(tmp_path),
        "ANSIBLE_CALLBACKS_ENABLED": "look" + (",postern.mail.preload" if enabled else ""),
    }
    said = subprocess.run(
        [Path(sys.executable).with_name("ansible-playbook"), "-i", "localhost,", "play.yml"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    for plugin in ("filter.postfix_parameters", "lookup.site", "action.firewall"):
        assert (f"ansible_collections.postern.mail.plugins.{plugin}" in said.stdout) is enabled
