"""Checks of where mail goes on to: relay domains, copies, and who may send as whom."""

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
from ansible_collections.postern.mail.plugins.module_utils._site.model import RelayDomain, Site
from ansible_collections.postern.mail.plugins.module_utils._site.ways import all_ways, ends_of


def is_address(host: str) -> bool:
    """Say whether a host was given as an address."""
    return ":" in host or host.rpartition(".")[2].isdigit()


def _relay_domains(site: Site) -> Findings:
    first: dict[str, str] = {}
    for domain in site.relay_domains:
        earlier = first.setdefault(domain.name, domain.where)
        if earlier != domain.where:
            what = f'"{domain.name}" is declared twice'
            yield problem(f"{domain.where}.name", what, f"first at {earlier}")
        if domain.name in site.domain_names:
            what = f'"{domain.name}" is one of mail_domains too, whose mail ends here'
            yield problem(f"{domain.where}.name", what, "keep it in one of them")
        yield from _next_host(site, domain)
        if not domain.knows_recipients:
            what = "knows no recipients, so it takes in what is then returned to forged senders"
            yield warning(domain.where, what, "give it recipients or a recipients_file")


def _next_host(site: Site, domain: RelayDomain) -> Findings:
    where = f"{domain.where}.host"
    if domain.host == site.hostname or (domain.port == 25 and _is_loopback(domain.host)):
        yield problem(where, f'"{domain.host}" is this host itself', "mail would loop")
    elif domain.tls == "verify" and is_address(domain.host):
        hint = "give its name, or set tls: require"
        yield warning(where, f'"{domain.host}" is rarely in a certificate', hint)


def _is_loopback(host: str) -> bool:
    return is_address(host) and ipaddress.ip_address(host).is_loopback


def _backup(site: Site) -> Findings:
    copied = [account for account in site.people if account.backup]
    if site.backup is None:
        for account in copied:
            what = "has no address for the copies"
            yield problem(f"{account.where}.backup", what, "name it in mail_backup")
        return
    ends = ends_of(site.backup, all_ways(site))
    for account in copied:
        if account.address in ends:
            what = f'"{account.address}" gets the copies itself, and they would be copied again'
            yield problem(f"{account.where}.backup", what, "leave it out, or change mail_backup")
    if site.mailboxes and not copied:
        yield warning("mail_backup", "gets no copies", "set backup: true on an account")


def _sends_as(site: Site) -> Findings:
    """A login sends as what this site handles: nobody else would believe it."""
    handled = site.domain_names | site.relay_domain_names
    hint = f"name it in mail_domains, or use one of: {', '.join(sorted(handled))}"
    for account in site.people:
        for number, sender in enumerate(account.sends_as):
            where = f"{account.where}.sends_as[{number}]"
            domain = sender.rpartition("@")[2]
            if domain not in handled:
                yield problem(where, f'"{domain}" is not a domain of this site', hint)
            elif sender in account.sends_as[:number]:
                yield problem(where, f'"{sender}" is listed twice')


ROUTE_CHECKS = [_relay_domains]
NAME_CHECKS = [_backup, _sends_as]  # need every entry to be known
