"""Checks of addresses: each declared once, in a handled domain, leading to somebody."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.postern.mail.plugins.module_utils._site.findings import (
    Findings,
    problem,
    warning,
)
from ansible_collections.postern.mail.plugins.module_utils._site.model import Account, Site
from ansible_collections.postern.mail.plugins.module_utils._site.ways import (
    Targets,
    all_ways,
    declarations,
    ends_of,
    find_loops,
    is_known,
    known_domains,
    nearest_address,
    shown_loop,
    steps_of,
)

_SYSTEM_NAMES = ("root", "virusalert")
_HINTS = 10  # nearest names cost a walk over all addresses: only the first problems get one


def _domains(site: Site) -> Findings:
    first: dict[str, str] = {}
    for domain in site.domains:
        earlier = first.setdefault(domain.name, domain.where)
        if earlier != domain.where:
            what = f'"{domain.name}" is declared twice'
            yield problem(f"{domain.where}.name", what, f"first at {earlier}")


def _handled(site: Site) -> Findings:
    """Accounts stand in domains whose mail ends here, aliases in those that pass here too."""
    handled = site.domain_names
    others = f", or use one of: {', '.join(sorted(handled))}" if handled else ""
    hint = f"name it in mail_domains{others}"
    for account in site.people:
        if account.domain not in handled:
            yield problem(account.where, f'"{account.domain}" is not a domain of this site', hint)
    passing = handled | site.relay_domain_names
    for address, _targets, where in site.declared_aliases():
        domain = address.rpartition("@")[2]
        if domain not in passing and (passing or site.store != "none"):
            yield problem(where, f'"{domain}" is not a domain of this site', hint)


def _declared_once(site: Site) -> Findings:
    first: dict[str, str] = {}
    said: set[tuple[str, str]] = set()
    for address, where in declarations(site):
        earlier = first.setdefault(address, where)
        if earlier != where and (earlier, where) not in said:
            said.add((earlier, where))
            yield problem(where, f'"{address}" is declared twice', f"first at {earlier}")


def _formerly(site: Site) -> Findings:
    """A former name is in a domain of the site, is nobody's now, and has one heir."""
    present = {account.address: account.where for account in site.people}
    heirs: dict[str, str] = {}
    for account in site.people:
        if account.formerly is None:
            continue
        former, where = account.formerly, f"{account.where}.formerly"
        earlier = heirs.setdefault(former, where)
        if former == account.address:
            yield problem(where, f'"{former}" is its name now', "leave it out")
        elif former in present:
            hint = f"rename or remove {present[former]} first"
            yield problem(where, f'"{former}" is still an account', hint)
        elif earlier != where:
            what = f'"{former}" is claimed twice'
            yield problem(where, what, f"first at {earlier}; one mailbox moves to one account")
        elif former.rpartition("@")[2] not in site.domain_names:
            domain = former.rpartition("@")[2]
            what = f'"{domain}" is not a domain of this site'
            yield problem(where, what, "rename its accounts before you take a domain out")


def _leads(site: Site) -> Iterator[tuple[Targets, str]]:
    """Yield what each alias, each copy and each catch-all leads to, with its place."""
    for alias in site.aliases:
        yield alias.targets, alias.where
    for where, address in (("mail_backup", site.backup), ("mail_journal", site.journal)):
        if address:
            yield (address,), where
    for domain in site.domains:
        if domain.catch_all:
            yield (domain.catch_all,), f"{domain.where}.catch_all"


def _targets(site: Site) -> Findings:
    """A target in a domain of the site is a declared address, not one left to a catch-all."""
    known = {address for address, _where in declarations(site)}
    listed = site.domain_names | known_domains(site)
    hints = _HINTS
    for targets, where in _leads(site):
        for target in targets:
            domain = target.rpartition("@")[2]
            if domain == site.hostname and site.local_users == "none":
                hint = "name the address of who reads it"
                yield problem(where, f'leads to "{target}", which is this host itself', hint)
            elif domain in listed and not is_known(site, known, target):
                hints -= 1
                hint = nearest_address(target, known) if hints >= 0 else ""
                yield problem(where, f'leads to "{target}", which nobody has', hint)
            elif domain not in (*site.domain_names, site.hostname) and where.endswith(".catch_all"):
                what = f'sends all unknown mail, spam included, on to "{target}"'
                yield warning(where, what, "name an account here")


def _loops(site: Site) -> Findings:
    graph: dict[str, Targets] = {}
    places: dict[str, str] = {}
    for address, targets, where in steps_of(site):
        graph[address] = targets
        places[address] = where
    for loop in find_loops(graph):
        yield problem(places[loop[0]], shown_loop(loop))


def _required(site: Site) -> Findings:
    """Postmaster and abuse exist in each domain (RFC 2142), whatever its catch-all."""
    known = {address for address, _where in declarations(site)}
    for name in ("postmaster", "abuse"):
        lacking = [d for d in site.domains if not is_known(site, known, f"{name}@{d.name}")]
        if lacking and len(lacking) == len(site.domains):
            hint = "add it with who reads it"
            yield problem(f"mail_aliases.{name}", "is missing; RFC 2142 requires it", hint)
            lacking = []
        for domain in lacking:
            what = f'"{name}@{domain.name}" is missing; RFC 2142 requires it'
            if domain.catch_all:
                what = f'"{name}@{domain.name}" is left to the catch-all; RFC 2142 requires it'
            yield problem(domain.where, what, "add it to mail_aliases with who reads it")
        for passing in site.relay_domains:
            address = f"{name}@{passing.name}"
            if passing.knows_recipients and not is_known(site, known, address):
                what = f'"{address}" is missing; RFC 2142 requires it'
                yield problem(passing.where, what, "add it to the recipients")


def _system_mail(site: Site) -> Findings:
    """What the host itself reports ends in a person's mailbox."""
    if not site.domains:
        return
    targets_of = all_ways(site)
    people = {account.address: account for account in site.people}
    for name in _SYSTEM_NAMES if site.filter.searches else _SYSTEM_NAMES[:1]:
        where = f"mail_aliases.{name}"
        home = site.domain if site.domain in site.domain_names else min(site.domain_names)
        address = f"{name}@{home}"
        ends = ends_of(address, targets_of)
        if ends == {address} and address not in people:
            yield problem(where, "is missing", "add it with who reads it")
        else:
            yield from _reader(site, where, ends, [people[end] for end in ends & people.keys()])


def _reader(site: Site, where: str, ends: set[str], readers: list[Account]) -> Findings:
    users = {end for end in ends if end.rpartition("@")[2] == site.hostname}
    machine = {f"{name}@{site.hostname}" for name in _SYSTEM_NAMES}
    outside = sorted(end for end in ends - users if end.rpartition("@")[2] not in site.domain_names)
    if users - machine or any(not reader.locked for reader in readers):
        return
    if outside:
        what = f'ends at "{outside[0]}", outside this site'
        yield warning(where, what, "be sure that a person reads it")
    elif readers:
        what = f'ends in a locked account, "{readers[0].address}"'
        yield problem(where, what, "name somebody who can read it")
    elif users:
        what = f'ends at "{min(users)}", a mailbox that nobody opens'
        yield problem(where, what, "name a person")
    else:
        yield problem(where, "ends in no person's mailbox", "name an account")


ADDRESS_CHECKS = [_domains, _declared_once, _loops]
NAME_CHECKS = [
    _handled,
    _formerly,
    _targets,
    _required,
    _system_mail,
]  # need every entry to be known
