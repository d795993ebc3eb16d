"""Shapes for Postfix: the main.cf parameters that follow from the site."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._site.model import Relay, Site
from ansible_collections.postern.mail.plugins.module_utils._site.values import Network

_TLS_LEVELS = {"verify": "secure", "require": "encrypt", "opportunistic": "may"}
_RECEIVING = ("smtp", "submission", "submissions")


def postfix_parameters(site: Site) -> dict[str, str]:
    """Return the main.cf parameters that follow from the site; tables are postfix_maps."""
    listens = any(site.opening(name) for name in _RECEIVING)
    names = " ".join(sorted(site.domain_names))
    has_store = site.store == "cyrus"
    return {
        "myhostname": site.hostname,
        "mydomain": site.domain,
        "myorigin": "$mydomain",
        # Mail for root@this-host is known by its aliases alone, never by UNIX users.
        "mydestination": "$myhostname localhost" if site.domains else "",
        "local_recipient_maps": "$virtual_alias_maps",
        "mynetworks": " ".join(_mynetworks(site)),
        "inet_interfaces": "all" if listens else "loopback-only",
        "virtual_mailbox_domains": names if has_store else "",
        "virtual_alias_domains": "" if has_store else names,
        # Nobody but the host itself connects to one that is not open, and it has no certificate.
        **({} if listens else {"smtpd_tls_security_level": "none", "smtpd_tls_chain_files": ""}),
        **_outgoing(site.relay),
    }


def _mynetworks(site: Site) -> list[str]:
    return ["127.0.0.0/8", "[::1]/128", *(_pattern(net) for _where, net in site.trusted_networks)]


def _pattern(network: Network) -> str:
    if network.version == 6:
        return f"[{network.network_address}]/{network.prefixlen}"
    return str(network)


def _outgoing(relay: Relay | None) -> dict[str, str]:
    if relay is None:
        return {"relayhost": "", "smtp_tls_security_level": "may", "smtp_sasl_auth_enable": "no"}
    login = {"smtp_sasl_auth_enable": "yes" if relay.username else "no"}
    if relay.username:
        login["smtp_sasl_security_options"] = "noanonymous"
        login["smtp_sasl_tls_security_options"] = "noanonymous"
    return {
        "relayhost": relay_nexthop(relay),
        "smtp_tls_security_level": _TLS_LEVELS[relay.tls],
        "smtp_tls_wrappermode": "yes" if relay.port == 465 else "no",
        **login,
    }


def relay_nexthop(relay: Relay) -> str:
    """Return the smarthost as Postfix writes it; brackets mean that no MX is looked up."""
    return f"[{relay.host}]:{relay.port}"
