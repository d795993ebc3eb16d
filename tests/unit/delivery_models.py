"""A site whose people are UNIX users."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.tests.unit.site_models import good


def popa3d(**changes: Any) -> dict[str, Any]:
    """Return the raw model, with some variables changed."""
    accounts = [{"name": name, "password": "fake"} for name in ("alice", "carol")]
    openings = {"smtp": "everyone", "pop3s": "everyone"}
    given = {"mail_store": "popa3d", "mail_accounts": accounts, "mail_openings": openings}
    return good(**{**given, **changes})
