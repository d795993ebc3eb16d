"""Behaviour of sessions by process: whose they are, and that nobody else's is ended."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._accounts import processes
from ansible_collections.postern.mail.plugins.module_utils._accounts.processes import Session

Make = Callable[..., None]


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """A host of which processes can be said."""
    monkeypatch.setattr(processes, "PROC", tmp_path / "proc")
    monkeypatch.setattr(processes, "CYRUS", tmp_path / "cyrus")
    (tmp_path / "cyrus").mkdir()
    (tmp_path / "proc" / "sys").mkdir(parents=True)

    def make(pid: int, program: str, cyrus: str = "", environment: str = "") -> None:
        folder = tmp_path / "proc" / str(pid)
        folder.mkdir()
        (folder / "comm").write_text(f"{program}\n")
        (folder / "environ").write_text(environment)
        if cyrus:
            (tmp_path / "cyrus" / str(pid)).write_text(cyrus)

    return make


def test_a_session_with_cyrus_is_known_by_its_record(process: Make) -> None:
    process(7, "imapd", cyrus="imaps\tclient [192.0.2.1]\tAlice@example.org\tx!user.alice\tIdle\n")
    process(8, "pop3d", cyrus="pop3s\tclient [192.0.2.1]\tcarol@example.org\n")
    process(9, "imapd", cyrus="imaps\tclient [192.0.2.1]\n")
    assert processes.without_right(set()) == [
        Session("alice@example.org", "imapd", 7),
        Session("carol@example.org", "pop3d", 8),
    ]


def test_a_session_with_courier_is_known_by_its_environment(process: Make) -> None:
    process(7, "imapd", environment="HOME=/x\0AUTHENTICATED=alice@example.org\0PATH=/bin\0")
    process(8, "imapd", environment="HOME=/x\0")
    process(9, "bash", environment="AUTHENTICATED=alice@example.org\0")
    assert processes.without_right(set()) == [Session("alice@example.org", "imapd", 7)]


def test_couriers_pop_sessions_are_known_by_their_program(process: Make) -> None:
    process(7, "courierpop3d", environment="AUTHENTICATED=gone@example.org\0")
    assert [one.pid for one in processes.without_right(set())] == [7]


def test_who_may_log_in_and_programs_are_left_alone(process: Make) -> None:
    process(7, "imapd", cyrus="imaps\tclient\talice@example.org\n")
    process(8, "imapd", cyrus="admin\tclient\tcyrus-admin\n")
    process(9, "lmtpd", cyrus="lmtp\tclient\tgone@example.org\n")
    assert processes.without_right({"alice@example.org"}) == []


def test_a_record_left_behind_is_not_believed(process: Make) -> None:
    process(7, "sshd", cyrus="imaps\tclient\talice@example.org\n")
    assert processes.without_right(set()) == []
    assert processes.running("sshd") == [7]


def test_a_process_that_ignores_being_asked_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()
    session = Session("alice@example.org", "imapd", child.pid)
    monkeypatch.setattr(processes, "session_of", lambda _pid: session)
    monkeypatch.setattr(processes, "_GRACE_SECONDS", 0.2)
    processes.end([session])
    assert child.wait(10) == -9


def test_a_process_that_serves_somebody_else_by_now_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = Session("alice@example.org", "imapd", os.getpid())
    monkeypatch.setattr(processes, "session_of", lambda _pid: None)
    processes.end([own])
