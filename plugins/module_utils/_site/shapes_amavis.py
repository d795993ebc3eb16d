"""Shapes for amavis: whose mail is searched for what, as it follows from the site."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import Site

_FOUND = ("virus", "attachments", "spam")


def amavis_policy(site: Site) -> dict[str, Any]:
    """Return what of the module's options follows from the site; empty without a filter."""
    wanted = site.filter
    if not wanted.searches:
        return {}
    home = site.domain if site.domain in site.domain_names or not site.domains else ""
    domain = home or min(site.domain_names)
    return {
        "hostname": site.hostname,
        "domain": domain,
        "domains": sorted({*site.domain_names, *site.relay_domain_names, site.hostname}),
        "networks": [str(network) for _where, network in site.trusted_networks],
        "virusalert": f"virusalert@{domain}",
        "spam": wanted.spam,
        "attachments": {
            "policy": wanted.policy,
            "types": list(wanted.types),
            "locked_archives": wanted.locked_archives,
        },
        "when_broken": wanted.when_broken,
        "warn_recipients": wanted.warn_recipients,
        "warn_senders": wanted.warn_senders,
        "exempt": {
            found: [one.recipient for one in wanted.exemptions if found in one.found]
            for found in _FOUND
        },
    }
