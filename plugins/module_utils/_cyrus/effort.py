"""What a change asks of a running Cyrus: nothing, a reload that keeps sessions, or a restart."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from enum import IntEnum

from .model import Cyrus

# What the master process itself reads once, or what running processes must not disagree about.
_READ_ONCE = frozenset(
    {"configdirectory", "mboxname_lockpath", "proc_path", "syslog_facility", "syslog_prefix"}
)
_READ_ONCE_PARTS = ("partition-", "metapartition", "archivepartition-")


class Effort(IntEnum):
    """From the least to the most."""

    NONE = 0
    RELOAD = 1
    RESTART = 2


def effort(before: Cyrus, after: Cyrus) -> Effort:
    """Return what has to be done so that the new files are in force.

    On SIGHUP the master reads cyrus.conf again and lets idle processes go: new ones read the new
    imapd.conf, and running sessions live on. With other listeners it is not to be trusted: 3.6 has
    no right to low ports any more, and 3.10 lost one when another could not be opened.
    """
    if before.layout.daemons != after.layout.daemons or _places(before) != _places(after):
        return Effort.RESTART
    names = {
        name
        for name in {*before.settings, *after.settings}
        if before.settings.get(name) != after.settings.get(name)
    }
    if any(_read_once(name) for name in names):
        return Effort.RESTART
    return Effort.NONE if before == after else Effort.RELOAD


def _places(cyrus: Cyrus) -> list[tuple[str, str, str]]:
    return [
        (service.name, service.word("listen"), service.word("proto"))
        for service in cyrus.layout.services
    ]


def _read_once(name: str) -> bool:
    return name in _READ_ONCE or name.startswith(_READ_ONCE_PARTS) or name.endswith("_db")
