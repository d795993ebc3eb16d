"""Leaving: the old agent stops, and what it could not send any more is taken from its queue."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .._core.apply import Refused
from .._core.commands import run
from .._core.problems import Problem
from .._queue import doors, host
from . import processes, swap
from .agents import AGENTS, FOREIGN, Agent
from .sources import left_behind, source
from .store import Store

SUBMISSION_SECONDS = 15
DELIVERY_SECONDS = 60


@dataclass(frozen=True)
class Leaving:
    """The agents that are installed and shall not be, and why they can't leave.

    foreign: packages of agents whose queues are not handed over.
    """

    agents: tuple[Agent, ...]
    problems: tuple[Problem, ...] = ()
    foreign: tuple[str, ...] = ()


def leaving(wanted: str) -> Leaving:
    """Return which agents leave this host; foreign ones only with nothing in their queues."""
    packages = {agent.package: agent for agent in AGENTS.values() if agent.name != wanted}
    show = ("dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\\n")
    said = run([*show, *packages, *FOREIGN]).out.splitlines()
    present = {line.split(" ")[0] for line in said if line.endswith(" installed")}
    return Leaving(
        agents=tuple(packages[name] for name in sorted(present & set(packages))),
        problems=tuple(
            problem for name in sorted(present & set(FOREIGN)) for problem in _full(name)
        ),
        foreign=tuple(sorted(present & set(FOREIGN))),
    )


def replace_foreign(package: str, store: Store, stand_in: str) -> Sequence[Problem]:
    """Stop an agent that has no mail; return a problem when some has come to it meanwhile."""
    store.open()
    swap.install(stand_in, store.drop)
    unit = FOREIGN[package][0]
    if unit:
        run(["systemctl", "stop", unit], timeout_seconds=180)
        name = unit.removesuffix(".service")
        processes.await_end(lambda: processes.running((f"/usr/sbin/{name}", name)), 10)
    return _full(package)


def collect(agent: Agent, store: Store, stand_in: str, flush_seconds: float) -> list[str]:
    """Take over what an agent has in its queue; return a line for each message taken over.

    What can still be sent by it is sent before. At every moment each message is in the agent's
    queue, or in the store, or both, and then the agent's counts.
    """
    store.open()
    if doors.is_open(agent.name):
        doors.close(agent.name)
    if flush_seconds and _runs(agent):
        host.empty_within(agent.name, flush_seconds)
    swap.install(stand_in, store.drop)
    _settle_submissions(agent)
    stop(agent)
    queue = source(agent.name)
    taken = set()
    lines = [message.line() for message in host.read_queue(agent.name)]
    for parcel in queue.parcels():
        store.prepare(parcel)
        taken.add(parcel.key)
    queue.remove(taken)
    left = queue.keys()
    store.settle(left)
    if left:
        raise Refused(f"{len(left)} messages stay in the queue of {agent.name}: {sorted(left)}")
    return lines


def stop(agent: Agent) -> None:
    """Stop an agent's units for good, and wait for what they leave running."""
    for unit in (*agent.units, *agent.companions):
        run(["systemctl", "stop", unit], timeout_seconds=180)
        if "*" not in unit:
            run(["systemctl", "disable", "--quiet", unit])
    processes.await_end(lambda: processes.running(agent.programs), DELIVERY_SECONDS)


def _runs(agent: Agent) -> bool:
    units = [unit for unit in agent.units if "*" not in unit]
    return any(run(["systemctl", "is-active", "--quiet", unit]).ok for unit in units)


def _settle_submissions(agent: Agent) -> None:
    """Wait for who is just handing in a message by the old sendmail, and for its pick-up.

    Sendmail's own are the same program as its daemon; they are waited for when all stops.
    """
    if agent.submitters:
        processes.await_end(lambda: processes.running(agent.submitters), SUBMISSION_SECONDS)
    end = time.monotonic() + (5 if agent.name == "postfix" and _runs(agent) else 0)
    while left_behind(("/var/spool/postfix/maildrop",)) and time.monotonic() < end:
        time.sleep(0.1)


def _full(package: str) -> Sequence[Problem]:
    folder = FOREIGN[package][1]
    count = len([path for path in Path(folder).rglob("*") if path.is_file()]) if folder else 0
    if not count:
        return []
    what = f"{package} is installed and has mail in its queue"
    hint = f"send or delete it ({folder}); this collection does not hand it over"
    return [Problem("mail_handover", what, hint)]
