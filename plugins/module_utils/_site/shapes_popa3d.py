"""Shapes for popa3d: the UNIX users behind the accounts, and where it listens."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_network import (
    store_listeners,
)


def popa3d_people(site: Site) -> list[dict[str, Any]]:
    """Return who has a mailbox: each account's login, and the UNIX user of its name."""
    if site.store != "popa3d":
        return []
    return [
        {"login": account.address, "user": account.name, "locked": account.locked}
        for account in site.mailboxes
    ]


def popa3d_listeners(site: Site) -> list[dict[str, Any]]:
    """Return what popa3d listens for: behind stunnel on a port of its own, or in clear text."""
    if site.store != "popa3d":
        return []
    return [listener for listener in store_listeners(site) if listener["protocol"] == "pop3"]
