"""Steps: from a wanted instance and the present state to what has to be done, as data."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from .._core.plan import File, Plan, deed_diff, make_plan
from .model import Endpoint, Instance
from .units import (
    CONF_PATH,
    DROP_IN_PATH,
    ROUTING_PATH,
    ROUTING_UNIT,
    RULES_PATH,
    UNIT,
    UNIT_PATHS,
    render_files,
)


class Verb(Enum):
    """What happens to a unit."""

    KEEP = ""
    START = "started"
    RELOAD = "reloaded"
    RESTART = "restarted"
    STOP = "stopped"


@dataclass(frozen=True)
class Routing:
    """What is there of the way back: the unit, the nft table, and rule and route by family."""

    active: bool = False
    table: bool = False
    families: frozenset[int] = frozenset()

    @property
    def traces(self) -> bool:
        """Whether anything at all is there."""
        return self.active or self.table or bool(self.families)


@dataclass(frozen=True)
class Present:
    """The state of a host, as far as the steps depend on it."""

    files: Mapping[str, File | None]
    routing: Routing = Routing()
    active: bool = False
    enabled: bool = False
    listening: frozenset[Endpoint] = frozenset()


@dataclass(frozen=True)
class Steps:
    """What has to be done, in this order: files, routing, the daemon and its start at boot."""

    plan: Plan
    routing: Verb
    daemon: Verb
    enable: bool = False

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        busy = self.routing is not Verb.KEEP or self.daemon is not Verb.KEEP
        return self.plan.changed or busy or self.enable

    @property
    def units(self) -> bool:
        """Whether systemd has to read its files again."""
        return bool(self.plan.paths & UNIT_PATHS)

    def diff(self) -> list[dict[str, str]]:
        """Return the files' diff, then what happens to the units."""
        verbs = [(ROUTING_UNIT, self.routing.value), (UNIT, self.daemon.value)]
        verbs.append((UNIT, "enabled" if self.enable else ""))
        lines = "".join(f"{unit} {verb}\n" for unit, verb in verbs if verb)
        if not lines:
            return self.plan.diff()
        return [*self.plan.diff(), deed_diff("units", lines)]


def make_steps(wanted: Instance | None, present: Present) -> Steps:
    """Compare the wanted instance with what is there."""
    plan = make_plan(render_files(wanted), present.files)
    return Steps(
        plan,
        _routing(wanted, plan, present.routing),
        _daemon(wanted, plan, present),
        enable=wanted is not None and not present.enabled,
    )


def _routing(wanted: Instance | None, plan: Plan, present: Routing) -> Verb:
    if wanted is None or not wanted.routed:
        return Verb.STOP if present.traces else Verb.KEEP
    in_force = present.active and present.table
    in_force &= present.families == frozenset(wanted.routed_families)
    if in_force and not plan.paths & {ROUTING_PATH, RULES_PATH}:
        return Verb.KEEP
    return Verb.RELOAD if present.active else Verb.START


def _daemon(wanted: Instance | None, plan: Plan, present: Present) -> Verb:
    if wanted is None:
        return Verb.STOP if present.active or present.enabled else Verb.KEEP
    if not present.active:
        return Verb.START
    if DROP_IN_PATH in plan.paths:
        return Verb.RESTART
    if CONF_PATH in plan.paths:
        return Verb.RELOAD
    return Verb.KEEP if present.listening == wanted.endpoints else Verb.RESTART
