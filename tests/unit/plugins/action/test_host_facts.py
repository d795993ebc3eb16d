"""Facts come from one line of shell; a host without dpkg is named as such."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.postern.mail.plugins.action import host_facts


def gathered(monkeypatch: pytest.MonkeyPatch, said: dict[str, Any]) -> dict[str, Any]:
    monkeypatch.setattr(ActionBase, "run", lambda *_: {})
    action = object.__new__(host_facts.ActionModule)
    monkeypatch.setattr(action, "_task", SimpleNamespace(args={}), raising=False)
    monkeypatch.setattr(action, "_low_level_execute_command", lambda _command: said)
    return action.run()


def test_a_terminal_between_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "postfix 3.7.11 installed\r\nexim4 4.96 config-files\r\n"
        '--postern--\r\n[{"dev":"eth0","prefsrc":"10.1.0.9"}]\r\n'
        "--postern--\r\n/var/lib/postern/handover\r\n"
        "--postern--\r\n4\r\n8000000 kB\r\n"
        "--postern--\r\npostern-firewall.service\r\nssh.service.d\r\n"
    )
    found = gathered(monkeypatch, {"rc": 0, "stdout": text, "stderr": ""})["ansible_facts"]
    assert list(found["packages"]) == ["postfix"]
    assert found["default_ipv4"]["address"] == "10.1.0.9"
    assert found["mail_handover"] is True
    assert (found["processor_nproc"], found["memtotal_mb"]) == (4, 7812)
    assert found["mail_units"] == ["postern-firewall.service"]


def test_no_change_of_agents_is_under_way_without_its_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "postfix 3.7.11 installed\n--postern--\n--postern--\n"
    found = gathered(monkeypatch, {"rc": 0, "stdout": text, "stderr": ""})["ansible_facts"]
    assert found["mail_handover"] is False
    assert not {"processor_nproc", "memtotal_mb"} & {*found}
    assert found["mail_units"] == []


def test_a_host_that_is_no_debian_host_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"rc": 127, "stdout": "", "stderr": "sh: dpkg-query: not found\n"}
    answer = gathered(monkeypatch, said)
    assert answer["failed"]
    assert answer["msg"] == "This host is no Debian host: sh: dpkg-query: not found"
