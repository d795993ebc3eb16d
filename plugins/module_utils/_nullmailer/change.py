"""One change of nullmailer from wanted state to plan: what the module shows and applies."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field

from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused, apply
from ansible_collections.postern.mail.plugins.module_utils._core.files import read_present
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Plan
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from . import service
from .model import Nullmailer
from .rehearsal import rehearse
from .wanted import DROP_IN, TRUSTED_BY_HOST, authorities_of, diff, plan_files, wanted_files


@dataclass(frozen=True)
class Change:
    """What is to be done on a host: files, then the daemon.

    problems are those that a run without changes may overlook: an authority's certificate that
    another role has yet to bring.
    """

    wanted: Nullmailer
    plan: Plan
    active: bool
    enabled: bool
    authorities: bytes = field(default=b"", repr=False)
    problems: tuple[Problem, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        return self.plan.changed or not (self.active and self.enabled)

    def diff(self) -> list[dict[str, str]]:
        """Return the files' diff, then what happens to the daemon."""
        verbs = [(not self.active, "started"), (not self.enabled, "enabled")]
        lines = "".join(f"{service.UNIT} {verb}\n" for needed, verb in verbs if needed)
        if not lines:
            return diff(self.plan)
        units = {"before_header": "units", "after_header": "units", "before": "", "after": lines}
        return [*diff(self.plan), units]

    def rehearse(self) -> None:
        """Let nullmailer judge the new files, where it is there and they are complete."""
        if self.plan.changed and not self.problems:
            rehearse(self.wanted, self.authorities)

    def apply(self) -> None:
        """Bring it to the host; raises Refused when nullmailer does not take it."""
        if not self.changed:
            return

        def accept() -> None:
            self._read_units()
            if self.active:
                service.take()
            else:
                service.start()
            if not self.enabled:
                service.enable()

        def undo() -> None:
            self._read_units()
            if not self.active:
                service.stop()
                return
            with contextlib.suppress(Refused):  # it reads them at its next run in any case
                service.pull_trigger()

        apply(self.plan, accept, undo)

    def _read_units(self) -> None:
        if DROP_IN in self.plan.paths:
            service.read_units()


def make_change(wanted: Nullmailer, ca_file: str) -> Change:
    """Compare the wanted state with the host."""
    paths = (ca_file, TRUSTED_BY_HOST)
    authorities, problems = authorities_of(read_present(paths), paths)
    files = wanted_files(wanted, authorities)
    return Change(
        wanted,
        plan_files(files, read_present(files)),
        service.is_active(),
        service.is_enabled(),
        authorities,
        tuple(problems),
    )
