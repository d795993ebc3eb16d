"""The files of Cyrus: what shall stand, what stands, and the plan between them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping

from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Plan, make_plan

from .effort import Effort, effort
from .model import TLS_FILE, Cyrus
from .parse import parse_layout, parse_settings
from .render import render_drop_in, render_layout, render_settings

SETTINGS_FILE = "/etc/imapd.conf"
LAYOUT_FILE = "/etc/cyrus.conf"
DROP_IN = "/etc/systemd/system/cyrus-imapd.service.d/postern.conf"
PATHS = (SETTINGS_FILE, LAYOUT_FILE, DROP_IN, TLS_FILE)
GROUP = "mail"  # may enter the folder of the sockets

Files = Mapping[str, "File | None"]


def plan_files(cyrus: Cyrus, present: Files, pair: File | None = None) -> Plan:
    """Compare Cyrus' files with the host's; `pair` is key and certificate, where it needs them."""
    wanted: dict[str, File | None] = {
        SETTINGS_FILE: File(render_settings(cyrus.settings).encode()),
        LAYOUT_FILE: File(render_layout(cyrus.layout).encode()),
        DROP_IN: File(render_drop_in().encode()),
        TLS_FILE: pair,
    }
    return make_plan(wanted, present)


def read_cyrus(present: Files) -> Cyrus:
    """Return the model that stands on the host."""
    return Cyrus(
        parse_settings(_text(present, SETTINGS_FILE)), parse_layout(_text(present, LAYOUT_FILE))
    )


def effort_of(plan: Plan, before: Cyrus, after: Cyrus, is_running: Callable[[], bool]) -> Effort:
    """Return what Cyrus has to do; one that does not run has to start with changed files."""
    if not plan.paths & {SETTINGS_FILE, LAYOUT_FILE, TLS_FILE}:
        return Effort.NONE
    if not is_running():
        return Effort.RESTART
    return max(effort(before, after), Effort.RELOAD)  # a new pair alone changes no model


def _text(present: Files, path: str) -> str:
    file = present.get(path)
    return file.content.decode("utf-8", "replace") if file else ""
