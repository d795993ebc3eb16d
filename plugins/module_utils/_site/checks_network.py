"""Checks of who may reach the host and who may relay: no open relay, no clear-text login."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress

from ansible_collections.postern.mail.plugins.module_utils._site.findings import (
    Findings,
    problem,
    warning,
)
from ansible_collections.postern.mail.plugins.module_utils._site.model import Opening, Site
from ansible_collections.postern.mail.plugins.module_utils._site.values import Network

# Networks that nobody on the internet can be in.
_PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    )
)
# The widest public network that can be one's own: a single IPv4 address, an IPv6 site.
_WIDEST_OWN = {4: 32, 6: 48}
CLEAR = ("imap", "pop3")
_NEEDS_STORE = ("submission", "submissions", "imaps", "pop3s", "sieve", "imap", "pop3")
REQUIRED = ("postmaster", "abuse")


def inside(network: Network, others: tuple[Network, ...]) -> bool:
    """Say whether a network is within one of the others."""
    return any(
        network.version == other.version
        and network.network_address in other
        and network.prefixlen >= other.prefixlen
        for other in others
    )


def _trusted_networks(site: Site) -> Findings:
    for where, network in site.trusted_networks:
        yield from trust(where, network)


def trust(where: str, network: Network) -> Findings:
    """Judge a network whose hosts may send anywhere."""
    if inside(network, _PRIVATE):
        return
    if network.prefixlen == 0:
        what = f'"{network}" is the whole internet, which makes an open relay'
        yield problem(where, what, "name your own networks")
    elif network.prefixlen < _WIDEST_OWN[network.version]:
        hint = f"name networks of /{_WIDEST_OWN[network.version]} and longer that are your own"
        if network.version == 4:
            hint = "name private networks or single addresses that are your own"
        yield problem(where, f'"{network}" is public, which makes an open relay', hint)
    else:
        what = f'"{network}" is public: whoever holds it may send to anywhere'
        yield warning(where, what, "be sure that it is yours")


def _access(site: Site) -> Findings:
    first: dict[tuple[str, str], str] = {}
    for item in site.access:
        where = f"{item.where}.{item.kind}"
        earlier = first.setdefault((item.kind, item.value), where)
        if earlier != where:
            yield problem(where, f'"{item.value}" is declared twice', f"first at {earlier}")
        if item.action != "relay":
            name = item.value.partition("@")[0] if "@" in item.value else ""
            refused = item.action in ("reject", "discard")
            if item.kind == "recipient" and refused and name in REQUIRED:
                yield problem(where, f'"{item.value}" must receive mail (RFC 2142)')
        elif item.network is not None:
            yield from trust(where, item.network)
        elif item.kind == "client":
            hint = "name its network"
            yield problem(where, "a client's name can be forged, which makes an open relay", hint)
        elif item.kind == "sender":
            hint = "name a client's network, or give the sender an account"
            yield problem(where, "a sender can be forged, which makes an open relay", hint)
        else:
            yield from _relayed_recipient(site, where, item.value)


def _relayed_recipient(site: Site, where: str, value: str) -> Findings:
    domain = value.rpartition("@")[2]
    if domain in site.domain_names:
        yield warning(where, f'"{value}" needs no relaying, its mail ends here')
    elif domain in site.relay_domain_names:
        yield warning(where, f'"{value}" needs no relaying, mail_relay_domains names its domain')


def _openings(site: Site) -> Findings:
    if site.transfer_agent == "nullmailer":
        return  # said once, by the checks of what each agent can do
    for opening in site.openings:
        if site.store == "none" and opening.name in _NEEDS_STORE:
            hint = "remove it, or set mail_store"
            yield problem(opening.where, "nothing answers there with mail_store none", hint)
        elif opening.name == "sieve" and site.store == "courier":
            hint = "remove it, or set mail_store: cyrus"
            yield problem(opening.where, "nothing answers there, Courier has no Sieve", hint)
        elif opening.name in CLEAR:
            yield from _clear_text(site, opening)
    if (site.domains or site.relay_domains) and site.opening("smtp") is None:
        what = "has no smtp, so mail from other servers can't arrive"
        yield warning("mail_openings", what, "set smtp: everyone unless another host takes it in")


def _clear_text(site: Site, opening: Opening) -> Findings:
    hint = f"open {opening.name}s instead, or name networks within mail_trusted_networks"
    if opening.sources is None:
        what = "would show passwords in clear text to everyone"
        yield problem(opening.where, what, hint)
        return
    trusted = tuple(network for _where, network in site.trusted_networks) + _PRIVATE[4:5]
    for network in opening.sources:
        if not inside(network, trusted):
            what = f'would show passwords in clear text to untrusted "{network}"'
            yield problem(opening.where, what, hint)


NETWORK_CHECKS = [_trusted_networks, _access, _openings]
