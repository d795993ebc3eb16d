"""A change does as little as it has to, and never calls a host fine that can't scan."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._clamav import change as subject
from ansible_collections.postern.mail.plugins.module_utils._clamav import service
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Change, File, Plan
from ansible_collections.postern.mail.tests.unit.clamavs import told
from ansible_collections.postern.mail.tests.unit.memory_host import MemoryHost

LIMITS = subject.Limits(30, 60)
UNITS = ("DAEMON", "SOCKET_UNIT", "FETCHER", "PATH")


class Daemon:
    """A ClamAV that notes what is asked of it, and refuses if told so."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.state = (False, False)
        self.signed = False
        self.refuses = False
        for name in UNITS:
            setattr(self, name, getattr(service, name))

    def states(self, names: list[str]) -> dict[str, tuple[bool, bool]]:
        return dict.fromkeys(names, self.state)

    def has_signatures(self) -> bool:
        return self.signed

    def fetch(self, seconds: int) -> str:
        self.calls.append(("fetch", seconds))
        return "" if self.signed else "no network"

    def start(self, _seconds: int, *, anew: bool, socket_too: bool) -> None:
        self.calls.append(("start", anew, socket_too))
        if self.refuses:
            raise Refused("clamd does not stay")

    def load(self, _seconds: int) -> None:
        self.calls.append("load")
        if self.refuses:
            raise Refused("clamd does not load")

    def __getattr__(self, name: str) -> Any:
        return lambda *_words, **_keywords: self.calls.append(name)


class Host(MemoryHost):
    """A host with a ClamAV, brought to a state and looked at again."""

    def __init__(self) -> None:
        super().__init__()
        self.daemon = Daemon()

    def change(self, **options: Any) -> subject.Change:
        return subject.make_change(told(**options))

    def converged(self, **options: Any) -> None:
        self.change(**options).apply(LIMITS)
        self.daemon.state = (True, True)
        self.daemon.calls.clear()


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Host:
    made = Host()
    monkeypatch.setattr(subject, "apply", made.apply)
    monkeypatch.setattr(subject, "plan_members", lambda _group, _users: Plan())
    monkeypatch.setattr(subject, "add_members", lambda _group, _users: None)
    monkeypatch.setattr(subject, "read_files", lambda: dict(made.files))
    monkeypatch.setattr(subject, "service", made.daemon)
    return made


def test_the_first_signatures_are_fetched_before_the_start(host: Host) -> None:
    change = host.change()
    change.apply(LIMITS)
    assert host.daemon.calls == ["read_units", "enable", ("fetch", 30), "keep_fetching", "hold"]
    assert change.notes == ["no network"]


def test_a_host_that_waits_for_signatures_is_silent_and_one_that_has_them_is_not(
    host: Host,
) -> None:
    host.converged()
    host.daemon.states = lambda names: {  # type: ignore[method-assign]
        name: (name in (service.FETCHER, service.PATH), True) for name in names
    }
    assert not host.change().changed
    host.daemon.signed = True
    assert host.change().diff()[-1]["after"] == (
        "clamav-daemon.service started and enabled\nclamav-daemon.socket started and enabled\n"
    )


def test_signatures_are_loaded_and_settings_start_anew(host: Host) -> None:
    host.daemon.signed = True
    host.converged()
    assert not host.change().changed
    host.converged(local_signatures=[])
    host.daemon.calls.clear()
    host.change().apply(LIMITS)
    assert host.daemon.calls == ["enable", "keep_fetching", "load"]
    host.daemon.calls.clear()
    host.change(threads=7).apply(LIMITS)
    assert host.daemon.calls[-1] == ("start", True, False)


def test_a_daemon_that_does_not_come_back_gets_its_old_files(host: Host) -> None:
    host.daemon.signed = True
    host.converged()
    before = dict(host.files)
    host.daemon.refuses = True
    with pytest.raises(Refused, match="does not stay"):
        host.change(threads=7).apply(LIMITS)
    assert host.files == before
    assert host.daemon.calls[-2:] == [("start", True, False), ("start", True, False)]


@pytest.mark.parametrize("alive", [True, False])
def test_a_daemon_that_keeps_its_signatures_is_left_alone(
    host: Host, alive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.daemon.signed = True
    host.converged(local_signatures=[])
    monkeypatch.setattr(subject, "scans", lambda: alive)
    host.daemon.refuses = True
    with pytest.raises(Refused, match="does not load"):
        host.change().apply(LIMITS)
    last = "load" if alive else ("start", True, False)
    assert host.daemon.calls[-1] == last


def test_without_freshclam_the_sites_signatures_are_enough(host: Host) -> None:
    host.change(signatures_source="none").apply(LIMITS)
    assert host.daemon.calls == ["read_units", "enable", "stop", ("start", True, True)]


def test_membership_of_a_group_needs_a_new_start(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.daemon.signed = True
    host.converged()
    joined = Plan((Change("/etc/group", File(b"mail:x:8:"), File(b"mail:x:8:clamav")),))
    monkeypatch.setattr(
        subject, "plan_members", lambda group, _users: joined if group == "mail" else Plan()
    )
    host.change(file_groups=["mail"]).apply(LIMITS)
    assert host.daemon.calls[-1] == ("start", True, False)


def test_a_group_that_is_not_there_is_named(host: Host) -> None:
    found = host.change(file_groups=["no-such-group-here"]).problems()
    assert [str(problem) for problem in found] == [
        'file_groups[0]: there is no group "no-such-group-here" on this host;'
        " install its package first"
    ]


def test_what_does_not_change_is_not_rehearsed(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    host.daemon.signed = True
    rehearsed: list[object] = []
    monkeypatch.setattr(subject.rehearsal, "is_installed", lambda: True)
    monkeypatch.setattr(subject.rehearsal, "rehearse", rehearsed.append)
    host.change().judge()
    host.converged()
    host.change().judge()
    assert len(rehearsed) == 1
