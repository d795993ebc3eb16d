"""Shapes for Postfix: postscreen, which asks strangers something before smtpd hears them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_access import (
    open_networks,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_aliases import (
    table,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
)

_INTERNAL = {"type": "unix", "chroot": "y", "maxproc": "0"}


def screens(site: Site, choices: Choices) -> bool:
    """Say whether postscreen stands before port 25."""
    return choices.screen.enabled and site.opening("smtp") is not None


def screen_parameters(site: Site, choices: Choices) -> dict[str, str]:
    """Return postscreen's parameters: a greeting that is waited for, and lists that add up."""
    if not screens(site, choices):
        return {}
    screen = choices.screen
    sites = [f"{one.domain}={one.filter}*{one.weight}" for one in screen.lists]
    return {
        "postscreen_access_list": (
            "permit_mynetworks, cidr:$config_directory/maps/postscreen_access"
        ),
        "postscreen_cache_map": f"{choices.map_type}:$data_directory/postscreen_cache",
        "postscreen_dnsbl_action": "enforce",
        "postscreen_dnsbl_sites": ", ".join(sites),
        "postscreen_dnsbl_threshold": str(screen.threshold),
        "postscreen_greet_action": "enforce",
        "postscreen_greet_wait": f"{screen.greet_wait_seconds}s",
    }


def screen_tables(site: Site, choices: Choices) -> list[dict[str, Any]]:
    """Return who is let in unasked."""
    if not screens(site, choices):
        return []
    allowed = sorted(choices.screen.allow, key=lambda net: (net.version, net.network_address))
    entries = open_networks(site) | {str(network): "permit" for network in allowed}
    return [table("postscreen_access", entries, "cidr")]


def screen_services(site: Site, choices: Choices) -> list[dict[str, Any]]:
    """Return the services of port 25 with postscreen before smtpd."""
    if not screens(site, choices):
        return []
    return [
        {"name": "smtp", "type": "inet", "command": "postscreen", "maxproc": "1"},
        {"name": "smtpd", "type": "pass", "chroot": "y", "command": "smtpd"},
        {"name": "dnsblog", "command": "dnsblog", **_INTERNAL},
        {"name": "tlsproxy", "command": "tlsproxy", **_INTERNAL},
    ]
