"""A site that wants its mail searched no more: what was held can be seen, and expires."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dialogues import corpus
from dialogues.filtering import QUARANTINE, Filtered
from dialogues.scenario import Scenario, changed

TIMER = "postern-quarantine-expiry.timer"


@pytest.fixture(scope="module")
def without(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The argument that takes the filter from the host; it comes back afterwards."""
    yield changed(tmp_path_factory.mktemp("without"), "mail", mail_filter={})
    back = scenario.playbook("--limit=mail")
    assert back.rc == 0, back.text


def test_what_is_held_stays_and_can_be_seen(scenario: Scenario, without: str) -> None:
    host = Filtered(scenario, "mail")
    held = host.stops(host.takes(corpus.VIRUSES["plain"]()))
    said = scenario.playbook(without, "--limit=mail")
    assert said.rc == 0, said.text
    silent = scenario.playbook(without, "--limit=mail")
    assert silent.changed == {"mail": 0}, silent.text
    assert scenario.run("mail", "systemctl", "is-active", TIMER).rc == 0
    listed = scenario.playbook(without, "--limit=mail", name="playbooks/quarantine.yml")
    assert held in listed.text


def test_what_works_on_the_quarantine_leaves_with_its_last_message(
    scenario: Scenario, without: str
) -> None:
    scenario.shell("mail", f"find {QUARANTINE} -type f -delete")
    said = scenario.playbook(without, "--limit=mail")
    assert said.rc == 0, said.text
    assert scenario.run("mail", "systemctl", "is-active", TIMER).rc != 0
    for path in ("/usr/local/sbin/postern-quarantine", f"/etc/systemd/system/{TIMER}"):
        assert scenario.run("mail", "test", "-e", path).rc == 1, path
    silent = scenario.playbook(without, "--limit=mail")
    assert silent.changed == {"mail": 0}, silent.text
    # Nothing is there to work on, and that is no error.
    listed = scenario.playbook(without, "--limit=mail", name="playbooks/quarantine.yml")
    assert listed.rc == 0, listed.text
