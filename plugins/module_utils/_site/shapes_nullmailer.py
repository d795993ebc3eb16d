"""Shapes for nullmailer: the smarthost that follows from the site, and its password."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site


def nullmailer_smarthosts(site: Site) -> list[dict[str, Any]]:
    """Return the site's smarthost as nullmailer takes it; its password is apart."""
    relay = site.relay
    if relay is None:
        return []
    if relay.tls == "opportunistic":
        # Mail would fail for good where the server offers no TLS, and there is no second form.
        hint = "write require, or verify"
        raise ValueError(str(Problem("mail_relay.tls", "is more than nullmailer can try", hint)))
    smarthost = {"host": relay.host, "port": relay.port, "tls": relay.tls}
    return [{**smarthost, "username": relay.username} if relay.username else smarthost]


def nullmailer_passwords(site: Site) -> dict[str, str]:
    """Return the password at the site's smarthost by `HOST:PORT`, if it has one."""
    relay = site.relay
    if relay is None or not relay.username:
        return {}
    return {f"{relay.host}:{relay.port}": str(relay.password)}
