"""playbooks/verify.yml tells a site that keeps its promises from one that does not."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

from dialogues.scenario import Scenario


def verify(scenario: Scenario, folder: Path) -> tuple[int, str]:
    said = scenario.playbook(
        "--extra-vars", json.dumps({"verify_report_directory": str(folder)}),
        name="playbooks/verify.yml",
    )  # fmt: skip
    return said.rc, said.text


def test_a_sound_site_is_proven_and_reported(scenario: Scenario, tmp_path: Path) -> None:
    code, text = verify(scenario, tmp_path)
    assert code == 0, text
    endings = {path.suffix for path in tmp_path.iterdir()}
    assert endings >= {".txt", ".json", ".xml", ".html"}
    suites = Xml.fromstring(next(tmp_path.glob("*.xml")).read_text())  # noqa: S314
    assert list(suites.iter("testcase"))
    assert not list(suites.iter("failure"))


def test_a_broken_promise_is_named(scenario: Scenario, tmp_path: Path) -> None:
    scenario.shell("mail", "systemctl stop stunnel@postern")
    try:
        code, text = verify(scenario, tmp_path)
    finally:
        scenario.shell("mail", "systemctl start stunnel@postern")
    assert code != 0
    assert "imaps" in text
    suites = Xml.fromstring(next(tmp_path.glob("*.xml")).read_text())  # noqa: S314
    assert list(suites.iter("failure"))


def test_no_test_message_stays(scenario: Scenario) -> None:
    messages = "find /home/bob/Maildir/new /home/bob/Maildir/cur -type f"
    probes = f"{messages} | xargs -r grep -l 'Subject: Test of this mail system' || true"
    assert scenario.shell("outside", probes) == ""
