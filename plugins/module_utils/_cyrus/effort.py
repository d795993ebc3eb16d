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
_FIRST_FREE_PORT = 1024
_READ_ONCE_PARTS = ("partition-", "metapartition", "archivepartition-")


class Effort(IntEnum):
    """From the least to the most."""

    NONE = 0
    RELOAD = 1
    RESTART = 2


def effort(before: Cyrus, after: Cyrus) -> Effort:
    """Return what has to be done so that the new files are in force.

    On SIGHUP the master reads cyrus.conf again and lets idle processes go: new ones read the new
    imapd.conf, and running sessions live on.
    """
    if before.layout.daemons != after.layout.daemons or _new_low_port(before, after):
        return Effort.RESTART
    names = {
        name
        for name in {*before.settings, *after.settings}
        if before.settings.get(name) != after.settings.get(name)
    }
    if any(_read_once(name) for name in names):
        return Effort.RESTART
    return Effort.NONE if before == after else Effort.RELOAD


def _new_low_port(before: Cyrus, after: Cyrus) -> bool:
    """Say whether a service wants a port that needs root, which the master gives up at its start."""
    old = {service.word("listen") for service in before.layout.services}
    new = {service.word("listen") for service in after.layout.services} - old
    ports = [listen.rpartition(":")[2] for listen in new if not listen.startswith("/")]
    return any(not port.isdigit() or int(port) < _FIRST_FREE_PORT for port in ports)


def _read_once(name: str) -> bool:
    return name in _READ_ONCE or name.startswith(_READ_ONCE_PARTS) or name.endswith("_db")
