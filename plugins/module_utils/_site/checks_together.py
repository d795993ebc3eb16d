"""Checks of hosts side by side: names, and what one hands to another."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ansible_collections.postern.mail.plugins.module_utils._core.problems import nearest
from ansible_collections.postern.mail.plugins.module_utils._site.findings import (
    Finding,
    problem,
    warning,
)
from ansible_collections.postern.mail.plugins.module_utils._site.model import (
    Relay,
    RelayDomain,
    Site,
)
from ansible_collections.postern.mail.plugins.module_utils._site.ways import (
    Targets,
    declarations,
    find_loops,
    is_known,
)

Sites = Mapping[str, Site]
Owners = Mapping[str, str]
_SHOWN = 3


def judge_together(sites: Sites) -> Iterator[tuple[str, Finding]]:
    """Yield host and finding for what shows only when the hosts are seen side by side."""
    owners: dict[str, str] = {}
    for host, site in sites.items():
        other = owners.setdefault(site.hostname, host)
        if other != host:
            what = f'"{site.hostname}" is the name of {other} too'
            yield host, problem("mail_hostname", what, "give each host its own")
    yield from _rounds(sites, owners)
    for host, site in sites.items():
        target = owners.get(site.relay.host) if site.relay else None
        if site.relay and target and target != host:
            for finding in _relay_within(site.relay, sites[target], target):
                yield host, finding
        for domain in site.relay_domains:
            target = owners.get(domain.host)
            if target and target != host:
                for finding in _domain_within(site, domain, sites[target], target):
                    yield host, finding


def _rounds(sites: Sites, owners: Owners) -> Iterator[tuple[str, Finding]]:
    """Yield the loops in which hosts hand mail to each other for ever."""
    relays = {host: site.relay.host for host, site in sites.items() if site.relay}
    yield from _loops("mail_relay.host", relays, owners)
    for name in sorted({name for site in sites.values() for name in site.relay_domain_names}):
        handed = {
            host: domain
            for host, site in sites.items()
            for domain in site.relay_domains
            if domain.name == name
        }
        hosts = {host: domain.host for host, domain in handed.items()}
        for host, finding in _loops("host", hosts, owners):
            where = f"{handed[host].where}.host"
            yield host, problem(where, finding.problem.what, finding.problem.hint)


def _loops(where: str, handed: Mapping[str, str], owners: Owners) -> Iterator[tuple[str, Finding]]:
    graph: dict[str, Targets] = {
        host: (owners[name],) for host, name in handed.items() if owners.get(name, host) != host
    }
    for loop in find_loops(graph):
        way = " -> ".join((*loop, loop[0]))
        yield loop[0], problem(where, f"mail would go round: {way}", "let one of them keep it")


def _relay_within(relay: Relay, server: Site, name: str) -> Iterator[Finding]:
    yield from _open("mail_relay.port", relay.port, server, name)
    if relay.username:
        account = next((a for a in server.accounts if a.address == relay.username.lower()), None)
        if account is None:
            hint = nearest(relay.username.lower(), [a.address for a in server.accounts])
            hint = hint or "name an account's full address"
            yield problem("mail_relay.username", f"is no account of {name}", hint)
        elif account.locked:
            yield problem("mail_relay.username", f"is a locked account of {name}")


def _open(where: str, port: int, server: Site, name: str) -> Iterator[Finding]:
    if port not in {opening.port for opening in server.openings}:
        hint = "open it in that host's mail_openings, or use another port"
        yield problem(where, f"{port} is not open on {name}", hint)


def _domain_within(edge: Site, domain: RelayDomain, server: Site, name: str) -> Iterator[Finding]:
    yield from _open(f"{domain.where}.port", domain.port, server, name)
    if domain.name not in server.domain_names | server.relay_domain_names:
        what = f'{name} takes no mail for "{domain.name}"'
        yield problem(f"{domain.where}.host", what, "name it in that host's mail_domains")
    elif domain.knows_recipients and server.complete and edge.complete:
        yield from _recipients(edge, domain, server, name)


def _recipients(edge: Site, domain: RelayDomain, server: Site, name: str) -> Iterator[Finding]:
    """The edge knows who exists: nobody too many, and nobody too few."""
    mine = next((own for own in server.domains if own.name == domain.name), None)
    if mine is None:
        return
    known = {address for address, _where in declarations(server)}
    for number, address in enumerate(domain.recipients):
        if not mine.catch_all and not is_known(server, known, address):
            where = f"{domain.where}.recipients[{number}]"
            yield problem(where, f'"{address}" is nobody on {name}', nearest(address, known))
    here = {address for address, _where in declarations(edge)}
    people = [account.address for account in server.mailboxes if account.domain == domain.name]
    lacking = [address for address in people if not is_known(edge, here, address)]
    if lacking:
        shown = ", ".join(lacking[:_SHOWN])
        more = f" and {len(lacking) - _SHOWN} more" if len(lacking) > _SHOWN else ""
        what = f"lacks {shown}{more}, whose mail is refused here and kept on {name}"
        yield warning(f"{domain.where}.recipients", what, "add who is to get mail from outside")
