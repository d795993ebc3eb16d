"""What ClamAV is told, for tests: the options of a module call, with changes."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._clamav.model import Clamav, clamav

LOCAL = {"name": "local.ndb", "content": "Local.One:0:*:6576696c2d776f726d"}


def options(**changes: Any) -> dict[str, Any]:
    """Return the options of a module call, with these in place of its own."""
    return {
        "client_users": ["amavis"],
        "file_groups": [],
        "threads": 2,
        "stream_max_mib": 100,
        "scan_max_mib": 200,
        "recursion_max": 17,
        "files_max": 10000,
        "scan_max_seconds": 120,
        "detect_encrypted": False,
        "alert_macros": False,
        "detect_pua": False,
        "concurrent_reload": True,
        "settings": {},
        "signatures_source": "freshclam",
        "mirrors": ["database.clamav.net"],
        "proxy": None,
        "proxy_password": "",
        "checks_per_day": 24,
        "freshclam_settings": {},
        "local_signatures": [LOCAL],
        "fetch_seconds": 300,
        "start_seconds": 300,
        **changes,
    }


def told(**changes: Any) -> Clamav:
    """Return the model of those options."""
    return clamav(options(**changes))
