"""systemd is told what is needed and no more, and believed only when popa3d greets."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Change, File, Plan
from ansible_collections.postern.mail.plugins.module_utils._popa3d import service as subject
from ansible_collections.postern.mail.plugins.module_utils._popa3d.wanted import (
    PAM,
    SERVICE,
    SOCKET,
)

BOTH = Plan((Change(SOCKET, None, File(b"socket")), Change(SERVICE, None, File(b"service"))))
SESSIONS = "popa3d@1-a:910-b:5.service loaded active running x\npopa3d@2-a.service loaded\n"


class Systemd:
    """A systemd that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.running: set[str] = set()

    def systemctl(self, *words: str) -> Outcome:
        self.told.append(" ".join(words))
        return Outcome(words, 0, SESSIONS if words[0] == "list-units" else "", "")

    def demand(self, unit: str, *words: str) -> None:
        self.told.append(" ".join([*words, unit]))

    def read_units_again(self, _unit: str) -> None:
        self.told.append("daemon-reload")

    def is_active(self, unit: str) -> bool:
        return unit in self.running

    def log_of(self, _unit: str, lines: int) -> str:
        return f"{lines} lines of its log"

    def properties(self, unit: str, *_names: str) -> dict[str, str]:
        return {"MainPID": unit[7]}


@pytest.fixture
def systemd(monkeypatch: pytest.MonkeyPatch) -> Systemd:
    made = Systemd()
    monkeypatch.setattr(subject, "units", made)
    monkeypatch.setattr(subject, "_WAIT_SECONDS", 0.0)
    return made


@pytest.fixture
def server() -> Iterator[list[bytes]]:
    """A server that greets each client with the first of these; its port stands last."""
    says = [b"+OK\r\n"]
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    client, _address = listener.accept()
                except OSError:
                    return
                with client:
                    client.sendall(says[0])

        threading.Thread(target=serve, daemon=True).start()
        says.append(str(listener.getsockname()[1]).encode())
        yield says


def test_new_sockets_are_restarted_and_greet(systemd: Systemd, server: list[bytes]) -> None:
    subject.take(BOTH, [f"127.0.0.1:{server[1].decode()}"])
    assert systemd.told == [
        "daemon-reload",
        "reset-failed popa3d.socket",
        "enable --quiet popa3d.socket",
        "restart popa3d.socket",
    ]


def test_what_does_not_greet_is_refused_with_its_log(systemd: Systemd, server: list[bytes]) -> None:
    server[0] = b"-ERR\r\n"
    with pytest.raises(Refused, match=r"it says b'-ERR\\r\\n'\n10 lines of its log"):
        subject.take(BOTH, [f"127.0.0.1:{server[1].decode()}"])


def test_a_change_of_pam_restarts_nothing(systemd: Systemd, server: list[bytes]) -> None:
    plan = Plan((Change(PAM, None, File(b"pam")),))
    subject.take(plan, [f"127.0.0.1:{server[1].decode()}"])
    assert "daemon-reload" not in systemd.told
    assert systemd.told[-1] == "start popa3d.socket"


def test_the_packages_own_daemon_is_stopped(systemd: Systemd) -> None:
    systemd.running = {"popa3d.service"}
    subject.take(BOTH, [])
    assert systemd.told[1:] == ["stop popa3d.service", "disable --now popa3d.socket"]


def test_sessions_of_others_go_on(systemd: Systemd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "_owner", lambda pid: {"1": 1000, "2": 1001}[pid])
    subject.end_sessions([])
    assert systemd.told == []
    subject.end_sessions([1001])
    assert systemd.told[1:] == ["stop popa3d@2-a.service"]


def test_the_units_are_judged_as_a_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, bytes] = {}
    words = [""]

    def put(path: str, file: File | None) -> None:
        Path(path).write_bytes(file.content if file else b"")

    def run(argv: list[str]) -> Outcome:
        seen.update({Path(path).name: Path(path).read_bytes() for path in argv[3:]})
        return Outcome(tuple(argv), 0, "", words[0])

    monkeypatch.setattr(subject, "put", put)
    monkeypatch.setattr(subject, "run", run)
    subject.judge(BOTH)
    assert seen == {"popa3d.socket": b"socket", "popa3d@.service": b"service"}
    words[0] = "popa3d.socket:7: Unknown key 'Lisen' in section [Socket], ignoring.\n"
    with pytest.raises(Refused, match="Unknown key 'Lisen'"):
        subject.judge(BOTH)


def test_nothing_is_judged_where_no_unit_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(subject, "run")
    subject.judge(Plan((Change(PAM, None, File(b"pam")),)))
    subject.judge(Plan((Change(SOCKET, File(b"socket"), None),)))
