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
FILTERED, FILTERED_INSTANCE = "postern-filtered.socket", "postern-filtered@.service"
PATHS = (
    render.CONFIGURATION,
    DROP_IN,
    FOLDER,
    *(f"{UNITS}/{unit}" for unit in (MILTER, FILTERED, FILTERED_INSTANCE)),
)


@dataclass(frozen=True)
class Surroundings:
    """What of the host the filter uses.

    groups: whose sockets amavis connects to; agent_group: who may connect to the filter's;
    filtered_argv: the agent's program that takes mail by SMTP, where no socket of its own does.
    """

    groups: tuple[str, ...] = ()
    agent_group: str = "root"
    filtered_argv: tuple[str, ...] = ()


def wanted_files(amavis: Amavis | None, around: Surroundings) -> dict[str, File | None]:
    """Return every file that this collection owns around amavis; none without a filter."""
    files: dict[str, File | None] = dict.fromkeys(PATHS)
    if amavis is None:
        return files
    texts = {
        render.CONFIGURATION: render.render_configuration(amavis),
        DROP_IN: render.render_drop_in(around.groups),
        FOLDER: render.render_folder(amavis, around.agent_group),
    }
    if amavis.takes == "milter":
        texts[f"{UNITS}/{MILTER}"] = render.render_milter(amavis)
    if around.filtered_argv:
        texts[f"{UNITS}/{FILTERED}"] = render.render_filtered_socket(amavis)
        instance = render.render_filtered_service(around.filtered_argv)
        texts[f"{UNITS}/{FILTERED_INSTANCE}"] = instance
    return {**files, **{path: File(text.encode()) for path, text in texts.items()}}


def units_of(files: dict[str, File | None]) -> Sequence[str]:
    """Return the units that run with these files, in the order in which they start."""
    more = [unit for unit in (FILTERED, MILTER) if files[f"{UNITS}/{unit}"]]
    return [*more[:1], AMAVIS, *more[1:]] if FILTERED in more else [AMAVIS, *more]
