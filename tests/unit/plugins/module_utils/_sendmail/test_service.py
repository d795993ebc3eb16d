"""Tests of making the host run exactly what a mode calls for, against a played systemd."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._sendmail import service
from ansible_collections.postern.mail.plugins.module_utils._sendmail.units import (
    DAEMON,
    HANDOVER,
    PACKAGED_UNIT,
    QUEUE,
    SUBMIT,
    Services,
    unit_path,
)

RUNNER = "sendmail: MTA: Queue runner@01:00:00 for /var/spool/mqueue"
CLIENT = "sendmail: MSP: Queue runner@00:05:00 for /var/spool/mqueue-client"
LISTENER = "sendmail: MTA: accepting connections"
TITLES = {QUEUE: RUNNER, SUBMIT: CLIENT, DAEMON: LISTENER}


@dataclass
class Host:
    """A played systemd with its processes: what runs, and every command that it was given."""

    proc: Path
    folder: Path
    active: dict[str, int] = field(default_factory=dict)
    enabled: set[str] = field(default_factory=set)
    masked: bool = True
    broken: set[str] = field(default_factory=set)
    commands: list[tuple[str, ...]] = field(default_factory=list)
    last: int = 100

    def process(self, title: str, parent: int = 1, name: str = "sendmail", ns: str = "") -> int:
        """Add a process; return its number."""
        self.last += 1
        entry = self.proc / str(self.last)
        entry.mkdir()
        (entry / "cmdline").write_bytes(title.encode() + b"\0")
        lines = [f"Name:\t{name}", f"PPid:\t{parent}", f"NSpid:\t{ns or self.last}"]
        (entry / "status").write_text("\n".join(lines))
        return self.last

    def end(self, pid: int, _signal: int = 15) -> None:
        """End a process."""
        for file in (self.proc / str(pid)).iterdir():
            file.unlink()
        (self.proc / str(pid)).rmdir()

    def run(self, argv: Sequence[str], **_options: object) -> Outcome:
        """Answer as systemctl does."""
        words = tuple(argv)
        self.commands.append(words)
        if words[:2] == ("systemctl", "show"):
            return Outcome(words, 0, "\n\n".join(map(self._shown, words[4:])), "")
        if words[0] == "systemctl":
            self._verb(words[1], words[-1])
        return Outcome(words, 0, "", "")

    def _verb(self, verb: str, unit: str) -> None:
        if verb in ("stop", "restart") and self.active.pop(unit, 0):
            self._end_of(unit)
        if verb == "restart":
            running = unit in TITLES and unit not in self.broken
            self.active[unit] = self.process(TITLES[unit]) if running else 0
            if unit in self.broken:
                del self.active[unit]
        if verb == "enable":
            self.enabled.add(unit)
            (self.folder / "multi-user.target.wants").mkdir(exist_ok=True)
            (self.folder / "multi-user.target.wants" / unit).symlink_to("/nowhere")
        if verb == "mask":
            self.masked = True

    def _end_of(self, unit: str) -> None:
        for entry in list(self.proc.iterdir()):
            if TITLES.get(unit, "?").encode() in (entry / "cmdline").read_bytes():
                self.end(int(entry.name))

    def _shown(self, unit: str) -> str:
        active = "active" if unit in self.active else "inactive"
        linked = (self.folder / "multi-user.target.wants" / unit).is_symlink()
        load = "masked" if unit == PACKAGED_UNIT and self.masked else "loaded"
        lines = [f"Id={unit}", f"ActiveState={active}", f"LoadState={load}"]
        lines += [f"UnitFileState={'enabled' if linked else 'disabled'}"]
        return "\n".join([*lines, f"MainPID={self.active.get(unit, 0)}"])


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """Return a host on which nothing runs, and put it in place of the real one."""
    played = Host(tmp_path / "proc", tmp_path / "units")
    played.proc.mkdir()
    played.folder.mkdir()
    monkeypatch.setattr(service, "_PROC", played.proc)
    monkeypatch.setattr(service, "_FOLDER", played.folder)
    monkeypatch.setattr(service, "_PATIENCE_SECONDS", 0.3)
    for module in (service, units):
        monkeypatch.setattr(module, "run", played.run)
    monkeypatch.setattr(service, "greets", lambda _place: "")
    monkeypatch.setattr(service, "endpoints", lambda _text: [])
    monkeypatch.setattr(service, "CF_PATH", str(tmp_path / "sendmail.cf"))
    (tmp_path / "sendmail.cf").write_text("")
    monkeypatch.setattr(service.os, "kill", played.end)
    return played


def settle(services: Services, changed: Sequence[str] = (), reload_needed: bool = False) -> None:
    service.settle(services.units, changed, reload_needed)


def test_everything_of_the_mode_starts_now_and_at_boot(host: Host) -> None:
    settle(Services())
    assert set(host.active) == {HANDOVER, QUEUE, SUBMIT}
    assert host.enabled == {HANDOVER, QUEUE, SUBMIT}
    assert service.in_service(Services().units)


def test_a_second_time_nothing_is_touched(host: Host) -> None:
    settle(Services(mode="daemon"))
    host.commands.clear()
    settle(Services(mode="daemon"))
    assert all(words[1] == "show" for words in host.commands)


def test_back_to_queue_mode_the_daemon_goes_though_its_unit_file_is_gone(host: Host) -> None:
    settle(Services(mode="daemon"))
    settle(Services(), [unit_path(DAEMON)])
    assert DAEMON not in host.active
    assert not (host.folder / "multi-user.target.wants" / DAEMON).is_symlink()
    assert len(service.read_running().residents) == 2


def test_what_the_packaged_script_left_behind_ends(host: Host) -> None:
    host.masked = False
    host.process(LISTENER, name="sendmail-mta")
    host.process("sendmail: MSP: Queue runner@00:20:00 for x", name="sendmail-msp")
    settle(Services())
    assert host.masked
    assert sorted(service.read_running().residents.values()) == [CLIENT, RUNNER]


@pytest.mark.parametrize("words", ["-Am\0-bd\0-q10m", "-Am\0-q7m", "-L\0x\0-bD"])
def test_a_daemon_that_waits_for_its_port_ends_too(host: Host, words: str) -> None:
    host.process(f"/usr/sbin/sendmail-mta\0{words}", name="sendmail-mta")
    settle(Services())
    assert sorted(service.read_running().residents.values()) == [CLIENT, RUNNER]


@pytest.mark.parametrize("words", ["-Am\0-bs", "-t\0-i", "-q", "-qIabc", "-Am\0-bv\0x@example.org"])
def test_who_only_has_something_to_do_is_left_to_it(host: Host, words: str) -> None:
    busy = host.process(f"/usr/sbin/sendmail\0{words}")
    settle(Services())
    assert (host.proc / str(busy)).exists()


def test_who_delivers_or_only_looks_like_sendmail_is_left_alone(host: Host) -> None:
    settle(Services())
    parent = host.active[QUEUE]
    others = {
        host.process(RUNNER, parent=parent),
        host.process("sendmail: 6AN80 mx.example.net.: user open"),
        host.process(LISTENER, name="python3"),
        host.process(LISTENER, ns="900 12"),
    }
    settle(Services())
    assert all((host.proc / str(pid)).exists() for pid in others)


def test_changed_unit_restarts_alone_and_changed_settings_are_read_again(host: Host) -> None:
    settle(Services(mode="daemon"))
    host.commands.clear()
    settle(Services(mode="daemon", queue_interval="15m"), [unit_path(QUEUE)], reload_needed=True)
    verbs = {words[-1]: words[1] for words in host.commands if words[1] in ("restart", "reload")}
    assert verbs == {QUEUE: "restart", DAEMON: "reload", SUBMIT: "restart"}
    assert ("systemctl", "daemon-reload") in host.commands


def test_unit_that_does_not_stay_is_refused_by_name(host: Host) -> None:
    host.broken = {QUEUE}
    with pytest.raises(Refused, match=f"{QUEUE} does not run"):
        settle(Services())


def test_silence_is_refused_in_its_words(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "greets", lambda place: f"no answer at {place.path}")
    with pytest.raises(Refused, match="no answer at /run/postern-sendmail/handover"):
        settle(Services())
    assert host.active


def test_what_is_amiss_is_named(host: Host) -> None:
    settle(Services())
    host.active.pop(SUBMIT)
    host.masked = False
    found = service.read_running().amiss(Services().units)
    assert f"{SUBMIT} does not run" in found
    assert f"{PACKAGED_UNIT} is not masked" in found
    assert any("is left over" in words for words in found)


def test_undoing_never_raises(host: Host) -> None:
    host.broken = {QUEUE}
    service.settle_again([])
    assert host.commands
