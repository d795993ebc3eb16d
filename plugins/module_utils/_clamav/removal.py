"""Taking ClamAV back: what a role that is switched off leaves behind is what the package had."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.postern.mail.plugins.module_utils._core.apply import apply
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Plan, make_plan

from . import service
from .wanted import PATH_UNIT, read_files, unwanted_files


@dataclass(frozen=True)
class Removal:
    """The files that go, and with them the units' service. A ClamAV set up by hand is not ours."""

    plan: Plan

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        return self.plan.changed

    def diff(self) -> list[dict[str, str]]:
        """Return the files that go."""
        return self.plan.diff()

    def apply(self) -> None:
        """Stop the units, then remove what was added to them."""
        if not self.changed:
            return
        names = [service.SOCKET_UNIT, service.DAEMON, service.FETCHER]
        if PATH_UNIT in self.plan.paths:
            names.insert(0, service.PATH)
        for name in names:
            service.stop(name)
        apply(self.plan, service.read_units, service.read_units)


def make_removal() -> Removal:
    """Compare a host without this role's work with what there is."""
    present = read_files()
    return Removal(make_plan(unwanted_files(present), present))
