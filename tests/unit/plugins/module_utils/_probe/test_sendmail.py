"""A message is handed to the machine's own sendmail command."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pwd
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._probe import sendmail
from ansible_collections.postern.mail.plugins.module_utils._probe.model import Verdict
from ansible_collections.postern.mail.plugins.module_utils._probe.transcript import Transcript


def hand(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str, user: str = "") -> Verdict:
    if script:
        (folder / "sendmail").write_text(f"#!/bin/sh\n{script}\n")
        (folder / "sendmail").chmod(0o755)
    monkeypatch.setattr(sendmail, "PLACES", str(folder))
    envelope = sendmail.Envelope("a@x", "bob@example.com", user)
    return sendmail.hand_over(envelope, b"Subject: x\r\n\r\nhi\r\n", Transcript())


def test_an_accepted_message_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = f'echo "$@" > {tmp_path}/args; cat > {tmp_path}/message'
    assert hand(monkeypatch, tmp_path, script).kept
    assert (tmp_path / "args").read_text() == "-i -f a@x -- bob@example.com\n"
    assert (tmp_path / "message").read_text() == "Subject: x\n\nhi\n"


def test_a_refusal_is_told_in_its_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    verdict = hand(monkeypatch, tmp_path, "echo queue full >&2; exit 75")
    assert verdict.detail == "sendmail returned 75: queue full"


def test_a_missing_command_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "no sendmail" in hand(monkeypatch, tmp_path, "").detail


def test_root_sends_with_the_rights_of_the_user_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ran: list[str] = []

    def run(argv: Sequence[str], **_input: Any) -> Outcome:
        ran.extend(argv)
        return Outcome(tuple(argv), 0, "", "")

    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(sendmail, "run", run)
    assert hand(monkeypatch, tmp_path, "true", "nobody").kept
    nobody = pwd.getpwnam("nobody")
    assert ran[:4] == [
        "setpriv",
        f"--reuid={nobody.pw_uid}",
        f"--regid={nobody.pw_gid}",
        "--clear-groups",
    ]
    assert ran[-5:] == ["-i", "-f", "a@x", "--", "bob@example.com"]


def test_nobody_but_root_can_send_as_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    verdict = hand(monkeypatch, tmp_path, "exit 70", "nobody")
    assert (verdict.state, verdict.detail) == ("skipped", "only root can send as nobody")
