"""Behaviour of Cyrus' reload and restart: believed only when every service greets."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._cyrus import service
from ansible_collections.postern.mail.plugins.module_utils._cyrus.effort import Effort
from ansible_collections.postern.mail.plugins.module_utils._cyrus.model import Entry, Layout


class Systemd:
    """Answers for systemctl and journalctl."""

    def __init__(self, journal: str = "", active: bool = True) -> None:
        self.journal, self.active = journal, active
        self.did: list[str] = []

    def run(self, argv: Sequence[str]) -> Outcome:
        if argv[0] == "journalctl":
            text = json.dumps({"__CURSOR": "c"}) if "json" in argv else self.journal
            return Outcome(tuple(argv), 0, text, "")
        if argv[1] == "is-active":
            return Outcome(tuple(argv), 0 if self.active else 3, "", "")
        self.did.append(argv[1])
        return Outcome(tuple(argv), 0, "", "")


@pytest.fixture
def systemd(monkeypatch: pytest.MonkeyPatch) -> Systemd:
    found = Systemd()
    monkeypatch.setattr(units, "run", found.run)
    monkeypatch.setattr(service, "_WAIT_SECONDS", 0.3)
    monkeypatch.setattr(service, "_SETTLE_SECONDS", 0.0)
    return found


def layout(path: Path) -> Layout:
    return Layout(services=(Entry("admin", (("cmd", "imapd"), ("listen", str(path)))),))


@contextmanager
def greeting(path: Path, words: bytes) -> Iterator[None]:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def answer() -> None:
            while True:
                try:
                    client, _peer = server.accept()
                except OSError:
                    return
                with client:
                    client.sendall(words)

        threading.Thread(target=answer, daemon=True).start()
        yield
        server.shutdown(socket.SHUT_RDWR)


def test_a_reload_that_greets_is_believed(systemd: Systemd, tmp_path: Path) -> None:
    with greeting(tmp_path / "s", b"* OK ready\r\n"):
        service.take(Effort.RELOAD, layout(tmp_path / "s"))
    assert systemd.did == ["kill"]


def test_nothing_to_do_does_nothing(systemd: Systemd, tmp_path: Path) -> None:
    service.take(Effort.NONE, layout(tmp_path / "none"))
    assert systemd.did == []


def test_one_that_is_down_is_started_and_not_only_signalled(
    systemd: Systemd, tmp_path: Path
) -> None:
    systemd.active = False
    with greeting(tmp_path / "s", b"* OK ready\r\n"):
        service.take(Effort.RELOAD, layout(tmp_path / "s"))
    assert systemd.did == ["reset-failed", "restart"]


def test_a_service_that_closes_at_once_is_refused_in_cyrus_words(
    systemd: Systemd, tmp_path: Path
) -> None:
    systemd.journal = "all is well\nFatal error: invalid value 'x' for y\n"
    with (
        greeting(tmp_path / "s", b""),
        pytest.raises(Refused, match="admin does not greet") as caught,
    ):
        service.take(Effort.RESTART, layout(tmp_path / "s"))
    assert "Fatal error: invalid value 'x' for y" in str(caught.value)
    assert "all is well" not in str(caught.value)


def test_a_port_that_another_holds_is_refused_although_something_greets(
    systemd: Systemd, tmp_path: Path
) -> None:
    systemd.journal = "unable to bind to admin socket: Address already in use\n"
    with (
        greeting(tmp_path / "s", b"* OK not me\r\n"),
        pytest.raises(Refused, match="already in use"),
    ):
        service.take(Effort.RESTART, layout(tmp_path / "s"))


def test_going_back_falls_to_a_restart(systemd: Systemd, tmp_path: Path) -> None:
    service.take_again(Effort.RELOAD, layout(tmp_path / "none"))
    assert systemd.did == ["kill", "reset-failed", "restart"]


def test_systemd_is_told_of_a_changed_unit(systemd: Systemd) -> None:
    service.read_units()
    assert systemd.did == ["daemon-reload"]
