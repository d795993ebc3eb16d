"""A message is handed to the machine's own sendmail command."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe import sendmail
from ansible_collections.postern.mail.plugins.module_utils._probe.model import Verdict
from ansible_collections.postern.mail.plugins.module_utils._probe.transcript import Transcript


def hand(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> Verdict:
    if script:
        (folder / "sendmail").write_text(f"#!/bin/sh\n{script}\n")
        (folder / "sendmail").chmod(0o755)
    monkeypatch.setattr(sendmail, "PLACES", str(folder))
    return sendmail.hand_over("a@x", "bob@example.com", b"Subject: x\r\n\r\nhi\r\n", Transcript())


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
