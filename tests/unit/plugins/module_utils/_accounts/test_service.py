"""Behaviour of saslauthd's restart: believed only when it takes calls."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._accounts import service
from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome


class Systemd:
    """Answers for systemctl and journalctl."""

    def __init__(self, active: bool = True) -> None:
        self.active = active
        self.ran: list[str] = []

    def run(self, argv: Sequence[str]) -> Outcome:
        self.ran.append(" ".join(argv[:2]))
        rc = 0 if self.active or argv[1] != "is-active" else 3
        return Outcome(
            tuple(argv), rc, "saslauthd: cannot bind" if "journal" in argv[0] else "", ""
        )


def test_a_stopped_one_is_left_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    systemd = Systemd(active=False)
    monkeypatch.setattr(units, "run", systemd.run)
    service.restart_saslauthd("/nowhere/mux")
    assert "systemctl restart" not in systemd.ran


def test_one_that_takes_calls_is_believed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(units, "run", Systemd().run)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "mux"))
        server.listen()
        service.restart_saslauthd(str(tmp_path / "mux"))


def test_one_that_stays_silent_is_refused_in_its_own_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(units, "run", Systemd().run)
    monkeypatch.setattr(service, "_WAIT_SECONDS", 0.0)
    with pytest.raises(Refused, match="cannot bind"):
        service.restart_saslauthd(str(tmp_path / "mux"))
