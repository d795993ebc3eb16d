"""Making a running saslauthd take its new unit, and hearing its words when it does not."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import time

from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused

SERVICE = "saslauthd.service"
_WAIT_SECONDS = 10.0


def restart_saslauthd(path: str) -> None:
    """Let systemd read the unit; restart saslauthd if it runs, and wait until it takes calls.

    One that is stopped is left so: the role's service task starts it.
    """
    units.read_units_again(SERVICE)
    if not units.is_active(SERVICE):
        return
    restart = units.systemctl("restart", SERVICE)
    if not restart.ok or not _answers(path):
        raise Refused(f"saslauthd does not come back: {restart.words}\n{_log()}".rstrip())


def _answers(path: str) -> bool:
    end = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < end:
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(path)
            except OSError:
                time.sleep(0.1)
                continue
            return True
    return False


def _log() -> str:
    return units.log_of(SERVICE, lines=units.LAST_LINES)
