"""Writing imapd.conf, cyrus.conf and the unit's drop-in: equal models give equal files."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._core.units import AFTER_NETWORK

from .model import Entry, Layout, Settings

OWNED = "# Written by postern.mail; changes made here are undone.\n"


def render_settings(settings: Settings) -> str:
    """Write imapd.conf."""
    return OWNED + "".join(f"{name}: {value}\n" for name, value in sorted(settings.items()))


def render_layout(layout: Layout) -> str:
    """Write cyrus.conf; a section without entries is left out."""
    sections = [
        ("START", layout.start),
        ("SERVICES", layout.services),
        ("EVENTS", layout.events),
        ("DAEMON", layout.daemons),
    ]
    return OWNED + "".join(_section(name, entries) for name, entries in sections if entries)


def render_drop_in() -> str:
    """Write what the packaged unit lacks.

    It must not start before the host has its addresses. Debian lets 32 clients wait to be served;
    of fifty who come at once, some would be let down by stunnel after ten seconds.
    """
    service = "[Service]\nEnvironment=LISTENQUEUE=256\nRestart=on-failure\nRestartSec=5\n"
    return f"{OWNED}{AFTER_NETWORK}\n{service}"


def _section(name: str, entries: tuple[Entry, ...]) -> str:
    return f"{name} {{\n{''.join(_line(entry) for entry in entries)}}}\n"


def _line(entry: Entry) -> str:
    words = " ".join(f'{name}="{value}"' for name, value in entry.words)
    return f"  {entry.name} {words}\n"
