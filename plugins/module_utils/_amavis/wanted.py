"""The files around amavis: what shall stand on the host."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.postern.mail.plugins.module_utils._core.plan import File

from . import render
from .model import Amavis

UNITS = "/etc/systemd/system"
DROP_IN = f"{UNITS}/amavis.service.d/postern.conf"
FOLDER = "/etc/tmpfiles.d/postern-filter.conf"
AMAVIS, MILTER = "amavis.service", "amavisd-milter.service"
EXPIRY, EXPIRY_TIMER = "postern-quarantine-expiry.service", "postern-quarantine-expiry.timer"
MASK = f"{UNITS}/{MILTER}"
FILTERED, FILTERED_INSTANCE = "postern-filtered.socket", "postern-filtered@.service"
PATHS = (
    render.CONFIGURATION,
    DROP_IN,
    FOLDER,
    *(f"{UNITS}/{unit}" for unit in (MILTER, FILTERED, FILTERED_INSTANCE, EXPIRY, EXPIRY_TIMER)),
)


@dataclass(frozen=True)
class Surroundings:
    """What of the host the filter uses.

    groups: whose sockets amavis connects to; agent_group: who may connect to the filter's;
    filtered_argv: the agent's program that takes mail by SMTP, where no socket of its own does.
    left_days: how long messages are kept that a former filter has left in quarantine, if any.
    """

    groups: tuple[str, ...] = ()
    agent_group: str = "root"
    filtered_argv: tuple[str, ...] = ()
    left_days: int = 0


def wanted_files(amavis: Amavis | None, around: Surroundings) -> dict[str, File | None]:
    """Return every file that this collection owns around amavis; without a filter, what masks.

    What it has left in quarantine expires all the same. An empty unit is masked: Debian's own
    milter would run beside this one, and without any.
    """
    files: dict[str, File | None] = dict.fromkeys(PATHS)
    files[MASK] = File(b"")
    days = amavis.quarantine_days if amavis else around.left_days
    texts = _expiry(days) if days else {}
    if amavis:
        texts |= _filter(amavis, around)
    return {**files, **{path: File(text.encode()) for path, text in texts.items()}}


def _expiry(days: int) -> dict[str, str]:
    return {
        f"{UNITS}/{EXPIRY}": render.render_expiry(days),
        f"{UNITS}/{EXPIRY_TIMER}": render.render_expiry_timer(),
    }


def _filter(amavis: Amavis, around: Surroundings) -> dict[str, str]:
    texts = {
        render.CONFIGURATION: render.render_configuration(amavis),
        DROP_IN: render.render_drop_in(around.groups),
        FOLDER: render.render_folder(amavis, around.agent_group),
    }
    if amavis.takes == "milter":
        texts[MASK] = render.render_milter(amavis)
    if around.filtered_argv:
        texts[f"{UNITS}/{FILTERED}"] = render.render_filtered_socket(amavis)
        instance = render.render_filtered_service(around.filtered_argv)
        texts[f"{UNITS}/{FILTERED_INSTANCE}"] = instance
    return texts


def units_of(files: dict[str, File | None]) -> Sequence[str]:
    """Return the units that run with these files, in the order in which they start."""
    there = {path for path, file in files.items() if file and file.content}
    reads = {unit: f"{UNITS}/{unit}" for unit in (FILTERED, AMAVIS, MILTER, EXPIRY_TIMER)}
    reads[AMAVIS] = render.CONFIGURATION  # its unit is Debian's
    return [unit for unit, path in reads.items() if path in there]
