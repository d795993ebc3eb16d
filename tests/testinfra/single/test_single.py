"""Roles alone, from the published collection: Postfix with its own certificate."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import smtplib
import ssl
from pathlib import Path

import pytest
from dialogues.mail import new_token
from dialogues.scenario import ROOT, Scenario, wait_for


@pytest.fixture
def smtp(scenario: Scenario) -> smtplib.SMTP:
    return smtplib.SMTP(scenario.address("mail"), 25, "stranger.example.com", timeout=20)


def test_the_roles_came_from_the_tarball(scenario: Scenario) -> None:
    installed = ROOT / ".lab" / "molecule" / f"collections-{scenario.release}"
    manifest = installed / "ansible_collections" / "postern" / "mail" / "MANIFEST.json"
    assert Path(manifest).is_file()


def test_the_certificate_names_the_host_and_signs_itself(
    scenario: Scenario, smtp: smtplib.SMTP
) -> None:
    certificate = scenario.shell("mail", "cat /etc/postern/tls/ca.crt")
    context = ssl.create_default_context(cadata=certificate)
    smtp._host = "mail.example.org"  # type: ignore[attr-defined]
    smtp.starttls(context=context)
    assert smtp.ehlo()[0] == 250


def test_the_banner_tells_no_version(smtp: smtplib.SMTP) -> None:
    said = smtp.ehlo()[1].decode()
    assert said.startswith("mail.example.org")
    assert "Postfix" not in said


def test_a_stranger_relays_nothing(smtp: smtplib.SMTP) -> None:
    smtp.mail("stranger@localhost.localdomain")
    code, words = smtp.rcpt("someone@example.edu")
    assert code >= 500, words


def test_the_machines_own_mail_arrives(scenario: Scenario) -> None:
    token = new_token()
    message = f"Subject: {token}\n\nWords.\n"
    said = scenario.run("mail", "/usr/sbin/sendmail", "info@mail.example.org", stdin=message)
    assert said.rc == 0, said.text
    find = f"grep -s {token} /var/mail/root /var/mail/nobody || true"
    wait_for("root has the message", lambda: scenario.shell("mail", find), 30)
