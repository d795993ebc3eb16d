"""One change of amavis from wanted state to plan: what the module shows and applies."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.postern.mail.plugins.module_utils._core.apply import apply
from ansible_collections.postern.mail.plugins.module_utils._core.files import read_present
from ansible_collections.postern.mail.plugins.module_utils._core.plan import (
    Plan,
    deed_diff,
    make_plan,
)
from ansible_collections.postern.mail.plugins.module_utils._core.units import in_service

from . import service
from .model import Amavis
from .render import MILTER
from .settings import CONTROL, OWN, STRANGERS
from .wanted import MASK, PATHS, Surroundings, units_of, wanted_files


@dataclass(frozen=True)
class Change:
    """What is to be done on a host: files first, then the units that read them."""

    plan: Plan
    units: Sequence[str]
    sockets: tuple[str, ...]
    running: bool

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        return self.plan.changed or self.running != bool(self.units)

    def diff(self) -> list[dict[str, str]]:
        """Return the files' diff, then what happens to the units."""
        found = self.plan.diff()
        if self.running != bool(self.units):
            words = f"{', '.join(self.units)} started and enabled" if self.units else "stopped"
            found.append(deed_diff("units", f"{words}\n"))
        return found

    def judge(self) -> None:
        """Let amavis judge the new configuration, where it is there."""
        if service.is_installed():
            service.judge(self.plan)

    def apply(self) -> None:
        """Bring it to the host; raises Refused when it does not come up."""
        if not self.changed:
            return
        surplus = [unit for unit in service.ALL if unit not in self.units]
        in_use = list(filter(in_service, surplus))
        # While their files are there: systemd knows how to stop what it can read.
        service.stop(surplus)
        if not self.units:
            apply(self.plan, service.forget)
            return
        apply(
            self.plan,
            lambda: service.take(self.plan, self.units, self.sockets),
            lambda: service.take_again(self.units, in_use),
        )


def make_change(amavis: Amavis | None, around: Surroundings) -> Change:
    """Compare the wanted state with the host; without a model amavis is to be at rest."""
    present = read_present(PATHS)
    if amavis is None and not any(file for path, file in present.items() if path != MASK):
        return Change(Plan(), (), (), running=False)  # another's amavis, if there is one
    wanted = wanted_files(amavis, around)
    plan = make_plan(wanted, present)
    units = units_of(wanted)
    running = all(map(in_service, units))
    if amavis:
        return Change(plan, units, _sockets(amavis, around), running)
    stray = any(in_service(unit) for unit in service.ALL if unit not in units)
    return Change(plan, units, (), running and not stray if units else stray)


def _sockets(amavis: Amavis, around: Surroundings) -> tuple[str, ...]:
    names = (STRANGERS, OWN) if amavis.takes == "lmtp" else (MILTER,)
    filtered = (amavis.filtered,) if around.filtered_argv else ()
    return (CONTROL, *(f"{amavis.sockets}/{name}" for name in names), *filtered)
