"""Making Cyrus take its new files, and believing it only when every service greets."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import re
import socket
import time
from collections.abc import Iterable

from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused

from .effort import Effort
from .endpoints import Endpoint, endpoints
from .model import Layout

SERVICE = "cyrus-imapd.service"
_WAIT_SECONDS = 60.0  # a start recovers the databases first
_SETTLE_SECONDS = 1.0  # after SIGHUP idle processes still take a call
_WORDS = re.compile(r"fatal|cannot|can't|unable|invalid|error|disabling|abnormally", re.IGNORECASE)
_BIND = re.compile(r"unable to bind", re.IGNORECASE)


def is_running() -> bool:
    """Say whether systemd thinks that Cyrus runs."""
    return units.is_active(SERVICE)


def read_units() -> None:
    """Let systemd read its units again."""
    units.read_units_again(SERVICE)


def take(wanted: Effort, layout: Layout) -> None:
    """Reload or restart, then wait for every greeting; raise Refused with Cyrus' own words."""
    if wanted is Effort.NONE:
        return
    since = units.log_end()
    if wanted is Effort.RELOAD and is_running():
        outcome = units.systemctl("kill", "--kill-whom=main", "--signal=HUP", SERVICE)
        time.sleep(_SETTLE_SECONDS)
    else:
        units.systemctl("reset-failed", SERVICE)
        outcome = units.systemctl("restart", SERVICE)
    silent = _silent(endpoints(layout), since) if outcome.ok else outcome.words
    words = _words(since)
    if silent or any(_BIND.search(line) for line in words):
        raise Refused("\n".join(["Cyrus does not take the new configuration", silent, *words]))


def take_again(wanted: Effort, layout: Layout) -> None:
    """Take the old files again, by a restart where less is not enough."""
    try:
        take(wanted, layout)
    except Refused:
        with contextlib.suppress(Refused):  # what the host had did not work either
            take(Effort.RESTART, layout)


def _silent(places: Iterable[Endpoint], since: str) -> str:
    """Wait for each greeting; return what is missing at the end, or an empty string."""
    end = time.monotonic() + _WAIT_SECONDS
    for place in places:
        while (wrong := _greets(place)) and time.monotonic() < end:
            if not is_running():
                return "its service has ended"
            if _given_up(place, since):
                break
            time.sleep(0.2)
        if wrong:
            return wrong
    return ""


def _given_up(place: Endpoint, since: str) -> bool:
    """Say whether the master has stopped trying: waiting any longer is of no use."""
    mark = f"failures for service {place.service}"
    return any(mark in line or _BIND.search(line) for line in _words(since))


def _greets(place: Endpoint) -> str:
    """Return an empty string when the service greets, else what it does."""
    try:
        with _connect(place) as client:
            client.settimeout(5)
            first = client.recv(512)
    except (OSError, ValueError) as error:
        return f"{place.service} does not answer at {place.path or place.port}: {error}"
    if first.startswith(place.greeting):
        return ""
    return f"{place.service} does not greet but says {first[:80]!r}"


def _connect(place: Endpoint) -> socket.socket:
    if place.path:
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(5)
        client.connect(place.path)
        return client
    port = int(place.port) if place.port.isdigit() else socket.getservbyname(place.port)
    return socket.create_connection((place.host, port), timeout=5)


def _words(since: str) -> list[str]:
    """Return what Cyrus said of its troubles since then, each line once."""
    said = units.log_of(SERVICE, after=since)
    lines = (line for line in said.splitlines() if _WORDS.search(line))
    return list(dict.fromkeys(re.sub(r"pid:? ?\d+", "pid", line) for line in lines))[-10:]
