"""Drop-ins that let systemd start Postfix again when its master was killed."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._core.plan import File

UNIT = "postfix.service"
PACKAGED_FOLDER = "/etc/postfix"
_TEXT = """# Written by postern.mail's module postfix; what is changed here by hand is mended.
[Service]
Restart=on-failure
RestartSec=2s
"""
# Debian 13 runs the daemon in postfix.service. Debian 12 runs it in an instance, which knows its
# main process only when told; postfix.service, where nothing runs there, would wait for that file.
_DROP_INS = {
    f"/etc/systemd/system/{UNIT}.d/postern.conf": _TEXT,
    "/etc/systemd/system/postfix@-.service.d/postern.conf": (
        f"{_TEXT}PIDFile=/var/spool/postfix/pid/master.pid\n"
    ),
}
DROP_IN_PATHS = frozenset(_DROP_INS)


def drop_ins(folder: str) -> dict[str, File]:
    """Return the drop-ins for the configuration that the packaged units run."""
    if folder != PACKAGED_FOLDER:
        return {}
    return {path: File(text.encode()) for path, text in _DROP_INS.items()}
