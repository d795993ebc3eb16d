"""Shapes for Postfix: the main.cf parameters that follow from the site."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_delivery import (
    mailbox_command,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_access import (
    access_parameters,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
    choices_of,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_copies import (
    copy_parameters,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_filter import (
    filter_parameters,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_maildirs import (
    maildir_parameters,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_routes import (
    route_parameters,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_screen import (
    screen_parameters,
)
from ansible_collections.postern.mail.plugins.module_utils._site.values import Network

_RECEIVING = ("smtp", "submission", "submissions")


def postfix_parameters(site: Site, arguments: tuple[Any, ...] = ()) -> dict[str, str]:
    """Return the main.cf parameters that follow from the site; tables are postfix_maps."""
    choices = choices_of(arguments, site.domain)
    listens = any(site.opening(name) for name in _RECEIVING)
    names = " ".join(sorted(site.domain_names))
    has_store = site.store != "none"
    return {
        "myhostname": site.hostname,
        "mydomain": site.domain,
        "myorigin": "$mydomain",
        # Mail for root@this-host is known by its aliases alone, never by UNIX users.
        "mydestination": "" if site.send_only else "$myhostname localhost",
        "local_recipient_maps": "$virtual_alias_maps",
        "mynetworks": " ".join(_mynetworks(site)),
        "inet_interfaces": "all" if listens else "loopback-only",
        "virtual_mailbox_domains": names if has_store else "",
        "virtual_alias_domains": "" if has_store else names,
        # Nobody but the host itself connects to one that is not open, and it has no certificate.
        **({} if listens else {"smtpd_tls_security_level": "none", "smtpd_tls_chain_files": ""}),
        **_local_users(site, choices),
        **mailbox_command(site),
        **access_parameters(site, choices),
        **route_parameters(site, choices),
        **copy_parameters(site, choices),
        **screen_parameters(site, choices),
        **maildir_parameters(site, choices),
        **filter_parameters(choices),
    }


def _mynetworks(site: Site) -> list[str]:
    return ["127.0.0.0/8", "[::1]/128", *(_pattern(net) for _where, net in site.trusted_networks)]


def _pattern(network: Network) -> str:
    if network.version == 6:
        return f"[{network.network_address}]/{network.prefixlen}"
    return str(network)


def _local_users(site: Site, choices: Choices) -> dict[str, str]:
    """Return how UNIX users get their mail: a name without a domain is theirs."""
    if site.local_users == "none":
        return {}
    aliases = choices.table("local_aliases")
    return {
        "myorigin": "$myhostname",
        "alias_maps": aliases,
        "local_recipient_maps": "proxy:unix:passwd.byname $alias_maps",
        "local_transport": "local:$myhostname",
        "home_mailbox": "Maildir/" if site.local_users == "maildir" else "",
        "smtp_generic_maps": choices.table("leaving"),
    }
