"""A site that wants its mail searched no more: what waited for the filter is delivered."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

from dialogues.filtering import ALICE, Filtered, plain
from dialogues.scenario import Scenario, changed, wait_for


def test_what_waits_for_a_filter_that_leaves_is_delivered(
    scenario: Scenario, tmp_path: Path
) -> None:
    host = Filtered(scenario, "mail")
    scenario.shell("mail", "systemctl stop amavis")
    token = host.takes(plain("Waits for nobody."))
    wait_for("it waits", lambda: host.kept(token))
    without = changed(tmp_path, "mail", mail_filter={})
    said = scenario.playbook(without, "--limit=mail")
    assert said.rc == 0, said.text
    try:
        host.delivers(ALICE, token)
        for unit in (
            "amavis",
            "amavisd-milter",
            "clamav-daemon",
            "postern-quarantine-expiry.timer",
        ):
            assert scenario.run("mail", "systemctl", "is-active", unit).rc != 0, unit
        left = scenario.run("mail", "sh", "-c", "ls /etc/systemd/system/postern-*filter* 2>&1")
        assert left.rc != 0, left.text
        silent = scenario.playbook(without, "--limit=mail")
        assert silent.changed == {"mail": 0}, silent.text
    finally:
        back = scenario.playbook("--limit=mail")
        assert back.rc == 0, back.text
