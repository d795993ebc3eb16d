"""One change of popa3d from wanted state to plan: what the module shows and applies."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from .model import Person, Popa3d, Server
from .parse import parse_people
from .render import OWNED, PEOPLE
from .users import NewUser, make_users, missing_users
from .wanted import PATHS, SERVICE, SOCKET, popa3d, text_of, wanted_files


@dataclass(frozen=True)
class Change:
    """What is to be done on a host: users first, then files, then the sockets and sessions.

    gone: the numbers of the users who could log in before, and can't any more.
    """

    wanted: Popa3d
    users: tuple[NewUser, ...]
    plan: Plan
    running: bool
    gone: frozenset[int] = frozenset()

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.users) or self.plan.changed or self.running != bool(self.wanted.listen)

    def diff(self) -> list[dict[str, str]]:
        """Return the users that are made, the files' diff, then what happens to the socket."""
        made = "".join(f"{user.name} (number {user.uid})\n" for user in self.users)
        found = [deed_diff("UNIX users", made)] if made else []
        found += self.plan.diff()
        if self.running != bool(self.wanted.listen):
            what = "started and enabled" if self.wanted.listen else "stopped and disabled"
            found.append(deed_diff("units", f"{service.UNIT} {what}\n"))
        return found

    def judge(self) -> None:
        """Let systemd judge the new units, where popa3d is there."""
        if service.is_installed():
            service.judge(self.plan)

    def apply(self) -> None:
        """Bring it to the host; raises Refused when it does not come up."""
        if not self.changed:
            return
        make_users(self.users)
        apply(
            self.plan,
            lambda: service.take(self.plan, self.wanted.listen),
            lambda: service.take_again(self.plan),
        )
        service.end_sessions(self.gone)


def make_change(
    people: Iterable[Person],
    known: Mapping[str, tuple[int, int]],
    listen: tuple[str, ...],
    connections: tuple[int, int],
) -> Change:
    """Compare the wanted state with the host."""
    everyone = tuple(people)
    users = missing_users(everyone, known)
    uids = {name: uid for name, (uid, _gid) in known.items()}
    uids |= {user.name: user.uid for user in users}
    server = Server(*known["popa3d"]) if "popa3d" in known else None
    wanted = popa3d(everyone, uids, listen, connections, server)
    present = read_present(PATHS)
    ours = text_of(present, SOCKET).startswith(OWNED)
    before = parse_people(text_of(present, PEOPLE))[1]
    allowed = {one.uid for one in wanted.readers} if listen else set()
    if everyone or listen:
        files = wanted_files(wanted)
    else:
        # Another store has the mailboxes now. A popa3d that somebody set up by hand is not ours.
        files = dict.fromkeys((SOCKET, SERVICE, PEOPLE) if ours else ())
    return Change(
        wanted,
        users,
        make_plan(files, present),
        (bool(listen) or ours) and in_service(service.UNIT),
        frozenset({*before.values()} - allowed),
    )
