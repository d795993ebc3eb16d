"""Behaviour of sessions of all programs: each is ended in the way that its program bears."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Collection

import pytest
from ansible_collections.postern.mail.plugins.module_utils._accounts import (
    processes,
    sessions,
    submissions,
)
from ansible_collections.postern.mail.plugins.module_utils._accounts.processes import Session

READING = Session("alice@example.org", "imapd", 7)
SENDING = Session("alice@example.org", "smtpd", 8)


def test_all_of_a_persons_sessions_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "running", lambda _program: [8])
    monkeypatch.setattr(processes, "without_right", lambda _enabled: [READING])
    monkeypatch.setattr(submissions, "without_right", lambda _enabled, _pids: [SENDING])
    assert sessions.lost(set()) == [READING, SENDING]


def test_smtpd_is_cut_and_never_signalled(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, set[Session]] = {}

    def keep(what: str, them: Collection[Session]) -> None:
        told[what] = set(them)

    monkeypatch.setattr(processes, "end", lambda them: keep("ended", them))
    monkeypatch.setattr(submissions, "cut", lambda them: keep("cut", them))
    sessions.end([READING, SENDING])
    assert told == {"ended": {READING}, "cut": {SENDING}}
