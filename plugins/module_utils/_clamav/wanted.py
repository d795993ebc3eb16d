"""The files of ClamAV: what shall stand, and what stands of them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.files import (
    read_foreign,
    read_present,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File

from .model import DATABASES, FRESHCLAM, NONE, Clamav, names
from .render import render_path, render_service_drop_in, render_settings, render_socket_drop_in

CLAMD_CONF = "/etc/clamav/clamd.conf"
FRESHCLAM_CONF = "/etc/clamav/freshclam.conf"
UNITS = "/etc/systemd/system"
SERVICE_DROP_IN = f"{UNITS}/clamav-daemon.service.d/postern.conf"
SOCKET_DROP_IN = f"{UNITS}/clamav-daemon.socket.d/postern.conf"
PATH_UNIT = f"{UNITS}/postern-clamav.path"
FRESHCLAM_UNIT = f"{UNITS}/clamav-freshclam.service"
ONCE_UNIT = f"{UNITS}/clamav-freshclam-once.timer"
UNIT_FILES = (SERVICE_DROP_IN, SOCKET_DROP_IN, PATH_UNIT, FRESHCLAM_UNIT, ONCE_UNIT)
OWN_PREFIX = "postern-"
_MASKED = File(b"")  # to systemd, an empty unit is a masked one
_LARGEST = 1 << 26

Files = dict[str, "File | None"]


def signature_path(name: str) -> str:
    """Return where a file of own signatures stands: freshclam never writes such a name."""
    return f"{DATABASES}/{OWN_PREFIX}{name}"


def own_signature_paths() -> list[str]:
    """Return the files of own signatures that are there."""
    return sorted(str(path) for path in Path(DATABASES).glob(f"{OWN_PREFIX}*"))


def read_files() -> Files:
    """Read all that is owned; the folder of signatures is the daemon's, so links lead nowhere."""
    signatures = {path: read_foreign(path, _LARGEST) for path in own_signature_paths()}
    return read_present([CLAMD_CONF, FRESHCLAM_CONF, *UNIT_FILES]) | signatures


def wanted_files(wanted: Clamav, present: Iterable[str]) -> Files:
    """Return every file that shall stand; own signatures that left the list shall not."""
    leftover = [path for path in present if path.startswith(signature_path(""))]
    files: Files = dict.fromkeys(leftover)
    files |= {
        signature_path(one.name): File(_lines(one.content).encode()) for one in wanted.signatures
    }
    secret = "HTTPProxyPassword" in names(wanted.freshclam)
    fetches = wanted.source == FRESHCLAM
    return files | {
        CLAMD_CONF: File(render_settings(wanted.clamd).encode()),
        # freshclam itself refuses a password that others than the owner could read.
        FRESHCLAM_CONF: File(
            render_settings(wanted.freshclam).encode(), 0o600 if secret else 0o644, secret=secret
        ),
        SERVICE_DROP_IN: File(render_service_drop_in(wanted.source).encode()),
        SOCKET_DROP_IN: File(render_socket_drop_in(wanted.source).encode()),
        PATH_UNIT: File(render_path().encode()) if fetches else None,
        FRESHCLAM_UNIT: _MASKED if wanted.source == NONE else None,
        ONCE_UNIT: _MASKED,  # it would get in the way of the one that stays
    }


def unwanted_files(present: Files) -> Files:
    """Return what leaves the host with the role. Without its drop-in, nothing there is ours."""
    if present.get(SERVICE_DROP_IN) is None:
        return {}
    own = [path for path in present if path.startswith(signature_path(""))]
    return dict.fromkeys([*own, *UNIT_FILES])


def _lines(content: str) -> str:
    return content if content.endswith("\n") else f"{content}\n"
