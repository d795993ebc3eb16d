"""The whole site: its promises on every host, and folders that outlive a restart."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import imaplib
import json
from pathlib import Path
from xml.etree import ElementTree as Xml

from dialogues.everywhere import HOSTS, everywhere
from dialogues.scenario import Scenario, wait_for
from dialogues.stores_person import Person, message
from dialogues.stores_storm import Storm

UNITS = {
    "cyrus": "cyrus-imapd",
    "courier": "courier-authdaemon courier-imap courier-pop",
}


def test_every_host_keeps_its_promises(scenario: Scenario, tmp_path: Path) -> None:
    said = scenario.playbook(
        "--extra-vars", json.dumps({"verify_report_directory": str(tmp_path)}),
        name="playbooks/verify.yml",
    )  # fmt: skip
    assert said.rc == 0, said.text
    suites = Xml.fromstring((tmp_path / "verify.xml").read_text())  # noqa: S314
    text = (tmp_path / "verify.txt").read_text()
    assert len(list(suites.iter("testcase"))) > 40 * len(HOSTS)
    assert not list(suites.iter("failure"))
    assert all(f"{host}.example.org" in text for host in HOSTS)


def test_a_folder_stays_the_same_folder_over_a_restart(scenario: Scenario) -> None:
    def deed(host: str) -> None:
        one = Person(scenario, host)
        one.starts_empty()
        with one.imap() as imap:
            name = one.named(imap, "Kept")
            imap.create(name)
            imap.append(name, r"(\Flagged)", "", message("kept"))
            before = known(imap, name)
        scenario.shell(host, f"systemctl restart {UNITS[one.store]}")
        wait_for(f"{host} is back", Storm(one).works)
        with one.imap() as imap:
            assert known(imap, name) == before
            assert one.has(imap, "Kept") == {"kept": r"\Flagged"}

    everywhere(deed)


def known(imap: imaplib.IMAP4, name: str) -> object:
    """Return what a mail program remembers of a folder."""
    return imap.status(name, "(UIDVALIDITY UIDNEXT MESSAGES)")[1][0]
