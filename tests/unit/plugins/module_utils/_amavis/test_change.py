"""A change brings files and units forward together, or neither."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._amavis import change as subject
from ansible_collections.postern.mail.plugins.module_utils._amavis.model import Amavis
from ansible_collections.postern.mail.plugins.module_utils._amavis.render import CONFIGURATION
from ansible_collections.postern.mail.plugins.module_utils._amavis.service import ALL
from ansible_collections.postern.mail.plugins.module_utils._amavis.wanted import (
    AMAVIS,
    EXPIRY_TIMER,
    FILTERED,
    MASK,
    MILTER,
    PATHS,
    Surroundings,
)
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Plan
from ansible_collections.postern.mail.tests.unit.amavises import told
from ansible_collections.postern.mail.tests.unit.memory_host import MemoryHost

POSTFIX = Surroundings(("postdrop",), "postfix")
SENDMAIL = Surroundings((), "root", ("/usr/sbin/sendmail", "-bs"))
CONTROL = "/var/lib/amavis/amavisd.sock"


class Daemon:
    """An amavis that notes what is asked of it, and refuses if told so."""

    ALL = ALL

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.refuses = False
        self.installed = True

    def is_installed(self) -> bool:
        return self.installed

    def judge(self, plan: Plan) -> None:
        self.calls.append(("judge", plan.changed))

    def take(self, _plan: Plan, wanted: Sequence[str], sockets: Iterable[str]) -> None:
        self.calls.append(("take", *wanted, *sockets))
        if self.refuses:
            raise Refused("it does not answer")

    def take_again(self, wanted: Sequence[str], stopped: Sequence[str]) -> None:
        self.calls.append(("take_again", *wanted, "and", *stopped))

    def forget(self) -> None:
        self.calls.append(("forget",))

    def stop(self, what: Iterable[str]) -> None:
        self.calls.append(("stop", *what))


class Host(MemoryHost):
    """A host with amavis."""

    def __init__(self) -> None:
        super().__init__()
        self.daemon = Daemon()
        self.running: set[str] = set()

    def change(self, amavis: Amavis | None, around: Surroundings = POSTFIX) -> subject.Change:
        return subject.make_change(amavis, around)


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Host:
    made = Host()
    monkeypatch.setattr(subject, "read_present", made.read_present)
    monkeypatch.setattr(subject, "apply", made.apply)
    monkeypatch.setattr(subject, "service", made.daemon)
    monkeypatch.setattr(subject, "in_service", lambda unit: unit in made.running)
    return made


def test_amavis_judges_first_and_a_second_run_is_silent(host: Host) -> None:
    change = host.change(told())
    change.judge()
    change.apply()
    sockets = (CONTROL, "/run/postern-filter/strangers", "/run/postern-filter/own")
    assert host.daemon.calls == [
        ("judge", True),
        ("stop", EXPIRY_TIMER, MILTER, FILTERED),
        ("take", AMAVIS, *sockets),
    ]
    host.running = {AMAVIS}
    again = host.change(told())
    again.apply()
    assert not again.changed
    assert again.diff() == []
    assert len(host.daemon.calls) == 3


def test_with_a_milter_each_socket_has_to_answer(host: Host) -> None:
    host.change(told(takes="milter"), SENDMAIL).apply()
    sockets = (CONTROL, "/run/postern-filter/milter", "/run/postern-filtered/socket")
    assert host.daemon.calls == [
        ("stop", EXPIRY_TIMER),
        ("take", FILTERED, AMAVIS, MILTER, *sockets),
    ]


def test_a_quarantine_that_expires_has_a_timer_beside_amavis(host: Host) -> None:
    host.change(told(quarantine_days=60)).apply()
    assert host.daemon.calls[0] == ("stop", MILTER, FILTERED)
    assert host.daemon.calls[1][:3] == ("take", AMAVIS, EXPIRY_TIMER)
    host.running = {AMAVIS, EXPIRY_TIMER}
    assert not host.change(told(quarantine_days=60)).changed
    host.change(told()).apply()
    assert ("stop", EXPIRY_TIMER, MILTER, FILTERED) in host.daemon.calls


def test_units_stop_while_systemd_can_still_read_their_files(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.change(told(takes="milter"), SENDMAIL).apply()
    seen = []
    monkeypatch.setattr(host.daemon, "stop", lambda _units: seen.append(host.files[MASK]))
    host.change(None).apply()
    [milter] = seen
    assert milter is not None
    assert b"ExecStart=" in milter.content


def test_a_check_shows_files_and_units(host: Host) -> None:
    shown = host.change(told(takes="milter")).diff()
    assert CONFIGURATION in [entry["after_header"] for entry in shown]
    assert shown[-1]["after"] == "amavis.service, amavisd-milter.service started and enabled\n"


def test_a_unit_that_has_died_is_a_change(host: Host) -> None:
    host.change(told()).apply()
    change = host.change(told())
    assert change.changed
    assert [entry["after_header"] for entry in change.diff()] == ["units"]


def test_what_does_not_come_up_is_taken_back(host: Host) -> None:
    host.daemon.refuses = True
    with pytest.raises(Refused):
        host.change(told()).apply()
    assert not any(host.files.values())
    assert host.daemon.calls[-1] == ("take_again", AMAVIS, "and")


def test_what_stopped_for_a_configuration_that_is_refused_starts_again(host: Host) -> None:
    host.change(told(takes="milter"), SENDMAIL).apply()
    host.running = {AMAVIS, MILTER, FILTERED}
    host.daemon.refuses = True
    with pytest.raises(Refused):
        host.change(told()).apply()
    assert host.daemon.calls[-1] == ("take_again", AMAVIS, "and", MILTER, FILTERED)


def test_a_filter_that_is_not_wanted_any_more_rests(host: Host) -> None:
    host.change(told(takes="milter"), SENDMAIL).apply()
    host.running = {AMAVIS, MILTER, FILTERED}
    away = host.change(None)
    assert away.diff()[-1]["after"] == "stopped\n"
    away.apply()
    assert host.daemon.calls[-2:] == [("stop", *ALL), ("forget",)]
    assert [path for path in PATHS if host.files.get(path)] == [MASK]
    host.running = set()
    assert not host.change(None).changed


def test_the_timer_stays_while_there_is_something_in_quarantine(host: Host) -> None:
    host.change(told(quarantine_days=60)).apply()
    host.running = {AMAVIS, EXPIRY_TIMER}
    left = Surroundings(left_days=60)
    away = host.change(None, left)
    assert away.diff()[-1]["after"] == f"{EXPIRY_TIMER} started and enabled\n"
    away.apply()
    assert host.daemon.calls[-2:] == [("stop", MILTER, AMAVIS, FILTERED), ("take", EXPIRY_TIMER)]
    host.running = {EXPIRY_TIMER}
    assert not host.change(None, left).changed
    host.running = {EXPIRY_TIMER, AMAVIS}  # started by somebody
    assert host.change(None, left).changed
    host.running = {EXPIRY_TIMER}
    host.change(None).apply()
    assert host.daemon.calls[-2:] == [("stop", *ALL), ("forget",)]
    host.running = set()
    assert not host.change(None).changed


def test_debians_milter_is_masked_wherever_none_is_wanted(host: Host) -> None:
    host.change(told()).apply()
    assert host.files[MASK] == File(b"")
    host.change(told(takes="milter")).apply()
    assert host.files[MASK] != File(b"")
    host.change(None).apply()
    assert host.files[MASK] == File(b"")


@pytest.mark.parametrize("milter", [None, File(b"[Service]\n")])
def test_another_amavis_is_left_alone(host: Host, milter: File | None) -> None:
    host.running = {AMAVIS, MILTER}
    host.files["/etc/amavis/conf.d/50-user"] = File(b"1;\n")
    host.files[MASK] = milter
    change = host.change(None)
    assert not change.changed
    assert change.diff() == []
    change.apply()
    assert host.daemon.calls == []


def test_before_the_installation_nobody_is_asked(host: Host) -> None:
    host.daemon.installed = False
    host.change(told()).judge()
    assert host.daemon.calls == []
