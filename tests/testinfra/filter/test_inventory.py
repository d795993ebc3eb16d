"""An inventory that would lead mail past the filter is refused before a host is touched."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

from dialogues.scenario import Scenario, changed


def test_parameters_do_not_lead_past_the_filter(scenario: Scenario, tmp_path: Path) -> None:
    given = {"smtpd_milters": "inet:127.0.0.1:8891", "milter_default_action": "accept"}
    other = changed(tmp_path, "mail", postfix_extra_parameters=given)
    said = scenario.playbook(other)
    assert said.rc != 0
    assert not said.changed.get("mail"), said.text
    undone = "would undo how mail_filter has mail searched"
    there = tmp_path / "host_vars" / "mail.json"
    milters = f'postfix_extra_parameters.smtpd_milters ({there}): "inet:127.0.0.1:8891" {undone}'
    assert f"{milters}; give your own in postfix_milters" in said.text
    action = f'postfix_extra_parameters.milter_default_action ({there}): "accept" {undone}'
    assert f"{action}; give each milter of your own a default_action" in said.text
