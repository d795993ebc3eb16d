"""Behaviour of submission sessions: whose they are by the log, and which connections are cut."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._accounts import submissions
from ansible_collections.postern.mail.plugins.module_utils._accounts.processes import Session
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome

CLIENT = "4F0: client=c.example[192.0.2.1], sasl_method=PLAIN, sasl_username="
ESTABLISHED = """\
0 0 192.0.2.10:587 192.0.2.1:50000 timer:(keepalive,1min,0) uid:100 ino:77 sk:8 <->
0 0 192.0.2.10:22 192.0.2.1:50001 ino:78 sk:9 <->
"""


def line(pid: int, message: str) -> str:
    return json.dumps({"_PID": str(pid), "MESSAGE": message})


def test_a_login_holds_from_its_first_message_to_the_disconnect() -> None:
    said = [
        line(7, "connect from c.example[192.0.2.1]"),
        line(7, f"{CLIENT}Alice@example.org"),
        line(8, f"{CLIENT}carol@example.org, sasl_sender=x"),
        line(8, "disconnect from c.example[192.0.2.1] ehlo=1"),
        line(9, "connect from c.example[192.0.2.1]"),
    ]
    assert submissions.logins_in(said) == {7: "alice@example.org"}


def test_the_next_client_of_a_process_has_not_logged_in() -> None:
    said = [line(7, f"{CLIENT}alice@example.org"), line(7, "connect from d.example[192.0.2.2]")]
    assert submissions.logins_in(said) == {}


def test_what_a_client_says_of_itself_is_no_login_and_a_failed_one_neither() -> None:
    said = [
        line(7, f"{CLIENT}alice@example.org"),
        line(7, "NOQUEUE: reject: RCPT from c.example: helo=<sasl_username=carol@example.org,>"),
        line(8, "warning: c.example: SASL LOGIN authentication failed, sasl_username=admin"),
    ]
    assert submissions.logins_in(said) == {7: "alice@example.org"}


def test_a_message_that_is_not_text_says_nothing() -> None:
    assert submissions.logins_in([json.dumps({"_PID": "7", "MESSAGE": [1, 2]})]) == {}


def test_without_processes_the_log_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "run", None)
    assert submissions.without_right(set(), []) == []


def test_only_connections_of_those_processes_are_cut(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "7" / "fd").mkdir(parents=True)
    (tmp_path / "7" / "fd" / "9").symlink_to("socket:[77]")
    (tmp_path / "7" / "fd" / "3").symlink_to("/dev/null")
    ran: list[list[str]] = []

    def run(argv: list[str]) -> Outcome:
        ran.append(argv)
        return Outcome(tuple(argv), 0, ESTABLISHED, "")

    monkeypatch.setattr(submissions, "PROC", tmp_path)
    monkeypatch.setattr(submissions, "run", run)
    submissions.cut([Session("alice@example.org", "smtpd", 7)])
    assert [argv for argv in ran if "-K" in argv] == [
        ["ss", "-H", "-K", "-n", "-t", "src", "192.0.2.10:587", "dst", "192.0.2.1:50000"]
    ]
