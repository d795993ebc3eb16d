"""Each way that a message can take from a host that only sends, with the message counted."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from dialogues.alone import MOST_TASKS, tasks
from dialogues.desk import FAILED, Desk
from dialogues.mail import BOB
from dialogues.scenario import Scenario, wait_for


def test_nothing_listens_and_the_daemon_starts_at_boot(desk: Desk) -> None:
    listening = desk.shell("ss --tcp --udp --listening --numeric --no-header --processes")
    assert [line for line in listening.splitlines() if "sshd" not in line] == []
    assert desk.shell("systemctl is-active nullmailer").strip() == "active"
    assert desk.shell("systemctl is-enabled nullmailer").strip() == "enabled"


def test_the_password_is_in_files_of_the_daemon_and_root_alone(desk: Desk) -> None:
    files = "/etc/nullmailer/remotes /etc/nullmailer/postern-remotes"
    owners = desk.shell(f"stat --format '%a %U:%G' {files}").split("\n")
    assert owners[:2] == ["600 mail:mail", "600 root:root"]


def test_a_message_goes_by_login_over_tls_to_the_first_smarthost(desk: Desk) -> None:
    text = desk.arrives_once(desk.sends(BOB, sender="alice@example.com"))
    assert "Return-Path: <alice@example.com>" in text
    assert "by smart.example.com (Postfix) with ESMTPSA" in text
    assert "from desk.example.com" in text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("root", "root@example.com"),
        ("bob", "bob@example.com"),
        ("root@localhost", "root@example.com"),
        ("anybody@localhost", "root@example.com"),
        ("root@desk.example.com", "root@example.com"),
        ("cron@desk", "root@example.com"),
        ("postmaster@example.com", "postmaster@example.com"),
    ],
)
def test_an_address_of_the_host_leads_to_its_administrator(
    desk: Desk, written: str, meant: str
) -> None:
    text = desk.arrives_once(desk.sends(written))
    assert f"X-Original-To: {meant}\n" in text
    assert "Return-Path: <root@example.com>" in text


def test_an_ordinary_user_sends_too_and_reads_no_password(desk: Desk) -> None:
    text = desk.arrives_once(desk.sends(BOB, user="games"))
    assert "Return-Path: <games@example.com>" in text
    read = desk.scenario.run(
        "desk", "setpriv", "--reuid=games", "--clear-groups", "cat", "/etc/nullmailer/remotes"
    )
    assert read.rc != 0


def test_the_queue_survives_dead_smarthosts_and_a_restart_and_flushes_after(
    desk: Desk, scenario: Scenario, outside_is_down: None
) -> None:
    since = desk.now()
    tokens = [desk.sends(BOB) for _ in range(5)]
    desk.waits(since, "host: second.example.com")
    assert desk.queued() == 5
    desk.shell("systemctl restart nullmailer")
    assert "queue" not in desk.shell(f"ls {FAILED}")
    scenario.shell("outside", "systemctl start postfix")
    for token in tokens:
        desk.arrives_once(token)


def test_the_second_smarthost_takes_what_the_first_refuses(
    desk: Desk, connections: Callable[[int, str], None]
) -> None:
    connections(587, "reject with tcp reset")
    text = desk.arrives_once(desk.sends(BOB))
    assert "by second.example.com (Postfix) with ESMTPSA" in text


def test_no_argument_list_holds_the_password_and_a_smarthost_that_hangs_is_left(
    desk: Desk, connections: Callable[[int, str], None], password: str
) -> None:
    desk.shell("systemctl restart nullmailer")  # after a bounce it has no time-out any more
    connections(587, "drop")
    token = desk.sends(BOB)
    helper = "pgrep --full /usr/lib/nullmailer/smtp"
    wait_for("the helper is at work", lambda: desk.scenario.run("desk", *helper.split()).rc == 0)
    seen = desk.shell("cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'")
    assert "/usr/lib/nullmailer/smtp" in seen
    assert password not in seen
    assert desk.scenario.secret("fleet") not in seen
    assert "by second.example.com" in desk.arrives_once(token)


def test_what_a_smarthost_refuses_for_good_is_kept_and_its_sender_is_told(desk: Desk) -> None:
    token = desk.sends("nobody.such@example.com", sender=BOB)
    wait_for("the message has failed", lambda: desk.failed(token) == 1, 30)
    bounce = "grep -rl 'Returned mail' /home/bob/Maildir/new | xargs -r grep -l " + token
    wait_for("bob has the notice", lambda: desk.scenario.run("outside", "sh", "-c", bounce).rc == 0)
    assert desk.queued() == 0
    desk.shell(f"rm {FAILED}/*")


def test_the_role_alone_runs_few_tasks_and_changes_nothing(
    scenario: Scenario, tmp_path: Path
) -> None:
    ran, changed = tasks(scenario, "nullmailer", "desk", tmp_path)
    assert ran <= MOST_TASKS
    assert changed == 0
