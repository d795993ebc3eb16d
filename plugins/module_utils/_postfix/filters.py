"""Content filters: a message in the queue remembers the one that was set when it came in."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run

from .model import Service, Settings

_NAME = "content_filter"
_QUEUES = ("incoming", "active", "deferred")  # what somebody holds stays held


def leaving_filters(
    before: tuple[Settings, Iterable[Service]], after: Iterable[Service]
) -> frozenset[str]:
    """Return the transports that messages may be waiting for, and that are there no more.

    before: the parameters and services that stand; after: the services that shall.
    """
    settings, services = before
    options = [value for service in services for key, value in service.options if key == _NAME]
    options += [value for key, value in settings if key == _NAME]
    asked = {value.partition(":")[0] for value in options}
    return frozenset(asked - {service.name for service in after} - {""})


def queue_again(folder: str) -> None:
    """Take in anew what waits, by the settings that hold now; else it would wait for ever."""
    done = run(["postsuper", "-c", folder, "-r", "ALL", *_QUEUES])
    if not done.ok:
        raise Refused(f"what waits for a former filter can't be queued again:\n{done.words}")
