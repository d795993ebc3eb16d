"""One change of ClamAV from wanted state to plan: what the module shows and applies."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import grp
from dataclasses import dataclass, field

from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused, apply
from ansible_collections.postern.mail.plugins.module_utils._core.groups import (
    add_members,
    plan_members,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import (
    Plan,
    deed_diff,
    make_plan,
)
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from . import rehearsal, service
from .dialogue import scans
from .model import FRESHCLAM, GROUP, USER, Clamav
from .wanted import (
    CLAMD_CONF,
    FRESHCLAM_CONF,
    FRESHCLAM_UNIT,
    SERVICE_DROP_IN,
    SOCKET_DROP_IN,
    UNIT_FILES,
    read_files,
    signature_path,
    wanted_files,
)

_DAEMON_FILES = {CLAMD_CONF, SERVICE_DROP_IN, SOCKET_DROP_IN}
_ON = (True, True)


@dataclass(frozen=True)
class Limits:
    """How long the first signatures may take, and how long a start of the daemon."""

    fetch_seconds: int
    start_seconds: int


@dataclass(frozen=True)
class Change:
    """What is to be done on a host: members of groups first, then files, then the units.

    states: of each unit that shall run, whether it does and whether it starts at boot.
    signed: whether the daemon has the signatures that its units wait for.
    """

    wanted: Clamav
    plan: Plan
    members: Plan
    groups: Plan
    states: dict[str, tuple[bool, bool]]
    signed: bool
    notes: list[str] = field(default_factory=list)

    @property
    def fetches(self) -> bool:
        """Whether freshclam brings signatures."""
        return self.wanted.source == FRESHCLAM

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        return any(plan.changed for plan in self._plans) or bool(self._out_of_service())

    @property
    def _plans(self) -> tuple[Plan, ...]:
        return (self.members, self.groups, self.plan)

    def diff(self) -> list[dict[str, str]]:
        """Return the diff of groups and files, then what happens to the units."""
        lines = "".join(f"{name} started and enabled\n" for name in self._out_of_service())
        found = [entry for plan in self._plans for entry in plan.diff()]
        if lines:
            found.append(deed_diff("units", lines))
        return found

    def judge(self) -> None:
        """Let the programs judge the new files, where they are there."""
        touched = {CLAMD_CONF, FRESHCLAM_CONF} & self.plan.paths or self._own_signatures
        if touched and rehearsal.is_installed():
            rehearsal.rehearse(self.wanted)

    def problems(self) -> list[Problem]:
        """Return what a check run may overlook: what other packages bring."""
        found = []
        for number, group in enumerate(self.wanted.file_groups):
            try:
                grp.getgrnam(group)
            except KeyError:
                what = f'there is no group "{group}" on this host'
                found.append(Problem(f"file_groups[{number}]", what, "install its package first"))
        return found

    def apply(self, limits: Limits) -> None:
        """Bring it to the host; raises Refused when ClamAV does not take it."""
        if not self.changed:
            return
        add_members(GROUP, self.wanted.client_users)
        for group in self.wanted.file_groups:
            add_members(group, [USER])
        apply(self.plan, lambda: self._accept(limits), lambda: self._undo(limits))

    def _accept(self, limits: Limits) -> None:
        self._read_units()
        service.enable()
        if self.fetches:
            self._fetch(limits)
        else:
            service.stop(service.FETCHER, service.PATH)
        if self.fetches and not service.has_signatures():
            service.hold()
        elif self._is_restart or not self.states[service.DAEMON][0]:
            self._start(limits)
        elif self._own_signatures:
            service.load(limits.start_seconds)
        else:
            self._start(limits, anew=False)

    def _fetch(self, limits: Limits) -> None:
        if not self._is_fetching and not service.has_signatures():
            said = service.fetch(limits.fetch_seconds)
            if said:
                self.notes.append(said)
        service.keep_fetching(anew=bool(self.plan.paths & {FRESHCLAM_CONF, FRESHCLAM_UNIT}))

    def _start(self, limits: Limits, *, anew: bool = True) -> None:
        socket_too = anew and SOCKET_DROP_IN in self.plan.paths
        service.start(limits.start_seconds, anew=anew, socket_too=socket_too)

    def _undo(self, limits: Limits) -> None:
        self._read_units()
        if not self._is_fetching:
            service.stop(service.FETCHER, service.PATH)
        elif FRESHCLAM_CONF in self.plan.paths:
            service.keep_fetching(anew=True)
        if not self.states[service.DAEMON][0]:
            service.hold()
            return
        if not self._is_restart and scans():
            return  # it has kept the signatures that it had
        with contextlib.suppress(Refused):  # what the host had did not work either
            self._start(limits)

    def _read_units(self) -> None:
        if self.plan.paths & {*UNIT_FILES}:
            service.read_units()

    @property
    def _is_fetching(self) -> bool:
        return self.states.get(service.FETCHER, (False, False))[0]

    @property
    def _is_restart(self) -> bool:
        return bool(self.plan.paths & _DAEMON_FILES) or self.groups.changed

    @property
    def _own_signatures(self) -> bool:
        return any(path.startswith(signature_path("")) for path in self.plan.paths)

    def _out_of_service(self) -> list[str]:
        """Return the units that do not do what they shall; a daemon may have to wait."""
        waits = () if self.signed else (service.DAEMON, service.SOCKET_UNIT)
        return [
            name
            for name, state in self.states.items()
            if not (state == _ON or (name in waits and state[1]))
        ]


def make_change(wanted: Clamav) -> Change:
    """Compare the wanted state with the host."""
    present = read_files()
    fetches = wanted.source == FRESHCLAM
    names = [service.DAEMON, service.SOCKET_UNIT]
    if fetches:
        names += [service.FETCHER, service.PATH]
    states = service.states(names)
    return Change(
        wanted,
        make_plan(wanted_files(wanted, present), present),
        plan_members(GROUP, wanted.client_users),
        _memberships(wanted),
        states,
        not fetches or service.has_signatures(),
    )


def _memberships(wanted: Clamav) -> Plan:
    """Return what becomes of the system's groups whose files the daemon may read."""
    changes = [
        change for group in wanted.file_groups for change in plan_members(group, [USER]).changes
    ]
    return Plan(tuple(changes))
