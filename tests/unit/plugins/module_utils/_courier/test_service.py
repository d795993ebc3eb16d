"""Behaviour of Courier's services: believed only when they greet and know somebody."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._courier import service
from ansible_collections.postern.mail.plugins.module_utils._courier.model import Listener
from ansible_collections.postern.mail.plugins.module_utils._courier.service import Deed, Unit
from ansible_collections.postern.mail.tests.unit.courier_samples import courier

AUTH, IMAP, POP = service.AUTHDAEMON_UNIT, service.IMAP_UNIT, service.POP_UNIT


def present(*active: str) -> dict[str, Unit]:
    names = service.wanted_units(courier())
    return {name: Unit(name, name in active, name in active) for name in names}


def test_what_nobody_may_reach_does_not_run() -> None:
    wanted = service.wanted_units(courier())
    assert [name for name, on in wanted.items() if on] == [AUTH, IMAP]
    assert not any(service.wanted_units(courier(listeners=[])).values())


def test_a_host_in_order_has_nothing_to_do() -> None:
    assert service.plan_units(service.wanted_units(courier()), present(AUTH, IMAP), ()) == []


def test_ports_change_hands_before_anything_starts() -> None:
    wanted = service.wanted_units(courier())
    found = present(POP, "courier-imap-ssl.service")
    assert [(deed.unit, deed.words) for deed in service.plan_units(wanted, found, {AUTH, POP})] == [
        ("courier-imap-ssl.service", "--quiet disable"),
        ("courier-imap-ssl.service", "stop"),
        (POP, "--quiet disable"),
        (POP, "stop"),
        (AUTH, "--quiet enable"),
        (AUTH, "restart"),
        (IMAP, "--quiet enable"),
        (IMAP, "restart"),
    ]


def test_what_reads_a_changed_file_starts_anew() -> None:
    deeds = service.plan_units(service.wanted_units(courier()), present(AUTH, IMAP), {IMAP})
    assert deeds == [Deed(IMAP, "restart", "started")]
    assert service.units_diff(deeds)["after"] == f"{IMAP}: started\n"


def test_systemd_is_asked_once_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    said = (
        f"Id={AUTH}\nActiveState=activating\nUnitFileState=enabled\n\n"
        f"Id={IMAP}\nActiveState=inactive\nUnitFileState=disabled\n"
    )
    monkeypatch.setattr(units, "systemctl", lambda *words: Outcome(words, 0, said, ""))
    assert service.present_units([AUTH, IMAP, POP]) == {
        AUTH: Unit(AUTH, active=True, enabled=True),
        IMAP: Unit(IMAP, active=False, enabled=False),
        POP: Unit(POP, active=False, enabled=False),
    }


def test_logins_are_compiled_when_the_databases_are_missing_or_older(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "userdb"
    databases = (f"{source}.dat", f"{source}shadow.dat")
    monkeypatch.setattr(service, "USERDB", str(source))
    monkeypatch.setattr(service, "_DATABASES", databases)

    def makeuserdb(argv: list[str]) -> Outcome:
        for path in databases:
            Path(path).touch()
            os.utime(path, (1, 1))  # a clock that is behind
        return Outcome(tuple(argv), 0, "", "")

    monkeypatch.setattr(service, "run", makeuserdb)
    assert service.databases_stale()
    source.touch()
    assert service.databases_stale()
    service.compile_logins()
    assert not service.databases_stale()
    Path(databases[0]).touch()
    os.utime(databases[0], (5, 5))
    assert service.databases_stale()


def test_what_makeuserdb_says_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "run", lambda argv: Outcome(tuple(argv), 1, "", "no room"))
    with pytest.raises(Refused, match="makeuserdb: no room"):
        service.compile_logins()


@pytest.fixture
def greeting() -> Iterator[int]:
    """A port where somebody says hello."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    client, _address = server.accept()
                except OSError:
                    return
                with client:
                    client.sendall(b"* OK hello\r\n")

        threading.Thread(target=answer, daemon=True).start()
        yield int(server.getsockname()[1])


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_WAIT_SECONDS", 0.3)
    monkeypatch.setattr(units, "log_of", lambda *_words, **_named: "its own words")


def listening(port: int, protocol: str = "imap") -> object:
    raw = {"name": "x", "protocol": protocol, "port": port, "behind_tls": True}
    return courier(listeners=[raw], backend_address="127.0.0.1")


@pytest.mark.usefixtures("quick")
def test_it_is_believed_when_it_greets_and_knows_somebody(
    greeting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def authtest(argv: list[str]) -> Outcome:
        asked.append(argv)
        return Outcome(tuple(argv), 0 if len(asked) > 1 else 1, "", "not yet")

    monkeypatch.setattr(service, "run", authtest)
    service.take(listening(greeting), [], "alice@example.org")  # type: ignore[arg-type]
    assert asked == [["authtest", "alice@example.org"]] * 2


@pytest.mark.usefixtures("quick")
def test_silence_another_greeting_or_an_unknown_login_are_refused(
    greeting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "run", lambda argv: Outcome(tuple(argv), 1, "", "unknown"))
    with pytest.raises(Refused, match="pop3 does not greet but says"):
        service.take(listening(greeting, "pop3"), [], "")  # type: ignore[arg-type]
    with pytest.raises(Refused, match=r"(?s)imap does not answer at .*its own words"):
        service.take(listening(1), [], "")  # type: ignore[arg-type]
    with pytest.raises(Refused, match="authtest a@x: unknown"):
        service.take(listening(greeting), [], "a@x")  # type: ignore[arg-type]


def test_a_place_is_written_as_couriertcpd_takes_it() -> None:
    assert Listener("imap", "192.0.2.1", 943).place == "192.0.2.1.943"
    assert Listener("imap", "", 143).place == "143"
