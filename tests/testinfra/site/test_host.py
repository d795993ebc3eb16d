"""State on the mail server: what runs, who may read what, and what must never be shown."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dialogues.scenario import Scenario

SECRET_FILES = ("/etc/postern/tls/mail.key", "/etc/postern/accounts.passwd")


@pytest.mark.parametrize("unit", ["postfix", "cyrus-imapd", "saslauthd", "stunnel@postern"])
def test_a_service_runs_and_starts_at_boot(mail: Any, unit: str) -> None:
    service = mail.service(unit)
    assert service.is_running
    assert service.is_enabled


def test_no_unit_has_failed(mail: Any) -> None:
    assert mail.check_output("systemctl list-units --failed --plain --no-legend") == ""


@pytest.mark.parametrize("path", SECRET_FILES)
def test_a_secret_is_for_root_alone(mail: Any, path: str) -> None:
    file = mail.file(path)
    assert (file.user, file.group, file.mode) == ("root", "root", 0o600)


def test_nobody_else_reads_what_the_site_keeps_secret(mail: Any) -> None:
    open_files = "find /etc/postern -type f -name '*.secret' -perm /0077"
    assert mail.check_output(open_files) == ""


def test_the_store_listens_for_the_wrapper_only(mail: Any) -> None:
    listening = mail.check_output("ss --tcp --listening --numeric --no-header")
    ports = {line.split()[3].rpartition(":")[2] for line in listening.splitlines()}
    assert {"25", "465", "587", "993", "995"} <= ports
    assert not ports & {"110", "143"}


def test_a_run_at_its_most_talkative_shows_no_secret(scenario: Scenario) -> None:
    said = scenario.playbook("--check", "--diff", "-vvv")
    assert said.rc == 0, said.text[-4000:]
    shown = [name for name, text in secrets(scenario).items() if text in said.text]
    assert shown == []


def secrets(scenario: Scenario) -> dict[str, str]:
    """Return every password, hash and private key line of the site, by a name that is none."""
    found = {path.name: path.read_text().strip() for path in (scenario.state / "secrets").iterdir()}
    keys = {str(path): path.read_text() for path in Path(scenario.state).rglob("*.key")}
    keys["ssh"] = (scenario.state / "ssh" / "key").read_text()
    for path in scenario.shell("mail", "find /etc/postern -type f -perm 0600").split():
        keys[path] = scenario.shell("mail", f"cat {path}")
    for name, text in keys.items():
        lines = [line for line in text.splitlines() if len(line) > 30 and "---" not in line]
        found |= {f"{name}:{number}": line for number, line in enumerate(lines)}
        found |= {
            f"{name}:{number}: hash": line.partition(":")[2]
            for number, line in enumerate(lines)
            if "$6$" in line
        }
    assert len(found) > 10, f"only {sorted(found)} to look for"
    return found
