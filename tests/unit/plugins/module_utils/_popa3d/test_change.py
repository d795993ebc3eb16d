"""A change brings users, files and sockets forward, and sessions of those who left to their end."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Plan
from ansible_collections.postern.mail.plugins.module_utils._popa3d import change as subject
from ansible_collections.postern.mail.plugins.module_utils._popa3d.model import Person
from ansible_collections.postern.mail.plugins.module_utils._popa3d.render import PEOPLE
from ansible_collections.postern.mail.plugins.module_utils._popa3d.wanted import SERVICE, SOCKET
from ansible_collections.postern.mail.tests.unit.memory_host import MemoryHost

KNOWN = {"popa3d": (101, 103), "alice": (1000, 1000), "carol": (1001, 1001)}
ALICE, CAROL = Person("alice@example.org", "alice"), Person("carol@example.org", "carol")
DAVE = Person("dave@example.org", "dave")


class Daemon:
    """A popa3d that notes what is asked of it, and refuses if told so."""

    UNIT = "popa3d.socket"

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.refuses = False
        self.installed = True

    def is_installed(self) -> bool:
        return self.installed

    def judge(self, _plan: Plan) -> None:
        self.calls.append("judge")

    def take(self, _plan: Plan, listen: Iterable[str]) -> None:
        self.calls.append(("take", *listen))
        if self.refuses:
            raise Refused("it does not answer")

    def take_again(self, _plan: Plan) -> None:
        self.calls.append("take_again")

    def end_sessions(self, uids: Collection[int]) -> None:
        self.calls.append(("end", *sorted(uids)))


class Host(MemoryHost):
    """A host with a popa3d."""

    def __init__(self) -> None:
        super().__init__()
        self.daemon = Daemon()
        self.running = False

    def change(
        self, *people: Person, listen: tuple[str, ...] = ("192.0.2.1:910",)
    ) -> subject.Change:
        return subject.make_change(people, KNOWN, listen, (40, 10))


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Host:
    made = Host()
    monkeypatch.setattr(subject, "read_present", made.read_present)
    monkeypatch.setattr(subject, "apply", made.apply)
    monkeypatch.setattr(subject, "service", made.daemon)
    monkeypatch.setattr(subject, "in_service", lambda _unit: made.running)
    monkeypatch.setattr(
        subject, "make_users", lambda users: made.daemon.calls.append([u.name for u in users])
    )
    return made


def test_users_are_made_first_and_a_second_run_is_silent(host: Host) -> None:
    change = host.change(ALICE, DAVE)
    change.judge()
    change.apply()
    assert host.daemon.calls == ["judge", ["dave"], ("take", "192.0.2.1:910"), ("end",)]
    host.running = True
    known = {**KNOWN, "dave": (1002, 1002)}
    again = subject.make_change([ALICE, DAVE], known, ("192.0.2.1:910",), (40, 10))
    assert not again.changed
    assert again.diff() == []


def test_a_check_shows_users_files_and_the_socket(host: Host) -> None:
    shown = host.change(DAVE).diff()
    assert shown[0]["after"] == "dave (number 1002)\n"
    assert shown[-1]["after"] == "popa3d.socket started and enabled\n"
    assert SOCKET in [entry["after_header"] for entry in shown]


def test_sessions_of_those_who_leave_are_ended(host: Host) -> None:
    host.change(ALICE, CAROL).apply()
    host.daemon.calls.clear()
    host.change(ALICE, Person(CAROL.login, CAROL.user, locked=True)).apply()
    assert host.daemon.calls[-1] == ("end", 1001)
    people = host.files[PEOPLE]
    assert people is not None
    assert b"carol" not in people.content


def test_what_does_not_come_up_is_taken_back(host: Host) -> None:
    host.daemon.refuses = True
    with pytest.raises(Refused):
        host.change(ALICE).apply()
    assert host.files.get(SOCKET) is None
    assert host.daemon.calls[-1] == "take_again"


def test_another_store_takes_ours_back_and_leaves_what_is_not(host: Host) -> None:
    host.change(ALICE).apply()
    host.running = True
    away = host.change(listen=())
    away.apply()
    assert [host.files[path] for path in (SOCKET, SERVICE, PEOPLE)] == [None, None, None]
    assert host.daemon.calls[-2:] == [("take",), ("end", 1000)]
    host.files[SOCKET] = File(b"[Socket]\nListenStream=110\n")
    assert not host.change(listen=()).changed


def test_where_it_is_not_installed_yet_nobody_is_asked(host: Host) -> None:
    host.daemon.installed = False
    host.change(ALICE).judge()
    assert host.daemon.calls == []
