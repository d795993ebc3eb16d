"""One change of Postfix from wanted state to plan: what the module shows and applies."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.files import read_present
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Plan
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from . import host as system
from .checks import check
from .databases import leaving_databases
from .filters import queue_again, waiting_for_nobody
from .long_tables import write_long_tables
from .model import Configuration, Service, Settings, keeping, without_defaults
from .parse import parse_main, parse_master
from .rehearsal import rehearse


@dataclass(frozen=True)
class Change:
    """What is to be done on a host, judged by Postfix already."""

    wanted: Configuration
    host: system.Host | None = None
    folder: str = "/etc/postfix"
    plan: Plan = field(default_factory=Plan)
    problems: tuple[Problem, ...] = ()
    repeats: tuple[Problem, ...] = ()
    waiting_for_nobody: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether there is anything to do: to files, or to messages that a former filter forgot."""
        return self.plan.changed or bool(self.waiting_for_nobody)

    @property
    def restart_required(self) -> bool:
        """Whether it takes a restart."""
        return self.host is not None and system.needs_restart(self.plan, self.host)

    @property
    def reload_needed(self) -> bool:
        """Whether it takes a reload, and no more than that."""
        return self.plan.changed and not self.restart_required

    def diff(self) -> list[dict[str, str]]:
        """Return what Ansible prints under --diff; to be asked before the change is applied."""
        names = "".join(f"{name}\n" for name in self.waiting_for_nobody)
        header = "messages that wait for a former filter"
        entry = {"before_header": header, "before": names, "after_header": header, "after": ""}
        return [*system.diff(self.plan), *([entry] if names else [])]

    def apply(self) -> None:
        """Bring it to the host; raises Refused when Postfix does not take it."""
        if self.host is None or not self.changed:
            return
        if self.plan.changed:
            try:
                system.converge(self.wanted, self.plan, self.host, self.restart_required)
            except Refused as refused:
                words = f"Postfix took it back, the old files stand again:\n{refused}"
                raise Refused(words) from refused
        queue_again(self.folder, self.host.queue, self.wanted)


def make_change(wanted: Configuration, folder: str, purge: bool, work: str) -> Change:
    """Compare the wanted state with the host, and let Postfix judge what would change.

    Where Postfix is not installed (a check before the first run), only the files are compared.
    Long tables are written to the folder `work`, which has to outlive the change.
    """
    long = write_long_tables(wanted.tables, work)
    problems: Iterable[Problem] = (*check(wanted), *long.problems)
    if problems:
        return Change(wanted, problems=tuple(problems))
    host = system.read_host(folder)
    before = _present(folder)
    if not purge:
        wanted = keeping(wanted, *before)
    leaving = system.own_files(folder) if purge else []
    if host is not None:
        wanted = without_defaults(wanted, host.defaults)
        after = wanted.parameters, wanted.services
        leaving += leaving_databases(before, after, host.defaults, folder) if purge else []
    plan = system.plan_files(wanted, folder, leaving, long.stored)
    if host is None:
        return Change(wanted, None, folder, plan, repeats=long.repeats)
    problems = system.strangers(plan, folder)
    stale = system.to_compile(wanted, plan, folder)
    if not problems and (plan.changed or stale):
        compiled, problems = rehearse(wanted, plan, host, stale, work)
        plan = system.with_databases(plan, compiled)
    stranded = waiting_for_nobody(host.queue, wanted)
    return Change(wanted, host, folder, plan, tuple(problems), long.repeats, stranded)


def _present(folder: str) -> tuple[Settings, tuple[Service, ...]]:
    texts = [
        file.content.decode("utf-8", "replace") if file else ""
        for file in read_present([f"{folder}/main.cf", f"{folder}/master.cf"]).values()
    ]
    return parse_main(texts[0])[0], parse_master(texts[1])[0]
