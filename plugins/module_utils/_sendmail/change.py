"""One change of Sendmail from wanted state to plan: what the module shows and applies."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Plan
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from . import host as system
from .building import build
from .known import Known, read_known, strangers
from .model import Configuration
from .rehearsal import rehearse
from .render import render, shared
from .service import read_running
from .units import UNIT_PATHS


@dataclass(frozen=True)
class Change:
    """What is to be done on a host, judged by Sendmail already.

    amiss: what runs and shall not, or does not and shall, in words.
    """

    wanted: Configuration
    installed: bool
    plan: Plan
    amiss: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether applying it changes anything."""
        return self.plan.changed or bool(self.amiss)

    @property
    def restart_required(self) -> bool:
        """Whether units have to start anew."""
        return bool(self.plan.paths & UNIT_PATHS)

    @property
    def reload_needed(self) -> bool:
        """Whether what runs has to read its files again, and no more than that."""
        return bool(self.plan.paths & system.RELOADS) and not self.restart_required

    def diff(self) -> list[dict[str, str]]:
        """Return what Ansible prints under --diff."""
        shown = system.diff(self.plan)
        for path in map(str, system.leaving_logs(self.plan)):
            said = "(every word of dialogues, passwords included)\n"
            header = {"before_header": path, "after_header": path}
            shown.append({**header, "before": said, "after": ""})
        if self.amiss and not self.restart_required:
            words = "".join(f"{line}\n" for line in self.amiss)
            header = {"before_header": "what runs", "after_header": "what runs"}
            shown.append({**header, "before": words, "after": ""})
        return shown

    def apply(self) -> None:
        """Bring it to the host; raises Refused when Sendmail does not take it."""
        if self.changed:
            system.converge(self.plan, self.wanted.services.units)


def make_change(wanted: Configuration, folder: str) -> Change:
    """Compare the wanted state with the host, and let Sendmail judge what would change.

    Where Sendmail is not installed (a check before the first run), only the files are compared.
    The staged copy, and the databases in it, lie in that folder until the change is applied.
    """
    files = render(wanted)
    known = read_known() if system.is_installed() else None
    if known is None:
        return Change(wanted, installed=False, plan=system.plan_files(files))
    problems = [*strangers(wanted.mc, known, "mc"), *strangers(wanted.submit, known, "submit")]
    if problems:
        return _refused(wanted, problems)
    texts, problems = build(wanted, known)
    if problems:
        return _refused(wanted, problems)
    files |= {path: shared(text.encode()) for path, text in texts.items()}
    plan, problems = _judged(wanted, files, texts, known, folder)
    if problems:
        return _refused(wanted, problems)
    amiss = tuple(read_running().amiss(wanted.services.units))
    return Change(wanted, installed=True, plan=plan, amiss=amiss)


def _refused(wanted: Configuration, problems: Iterable[Problem]) -> Change:
    return Change(wanted, installed=True, plan=Plan(), problems=tuple(problems))


def _judged(
    wanted: Configuration,
    files: dict[str, File | None],
    texts: dict[str, str],
    known: Known,
    folder: str,
) -> tuple[Plan, list[Problem]]:
    plan = system.plan_files(files)
    stale = system.to_compile(wanted, plan)
    if not plan.changed and not stale:
        return plan, []
    compiled, problems = rehearse(wanted, texts, stale, known.options, folder)
    return system.with_databases(plan, compiled), problems
