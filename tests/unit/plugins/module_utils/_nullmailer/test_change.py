"""A change brings files and daemon forward together, or both back."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._nullmailer import change as subject
from ansible_collections.postern.mail.plugins.module_utils._nullmailer.wanted import (
    MASTER_COPY,
    REMOTES,
    TRUSTED_BY_HOST,
)
from ansible_collections.postern.mail.tests.unit.memory_host import MemoryHost
from ansible_collections.postern.mail.tests.unit.nullmailers import told

CERTIFICATE = b"-----BEGIN CERTIFICATE-----\none\n-----END CERTIFICATE-----\n"


@dataclass
class Daemon:
    """A nullmailer that notes what is asked of it, and refuses if told so."""

    active: bool = True
    enabled: bool = True
    refuses: bool = False
    calls: list[str] = field(default_factory=list)

    UNIT = "nullmailer.service"

    def is_active(self) -> bool:
        return self.active

    def is_enabled(self) -> bool:
        return self.enabled

    def read_units(self) -> None:
        self.calls.append("read_units")

    def start(self) -> None:
        self._do("start")

    def take(self) -> None:
        self._do("take")

    def enable(self) -> None:
        self._do("enable")

    def stop(self) -> None:
        self.calls.append("stop")

    def pull_trigger(self) -> None:
        self.calls.append("pull_trigger")

    def _do(self, what: str) -> None:
        self.calls.append(what)
        if self.refuses:
            raise Refused("no remote hosts")


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Daemon:
    found = Daemon()
    monkeypatch.setattr(subject, "service", found)
    return found


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> MemoryHost:
    found = MemoryHost()
    found.files[TRUSTED_BY_HOST] = File(CERTIFICATE)
    monkeypatch.setattr(subject, "read_present", found.read_present)
    monkeypatch.setattr(subject, "apply", found.apply)
    return found


def change() -> subject.Change:
    return subject.make_change(told(), TRUSTED_BY_HOST)


def test_a_running_daemon_takes_new_files_and_a_second_run_is_silent(
    host: MemoryHost, daemon: Daemon
) -> None:
    change().apply()
    assert daemon.calls == ["read_units", "take"]
    assert host.files[REMOTES] is not None
    again = change()
    assert (again.changed, again.diff()) == (False, [])
    again.apply()
    assert daemon.calls == ["read_units", "take"]


@pytest.mark.usefixtures("host")
def test_one_that_does_not_run_is_started_and_starts_at_boot(daemon: Daemon) -> None:
    change().apply()
    daemon.calls.clear()
    daemon.active = daemon.enabled = False
    stopped = change()
    assert stopped.changed
    assert stopped.diff()[-1]["after"] == (
        "nullmailer.service started\nnullmailer.service enabled\n"
    )
    stopped.apply()
    assert daemon.calls == ["start", "enable"]


@pytest.mark.parametrize(
    ("active", "calls"),
    [
        (True, ["read_units", "take", "read_units", "pull_trigger"]),
        (False, ["read_units", "start", "read_units", "stop"]),
    ],
)
def test_a_refusal_brings_files_and_daemon_back(
    host: MemoryHost, daemon: Daemon, active: bool, calls: list[str]
) -> None:
    daemon.active, daemon.refuses = active, True
    before = dict(host.files)
    with pytest.raises(Refused, match="no remote hosts"):
        change().apply()
    assert host.files == before
    assert daemon.calls == calls


@pytest.mark.usefixtures("daemon")
def test_a_rehearsal_waits_for_authorities_that_are_yet_to_come(
    host: MemoryHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsed: list[bytes] = []
    monkeypatch.setattr(subject, "rehearse", lambda _wanted, bundle: rehearsed.append(bundle))
    missing = subject.make_change(told(), "/etc/postern/tls/ca.crt")
    assert [problem.where for problem in missing.problems] == ["ca_file"]
    missing.rehearse()
    assert rehearsed == []
    host.files["/etc/postern/tls/ca.crt"] = File(CERTIFICATE)
    subject.make_change(told(), "/etc/postern/tls/ca.crt").rehearse()
    assert rehearsed == [CERTIFICATE * 2]


@pytest.mark.usefixtures("daemon")
def test_by_hand_changes_are_mended(host: MemoryHost) -> None:
    change().apply()
    host.files[MASTER_COPY] = File(b"other\n", 0o600)
    assert change().plan.paths == {MASTER_COPY}
