"""Checks of one host of the site: what would hurt, and what nobody can know from here."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._site import (
    checks_addresses,
    checks_routes,
)
from ansible_collections.postern.mail.plugins.module_utils._site.checks_access_lists import (
    ACCESS_FILE_CHECKS,
)
from ansible_collections.postern.mail.plugins.module_utils._site.checks_agents import AGENT_CHECKS
from ansible_collections.postern.mail.plugins.module_utils._site.checks_delivery import (
    DELIVERY_CHECKS,
)
from ansible_collections.postern.mail.plugins.module_utils._site.checks_filter import FILTER_CHECKS
from ansible_collections.postern.mail.plugins.module_utils._site.checks_lists import LIST_CHECKS
from ansible_collections.postern.mail.plugins.module_utils._site.checks_network import (
    NETWORK_CHECKS,
)
from ansible_collections.postern.mail.plugins.module_utils._site.checks_popa3d import (
    POPA3D_CHECKS,
)
from ansible_collections.postern.mail.plugins.module_utils._site.findings import (
    Findings,
    parted,
    problem,
    warning,
)
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site

Check = Callable[[Site], Findings]


def check_site(site: Site) -> tuple[list[Problem], list[Problem]]:
    """Return the problems and the warnings about one host."""
    checks: list[Check] = [_host, _store, _relay, _tls, *FILTER_CHECKS, *NETWORK_CHECKS]
    checks += [*AGENT_CHECKS, *POPA3D_CHECKS, *checks_routes.ROUTE_CHECKS, *ACCESS_FILE_CHECKS]
    checks += DELIVERY_CHECKS
    if not site.send_only:
        checks += checks_addresses.ADDRESS_CHECKS
        if site.complete:
            checks += [*checks_addresses.NAME_CHECKS, *checks_routes.NAME_CHECKS, *LIST_CHECKS]
    return parted(finding for check in checks for finding in check(site))


def _host(site: Site) -> Findings:
    hint = f"give the host a name of its own, such as mail.{site.hostname}"
    if site.hostname in site.domain_names:
        yield problem("mail_hostname", f'"{site.hostname}" is one of mail_domains', hint)
    if site.hostname in site.relay_domain_names:
        yield problem("mail_hostname", f'"{site.hostname}" is one of mail_relay_domains', hint)


def _store(site: Site) -> Findings:
    if site.store != "none" and not site.domains and site.complete:
        hint = "name the domains whose mail ends here, or set mail_store: none"
        yield problem("mail_domains", f"is empty, but mail_store is {site.store}", hint)
    if site.store == "none" and site.domains and site.accounts:
        yield problem(
            "mail_store",
            "none keeps no mailboxes, but this host has mail_domains and mail_accounts",
            "set mail_domains: [] to send everything through mail_relay, or mail_store: cyrus",
        )
    if site.send_only and site.relay is None:
        hint = "set mail_relay, or name mail_domains"
        yield problem("mail_relay", "is missing on a host where no mail ends", hint)


def _relay(site: Site) -> Findings:
    relay = site.relay
    if relay is None:
        return
    if relay.host == site.hostname:
        yield problem("mail_relay.host", f'"{relay.host}" is this host itself', "mail would loop")
    if relay.tls == "opportunistic" and relay.username:
        hint = "set tls: verify"
        yield problem("mail_relay.tls", "opportunistic may send the password in clear", hint)
    elif relay.tls == "opportunistic" and relay.port == 465:
        hint = "set tls: verify or tls: require"
        yield problem("mail_relay.tls", "opportunistic does not fit port 465, which is TLS", hint)
    if relay.tls == "verify" and checks_routes.is_address(relay.host):
        hint = "give its name, or set tls: require"
        yield warning("mail_relay.host", f'"{relay.host}" is rarely in a certificate', hint)


def _tls(site: Site) -> Findings:
    for name, value in (("certificate", site.tls.certificate), ("key", site.tls.key)):
        if value and site.tls.source != "files":
            hint = "set source: files to use it"
            yield warning(f"mail_tls.{name}", f"is not used with source {site.tls.source}", hint)
