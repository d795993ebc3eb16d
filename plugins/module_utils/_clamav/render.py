"""Writing ClamAV's files of settings, and what is added to the package's units."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from .model import DATABASES, FRESHCLAM, Settings

OWNED = "# Written by postern.mail; changes made here are undone.\n"
# A unit waits for ClamAV's own signatures, unless the site's are to be enough.
_NO_CONDITION = "ConditionPathExistsGlob=\n"


def render_settings(settings: Settings) -> str:
    """Write a file of settings."""
    return OWNED + "".join(f"{name} {value}\n" for name, value in settings)


def render_service_drop_in(source: str) -> str:
    """Write what is added to the daemon: it comes back, however often it was ended."""
    return (
        f"{OWNED}[Unit]\n{_condition(source)}StartLimitIntervalSec=0\n\n"
        "[Service]\nRestart=on-failure\nRestartSec=5\n"
    )


def render_socket_drop_in(source: str) -> str:
    """Write what is added to the socket: only members of the group may talk to the daemon."""
    return f"{OWNED}[Unit]\n{_condition(source)}\n[Socket]\nSocketMode=0660\n"


def render_path() -> str:
    """Write the unit that starts the daemon when freshclam has brought what it waits for."""
    return (
        f"{OWNED}[Unit]\nDescription=Start ClamAV's daemon when its signatures are there\n\n"
        f"[Path]\nPathChanged={DATABASES}\nUnit=clamav-daemon.service\n\n"
        "[Install]\nWantedBy=multi-user.target\n"
    )


def _condition(source: str) -> str:
    return "" if source == FRESHCLAM else _NO_CONDITION
