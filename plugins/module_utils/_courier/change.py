"""What differs between a host and its wanted state, and bringing all of it there in order."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._accounts import processes
from ansible_collections.postern.mail.plugins.module_utils._accounts.passwd import (
    Credential,
    parse_passwd,
)
from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused, apply
from ansible_collections.postern.mail.plugins.module_utils._core.files import read_present
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Plan, make_plan
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from . import inside, service, tree
from .mailboxes import (
    Removal,
    Seen,
    Step,
    contradictions,
    diff,
    plan_mailboxes,
    plan_removals,
    unclaimed,
)
from .model import Courier
from .owner import make_owner, owner_diff, owner_exists, owner_problems
from .parse import parse_userdb
from .render import with_hashes
from .shared import FOLDER
from .wanted import (
    AUTHDAEMON_UNIT,
    DROP_INS,
    USERDB,
    to_restart,
    userdb_file,
    wanted_files,
    wanted_rights,
)


@dataclass(frozen=True)
class Change:
    """Everything that is to be done, in the order of its parts."""

    courier: Courier
    makes_owner: bool
    at_once: Plan | None
    mends: tuple[str, ...]
    steps: tuple[Step, ...]
    makes_shared: tuple[str, ...]
    rights: Plan
    plan: Plan
    compiles: bool
    deeds: tuple[service.Deed, ...]
    was_active: frozenset[str]
    sessions: tuple[processes.Session, ...]
    removals: tuple[Removal, ...]
    present: Mapping[str, Seen]
    unclaimed: tuple[str, ...]
    known_login: str
    problems: tuple[Problem, ...]

    @property
    def changed(self) -> bool:
        """Whether anything is to be done."""
        files = self.plan.changed or self.compiles or self.rights.changed
        mail = self.mends or self.steps or self.makes_shared or self.removals or self.sessions
        return bool(self.makes_owner or files or mail or self.deeds)

    def diff(self) -> list[dict[str, str]]:
        """Return all of it in the form that Ansible prints under --diff."""
        parts = [owner_diff(self.courier.tree)] * self.makes_owner
        parts += [tree.mend_diff(self.mends), diff(self.steps, self.removals, self.present)]
        files = (*self.plan.changes, *self.rights.changes)
        parts += Plan(tuple(sorted(files, key=lambda change: change.path))).diff()
        parts += [service.units_diff(self.deeds)]
        return [part for part in parts if part["before"] or part["after"]]

    def shut_out(self) -> Change:
        """Let locks, removals and new passwords hold, for good, and return what is left to do.

        Nothing that stands in the way of the rest, and no way back of it, may let old ones in.
        """
        left = self
        if self.at_once is not None:
            apply(self.at_once)
            service.compile_logins()
            wanted = {change.path: change.after for change in self.plan.changes}
            present = {change.path: change.before for change in self.plan.changes}
            present |= {change.path: change.after for change in self.at_once.changes}
            plan = make_plan(wanted, present)
            left = replace(self, plan=plan, compiles=USERDB in plan.paths)
        processes.end(self.sessions)
        return replace(left, sessions=())

    def bring(self, archives: str) -> list[str]:
        """Do the rest; Maildirs stand before anybody can log in, and go when nobody can."""
        courier = self.courier
        if self.makes_owner:
            make_owner(courier.tree)
        tree.mend(self.mends)
        for step in self.steps:
            tree.do(courier.tree, step, courier.special_folders)
        for name in self.makes_shared:
            tree.make(courier.tree, Path(courier.tree.folder) / FOLDER / name, ())
        inside.write_files(courier.tree, self.rights)
        apply(self.plan, self._accept, self._undo)
        return [
            path
            for removal in self.removals
            for path in tree.remove(courier.tree, removal, archives)
        ]

    def _accept(self) -> None:
        self._read_files()
        service.take(self.courier, self.deeds, self.known_login)

    def _undo(self) -> None:
        with contextlib.suppress(Refused):
            self._read_files()
            for deed in self.deeds:
                if deed.unit in self.was_active:
                    units.demand(deed.unit, "restart")

    def _read_files(self) -> None:
        if self.plan.paths & set(DROP_INS.values()):
            units.read_units_again(AUTHDAEMON_UNIT)
        if self.compiles and Path(USERDB).exists():
            service.compile_logins()


def look_at_host(courier: Courier, credentials_file: str) -> Change:
    """Compare the host with what is wanted."""
    credentials = parse_passwd(_read(credentials_file))
    wanted = wanted_files(courier, credentials)
    there = read_present(wanted)
    plan = make_plan(wanted, there)
    stale = service.databases_stale()
    present, shared = tree.look(courier.tree), tree.look_shared(courier.tree, FOLDER)
    steps, problems = plan_mailboxes(courier.mailboxes, present)
    names = service.wanted_units(courier)
    found = service.present_units(names)
    open_logins = {
        box.name
        for box in courier.mailboxes
        if box.name in credentials and not credentials[box.name].locked
    }
    complete = {name for name, seen in shared.items() if seen.complete}
    nobodys = set(shared) - {one.name for one in courier.shared}
    return Change(
        courier,
        makes_owner=not owner_exists(courier.tree),
        at_once=_at_once(there[USERDB], courier, credentials, stale=stale),
        mends=tuple(tree.to_mend(courier.tree, FOLDER)),
        steps=tuple(steps),
        makes_shared=tuple(one.name for one in courier.shared if one.name not in complete),
        rights=_plan_rights(courier),
        plan=plan,
        compiles=USERDB in plan.paths or stale,
        deeds=tuple(service.plan_units(names, found, to_restart(plan))),
        was_active=frozenset(name for name, unit in found.items() if unit.active),
        # Again, though the accounts' module has done so: until now the old logins held here.
        sessions=tuple(processes.without_right(open_logins)),
        removals=tuple(plan_removals(courier.removals, present)),
        present=present,
        unclaimed=(
            *unclaimed(courier.mailboxes, courier.removals, present),
            *sorted(f"{FOLDER}/{name}" for name in nobodys),
        ),
        known_login=min(open_logins, default=""),
        problems=tuple(problems),
    )


def _plan_rights(courier: Courier) -> Plan:
    rights = wanted_rights(courier, tree.folders_within(courier.tree, FOLDER))
    return make_plan(rights, inside.read_files(courier.tree, rights))


def _at_once(
    there: File | None, courier: Courier, credentials: Mapping[str, Credential], *, stale: bool
) -> Plan | None:
    """Return what has to become of the logins that stand before all else, if anything has."""
    if there is None:
        return None
    present = parse_userdb(there.content.decode("utf-8", "replace"))
    now = userdb_file(with_hashes(present, courier.mailboxes, credentials))
    plan = make_plan({USERDB: now}, {USERDB: there})
    return plan if plan.changed or stale else None


def problems_of(change: Change) -> list[Problem]:
    """Return what stands in the way on this host, and what contradicts itself."""
    courier = change.courier
    return [
        *change.problems,
        *contradictions(courier.mailboxes, courier.removals),
        *owner_problems(courier.tree),
    ]


def _read(path: str) -> str:
    file = read_present([path])[path]
    return file.content.decode("utf-8", "surrogateescape") if file else ""
