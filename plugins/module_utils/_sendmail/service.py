"""Making the host run exactly what a mode calls for, and believing it only when it answers."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run
from ansible_collections.postern.mail.plugins.module_utils._core.units import (
    demand,
    read_units_again,
    systemctl,
)

from .greeting import Endpoint, endpoints, greets
from .units import (
    DAEMON,
    HANDOVER,
    HANDOVER_PATH,
    PACKAGED_UNIT,
    QUEUE,
    SUBMIT,
    TMPFILES_PATH,
    UNIT_PATHS,
    UNITS,
    unit_path,
)

CF_PATH = "/etc/mail/sendmail.cf"
_PROC = Path("/proc")
_FOLDER = Path("/etc/systemd/system")
# How a process calls itself that stays: a listener or a queue runner, not one that delivers.
_RESIDENT = ("accepting connections", "rejecting connections", "Queue runner@")
# One that has not given itself a name yet still has its arguments: a daemon that waits for its port
# to become free would take it as soon as the other stops.
_STAYS = re.compile(r"-b[dD]|-q\d\w*")
_RESIDENT_UNITS = (DAEMON, QUEUE, SUBMIT)
_PATIENCE_SECONDS = 30.0


@dataclass(frozen=True)
class Unit:
    """What systemd says of a unit."""

    active: bool = False
    enabled: bool = False
    masked: bool = False
    main_pid: int = 0


@dataclass(frozen=True)
class Running:
    """What runs: the units, and Sendmail's own resident processes with what each calls itself."""

    units: dict[str, Unit] = field(default_factory=dict)
    residents: dict[int, str] = field(default_factory=dict)

    def unit(self, name: str) -> Unit:
        """Return a unit; one that systemd does not know is neither active nor enabled."""
        return self.units.get(name, Unit())

    def strays(self) -> dict[int, str]:
        """Return the residents that are no unit's main process."""
        mains = {self.unit(name).main_pid for name in _RESIDENT_UNITS}
        return {pid: title for pid, title in self.residents.items() if pid not in mains}

    def amiss(self, wanted: Iterable[str]) -> list[str]:
        """Return in words what differs from those units running alone; nothing when all is well."""
        names = tuple(wanted)
        found = [f"{PACKAGED_UNIT} is not masked"] * (not self.unit(PACKAGED_UNIT).masked)
        for name in UNITS:
            unit = self.unit(name)
            if name in names:
                found += [f"{name} does not run"] * (not unit.active)
                found += [f"{name} does not start at boot"] * (not unit.enabled)
            elif unit.active or unit.enabled:
                found.append(f"{name} runs or starts at boot, and shall not")
        found += [f"{title!r} (process {pid}) is left over" for pid, title in self.strays().items()]
        return found


def read_running() -> Running:
    """Return what runs now."""
    return Running(_units((*UNITS, PACKAGED_UNIT)), _residents())


def in_service(wanted: Iterable[str]) -> bool:
    """Whether those units, and nothing else of Sendmail, run now and start at boot."""
    return not read_running().amiss(wanted)


def present_units() -> tuple[str, ...]:
    """Return the units whose files are on the host, in the order in which they start."""
    return tuple(unit for unit in UNITS if Path(unit_path(unit)).exists())


def settle(wanted: Collection[str], changed: Collection[str], reload_needed: bool) -> None:
    """Make those units run, and nothing else of Sendmail; raise Refused when they do not answer.

    `changed` are the paths just written. A unit whose own file is among them is restarted; the
    others read their configuration again when `reload_needed` says so.
    """
    since = f"@{time.time():.3f}"
    if UNIT_PATHS & set(changed):
        read_units_again(HANDOVER)
    _stop_others(wanted)
    if Path(TMPFILES_PATH).exists():
        run(["systemd-tmpfiles", "--create", TMPFILES_PATH])
    running = read_running()
    for name in (unit for unit in UNITS if unit in wanted):
        _start(name, running.unit(name), unit_path(name) in changed, reload_needed)
    _wait(wanted, since)


def settle_again(changed: Collection[str]) -> None:
    """Run again what the files call for that have just returned; as much of it as goes."""
    with contextlib.suppress(Refused):
        settle(present_units(), changed, reload_needed=True)


def _stop_others(wanted: Collection[str]) -> None:
    """Stop the packaged unit, the units of another mode, and what either has left behind."""
    running = read_running()
    if not running.unit(PACKAGED_UNIT).masked:
        systemctl("stop", PACKAGED_UNIT)
        demand(PACKAGED_UNIT, "mask", "--quiet")
    for name in UNITS:
        unit = running.unit(name)
        if name not in wanted and (unit.active or unit.enabled):
            _forget(name)
    _end(read_running().strays())


def _forget(name: str) -> None:
    """Stop a unit, and see that it starts no more: its file may be gone, and `disable` wants it."""
    systemctl("stop", name)
    for folder in _FOLDER.glob("*.wants"):
        (folder / name).unlink(missing_ok=True)


def _end(strays: Collection[int]) -> None:
    """End processes as Sendmail's own manual does, and wait until they are gone.

    A runner's children, which deliver, finish what they have begun.
    """
    for pid in strays:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end and any((_PROC / str(pid)).exists() for pid in strays):
        time.sleep(0.1)


def _start(name: str, unit: Unit, rewritten: bool, reload_needed: bool) -> None:
    if not unit.enabled:
        demand(name, "enable", "--quiet")
    if rewritten or not unit.active:
        systemctl("reset-failed", name)
        demand(name, "restart")
    elif reload_needed and name in _RESIDENT_UNITS:
        # A queue runner that is told to read its files again becomes another process.
        demand(name, "reload" if name == DAEMON else "restart")


def _wait(wanted: Collection[str], since: str) -> None:
    """Wait until every endpoint greets and the processes are exactly those expected."""
    end = time.monotonic() + _PATIENCE_SECONDS
    residents = [name for name in _RESIDENT_UNITS if name in wanted]
    while wrong := _wrong(wanted, len(residents)):
        if time.monotonic() > end:
            raise Refused("\n".join(["Sendmail does not come back:", *wrong, _journal(since)]))
        time.sleep(0.4)


def _wrong(wanted: Collection[str], residents: int) -> list[str]:
    """Return what is not as it shall be yet."""
    running = read_running()
    found = running.amiss(wanted)
    if not found and len(running.residents) != residents:
        count = len(running.residents)
        found = [f"{count} processes of Sendmail stay, not {residents}"]
    for place in [] if found else _places(wanted):
        if words := greets(place):
            return [words]
    return found


def _places(wanted: Collection[str]) -> list[Endpoint]:
    places = [Endpoint(path=HANDOVER_PATH)]
    if DAEMON in wanted:
        places += endpoints(Path(CF_PATH).read_text(encoding="utf-8", errors="replace"))
    return places


def _journal(since: str) -> str:
    units = [word for name in (*UNITS, "postern-sendmail-handover@*") for word in ("-u", name)]
    said = run(["journalctl", *units, "--since", since, "-n", "15", "-o", "cat", "--no-pager"])
    return said.out.strip()


def _units(names: Iterable[str]) -> dict[str, Unit]:
    """Ask systemd for all units at once."""
    asked = "--property=Id,ActiveState,UnitFileState,LoadState,MainPID"
    said = systemctl("show", asked, "--", *names).out
    blocks = [dict(line.partition("=")[::2] for line in b.splitlines()) for b in said.split("\n\n")]
    return {
        block["Id"]: Unit(
            active=block.get("ActiveState") in ("active", "reloading"),
            enabled=block.get("UnitFileState") == "enabled",
            masked=block.get("LoadState") == "masked",
            main_pid=int(block.get("MainPID", "0")),
        )
        for block in blocks
        if "Id" in block
    }


def _residents() -> dict[int, str]:
    """Return Sendmail's processes that stay, by what they call themselves.

    A child bears its parent's name until it gives itself one, so children are left out.
    """
    found = {}
    parents = {}
    for entry in (entry for entry in _PROC.iterdir() if entry.name.isdecimal()):
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
            if _stays(words):
                status = _status(entry)
                if (
                    status["Name"].startswith("sendmail")
                    and len(status.get("NSpid", "").split()) < 2
                ):
                    found[int(entry.name)] = " ".join(words).strip()
                    parents[int(entry.name)] = int(status["PPid"])
    return {pid: title for pid, title in found.items() if parents.get(pid) not in found}


def _stays(words: Sequence[str]) -> bool:
    """Say whether a process stays, by its command line: the name that it has given itself, if any.

    words: its parts.
    """
    if words[0].startswith("sendmail: "):
        return any(word in words[0] for word in _RESIDENT)
    return any(_STAYS.fullmatch(word) for word in words[1:])


def _status(entry: Path) -> dict[str, str]:
    """Return what the kernel says of a process; one in a container has several numbers (NSpid)."""
    lines = (entry / "status").read_text(encoding="utf-8", errors="replace").splitlines()
    pairs = (line.partition(":")[::2] for line in lines)
    return {key: value.strip() for key, value in pairs}
