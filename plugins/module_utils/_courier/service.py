"""Courier's services: what has to be done about them, and believing only what answers."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import socket
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run
from ansible_collections.postern.mail.plugins.module_utils._core.plan import deed_diff

from .model import Courier, Listener
from .wanted import AUTHDAEMON_UNIT, IMAP_UNIT, POP_UNIT, USERDB

# Their own TLS, which no setting of the packages' build keeps from old protocols.
_NEVER = ("courier-imap-ssl.service", "courier-pop-ssl.service")
_DATABASES = (f"{USERDB}.dat", f"{USERDB}shadow.dat")
_WAIT_SECONDS = 15.0
_GREETINGS = {"imap": b"* OK", "pop3": b"+OK"}


@dataclass(frozen=True)
class Unit:
    """What systemd knows of a service."""

    name: str
    active: bool
    enabled: bool


@dataclass(frozen=True)
class Deed:
    """What is to be done about a service: stop or disable it, or start, start anew, enable it."""

    unit: str
    words: str
    after: str


def wanted_units(courier: Courier) -> dict[str, bool]:
    """Return which services shall run; one that nobody may reach does not."""
    return {
        **dict.fromkeys(_NEVER, False),
        AUTHDAEMON_UNIT: courier.serves("imap") or courier.serves("pop3"),
        IMAP_UNIT: courier.serves("imap"),
        POP_UNIT: courier.serves("pop3"),
    }


def present_units(names: Iterable[str]) -> dict[str, Unit]:
    """Return what systemd knows of the services."""
    names = list(names)
    said = units.systemctl("show", "--property=Id,ActiveState,UnitFileState", *names).out
    found = {}
    for block in said.split("\n\n"):
        known = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        if name := known.get("Id"):
            # A service that has crashed is being started again by systemd.
            active = known.get("ActiveState") in ("active", "activating", "reloading")
            found[name] = Unit(name, active, known.get("UnitFileState") == "enabled")
    return {name: found.get(name, Unit(name, active=False, enabled=False)) for name in names}


def plan_units(
    wanted: Mapping[str, bool], present: Mapping[str, Unit], anew: Collection[str]
) -> list[Deed]:
    """Return what has to be done, those that go first: the ports change hands."""
    deeds = []
    for name, on in sorted(wanted.items(), key=lambda pair: pair[1]):
        unit = present[name]
        if unit.enabled != on:
            word = "enable" if on else "disable"
            deeds.append(Deed(name, f"--quiet {word}", f"{word}d"))
        if unit.active and not on:
            deeds.append(Deed(name, "stop", "stopped"))
        elif on and (name in anew or not unit.active):
            deeds.append(Deed(name, "restart", "started"))
    return deeds


def units_diff(deeds: Iterable[Deed]) -> dict[str, str]:
    """Return what changes in the form that Ansible prints under --diff."""
    after = "".join(f"{deed.unit}: {deed.after}\n" for deed in deeds)
    return deed_diff("services", after)


def databases_stale() -> bool:
    """Say whether the compiled logins are older than their source, or missing."""
    try:
        source = Path(USERDB).stat().st_mtime_ns
        return any(Path(path).stat().st_mtime_ns < source for path in _DATABASES)
    except FileNotFoundError:
        return True


def compile_logins() -> None:
    """Make the databases that authdaemond asks; they change at once and as a whole."""
    outcome = run(["makeuserdb"])
    if not outcome.ok:
        raise Refused(f"makeuserdb: {outcome.words}")
    now = time.time()
    for path in _DATABASES:  # its own clock may be a tick behind the source's
        os.utime(path, (now, now))


def take(courier: Courier, deeds: Iterable[Deed], known_login: str) -> None:
    """Do it, then wait until all answer; raise Refused with Courier's own words."""
    for deed in deeds:
        units.demand(deed.unit, *deed.words.split())
    end = time.monotonic() + _WAIT_SECONDS
    for listener in courier.listeners:
        while wrong := _greets(listener):
            _wait_or_refuse(end, wrong, IMAP_UNIT if listener.protocol == "imap" else POP_UNIT)
    while known_login and courier.listeners:
        outcome = run(["authtest", known_login])
        if outcome.ok:
            break
        _wait_or_refuse(end, f"authtest {known_login}: {outcome.words}", AUTHDAEMON_UNIT)


def _wait_or_refuse(end: float, wrong: str, unit: str) -> None:
    if time.monotonic() > end:
        said = units.log_of(unit, lines=units.LAST_LINES)
        raise Refused("\n".join(["Courier does not take the new configuration", wrong, said]))
    time.sleep(0.1)


def _greets(listener: Listener) -> str:
    """Return an empty string when the service greets, else what it does."""
    host = listener.address or "127.0.0.1"
    try:
        with socket.create_connection((host, listener.port), timeout=5) as client:
            first = client.recv(512)
    except OSError as error:
        return f"{listener.protocol} does not answer at {host}:{listener.port}: {error}"
    if first.startswith(_GREETINGS[listener.protocol]):
        return ""
    return f"{listener.protocol} does not greet but says {first[:80]!r}"
