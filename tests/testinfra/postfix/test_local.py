"""A machine with mailboxes of its own: how they are kept, and how its mail looks outside."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dialogues.alone import MOST_TASKS, tasks
from dialogues.mail import BOB, People
from dialogues.scenario import Scenario, wait_for


def test_what_leaves_bears_the_sites_names_and_what_stays_its_own(
    scenario: Scenario, people: People
) -> None:
    token = people.sendmail("desk", "lisa", BOB)
    text = people.bob_receives(token)
    assert "Return-Path: <lisa@example.org>" in text
    assert "From: lisa@example.org" in text
    token = people.sendmail("desk", "root", "lisa")
    find = f"grep -B 9 'Subject: {token}' /var/mail/lisa"
    wait_for("lisa has it", lambda: scenario.run("desk", "sh", "-c", find).rc == 0, 20)
    assert "From: root@desk.example.org" in scenario.shell("desk", find)


@pytest.mark.parametrize(
    ("host", "name", "value"),
    [
        ("edge", "home_mailbox", "Maildir/"),
        ("desk", "home_mailbox", ""),
        ("desk", "mail_spool_directory", "/var/mail"),
        ("desk", "alias_maps", "hash:$config_directory/maps/local_aliases"),
        ("edge", "alias_maps", "lmdb:$config_directory/maps/local_aliases"),
        ("edge", "relay_domains", "branch.example, $config_directory/maps/relayed"),
        ("edge", "myhostname", "edge.example.org"),
        ("edge", "mydomain", "example.org"),
        ("edge", "myorigin", "$myhostname"),
        ("mail", "myorigin", "$mydomain"),
        ("desk", "inet_interfaces", "loopback-only"),
        ("mail", "inet_interfaces", "all"),
        ("mail", "smtpd_banner", "$myhostname ESMTP"),
    ],
)
def test_a_setting_of_the_guide_is_what_the_site_says(
    scenario: Scenario, host: str, name: str, value: str
) -> None:
    assert scenario.shell(host, f"postconf -h {name}").strip() == value


def test_a_service_is_chrooted_unless_somebody_says_otherwise(scenario: Scenario) -> None:
    columns = scenario.shell("desk", "postconf -F '*/unix/chroot' | grep -E '^(bounce|cleanup)/'")
    assert columns.split() == ["bounce/unix/chroot", "=", "n", "cleanup/unix/chroot", "=", "y"]


def test_no_database_is_left_that_nobody_reads(scenario: Scenario) -> None:
    listed = scenario.shell("desk", "ls /etc/postfix/maps").split()
    compiled = {name for name in listed if name.endswith(".lmdb")}
    assert compiled == {"relay_credentials.lmdb"}  # the one with a password
    assert "virtual_aliases.db" in listed


def test_tables_have_entries_of_their_files(mail: Any) -> None:
    maps = "/etc/postfix/maps"
    asked = {
        "client_name_access": ("198.51.100.77", "REJECT listed"),
        "sender_access": ("listed.example", "REJECT listed"),
        "virtual_aliases": ("team@example.org", "alice@example.org, carol@example.org"),
        "sender_logins": ("press@example.org", "alice@example.org"),
        "backup_copies": ("team@example.net", "keeper@example.org"),
    }
    for table, (key, value) in asked.items():
        assert mail.check_output(f"postmap -q {key} lmdb:{maps}/{table}") == value
    assert mail.check_output(f"postmap -q 192.0.2.9 cidr:{maps}/client_access") == "REJECT listed"


def test_the_role_alone_runs_few_tasks_and_changes_nothing(
    scenario: Scenario, tmp_path: Path
) -> None:
    ran, changed = tasks(scenario, "postfix", "desk", tmp_path)
    assert ran <= MOST_TASKS
    assert changed == 0
