"""Samples of what Courier is told, shared by the tests of its files and its module."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._courier.model import (
    Courier,
    Tree,
    parse_courier,
)


def arguments(**changes: Any) -> dict[str, Any]:
    """Return the module's options as Ansible hands them over, with some changed."""
    return {
        "mailboxes": [{"name": "alice@example.org"}, {"name": "carol@example.org", "quota_kib": 9}],
        "removed": [],
        "shared_folders": [],
        "special_folders": ["Sent", "Junk"],
        "folder": "/srv/vmail",
        "owner": "vmail",
        "owner_id": 5000,
        "listeners": [
            {"name": "imaps", "protocol": "imap", "port": 943, "behind_tls": True},
            {"name": "imap", "protocol": "imap", "port": 143, "behind_tls": False},
        ],
        "backend_address": "192.0.2.10",
        "max_connections": 200,
        "connections_per_address": 50,
        "authdaemon_settings": {"authmodulelist": "authuserdb", "daemons": 5},
        "imap_settings": {"IMAP_ACL": True, "IMAP_EMPTYTRASH": None},
        "pop3_settings": {"POP3AUTH": ["PLAIN", "LOGIN"]},
        **changes,
    }


def courier(**changes: Any) -> Courier:
    """Return the model of these options, which must have no problems."""
    found, problems = parse_courier(arguments(**changes))
    assert not problems, problems
    return found


def tree(folder: Path) -> Tree:
    """Return a tree whose owner is whoever runs the tests."""
    return Tree(str(folder), "vmail", os.getuid())
