"""Checks of addresses: each declared once, in a handled domain, leading to somebody."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from ansible_collections.postern.mail.plugins.module_utils._site.findings import (
    Findings,
    problem,
    warning,
)
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site

Targets = tuple[str, ...]
_HINTS = 10  # nearest names cost a walk over all addresses: only the first problems get one


def _domains(site: Site) -> Findings:
    first: dict[str, str] = {}
    for domain in site.domains:
        earlier = first.setdefault(domain.name, domain.where)
        if earlier != domain.where:
            what = f'"{domain.name}" is declared twice'
            yield problem(f"{domain.where}.name", what, f"first at {earlier}")


def _handled(site: Site) -> Findings:
    """Accounts and aliases stand in domains whose mail ends here."""
    handled = site.domain_names
    others = f", or use one of: {', '.join(sorted(handled))}" if handled else ""
    hint = f"name it in mail_domains{others}"
    for account in site.accounts:
        if account.domain not in handled:
            yield problem(account.where, f'"{account.domain}" is not a domain of this site', hint)
    for address, _targets, where in site.declared_aliases():
        domain = address.rpartition("@")[2]
        if domain not in handled:
            yield problem(where, f'"{domain}" is not a domain of this site', hint)


def _declared_once(site: Site) -> Findings:
    first: dict[str, str] = {}
    said: set[tuple[str, str]] = set()
    for address, where in _declarations(site):
        earlier = first.setdefault(address, where)
        if earlier != where and (earlier, where) not in said:
            said.add((earlier, where))
            yield problem(where, f'"{address}" is declared twice', f"first at {earlier}")


def _declarations(site: Site) -> Iterator[tuple[str, str]]:
    """Yield each address and its place; `info` and `INFO` are two places of one address."""
    for account in site.accounts:
        yield account.address, account.where
    for address, _targets, where in site.declared_aliases():
        yield address, where


def _leads(site: Site) -> Iterator[tuple[Targets, str]]:
    """Yield what each alias and each catch-all leads to, with its place."""
    for alias in site.aliases:
        yield alias.targets, alias.where
    for domain in site.domains:
        if domain.catch_all:
            yield (domain.catch_all,), f"{domain.where}.catch_all"


def _targets(site: Site) -> Findings:
    """A target in a domain of the site is a declared address, not one left to a catch-all."""
    known = {address for address, _where in _declarations(site)}
    hints = _HINTS
    for targets, where in _leads(site):
        for target in targets:
            domain = target.rpartition("@")[2]
            if domain == site.hostname:
                hint = "name the address of who reads it"
                yield problem(where, f'leads to "{target}", which is this host itself', hint)
            elif domain in site.domain_names and target not in known:
                hints -= 1
                hint = _nearest_address(target, known) if hints >= 0 else ""
                yield problem(where, f'leads to "{target}", which nobody has', hint)
            elif domain not in site.domain_names and where.endswith(".catch_all"):
                what = f'sends all unknown mail, spam included, on to "{target}"'
                yield warning(where, what, "name an account here")


def _nearest_address(target: str, known: Iterable[str]) -> str:
    """Offer the same name in another domain, or else a similar name in the same domain."""
    name, _at, domain = target.partition("@")
    names = {tuple(address.split("@")): address for address in sorted(known)}
    found = [address for (local, _domain), address in names.items() if local == name]
    if not found:
        similar = [local for local, its_domain in names if its_domain == domain]
        found = [f"{local}@{domain}" for local in get_close_matches(name, similar, n=1)]
    return f'did you mean "{found[0]}"?' if found else ""


def _loops(site: Site) -> Findings:
    graph: dict[str, Targets] = {}
    places: dict[str, str] = {}
    for address, targets, where in site.declared_aliases():
        graph[address] = targets
        places[address] = where
    for loop in find_loops(graph):
        way = " -> ".join((*loop, loop[0]))
        yield problem(places[loop[0]], f"leads back to itself: {way}")


def find_loops(graph: Mapping[str, Targets]) -> list[Targets]:
    """Return the loops of a graph, each once and from its first name on, in linear time."""
    done: set[str] = set()
    loops: set[Targets] = set()
    for start in sorted(graph):
        path: list[str] = []
        on_path: dict[str, int] = {}
        stack: list[tuple[str, Iterable[str]]] = [("", iter((start,)))]
        while stack:
            node = next(iter(stack[-1][1]), None)
            if node is None:
                name, _rest = stack.pop()
                done.add(name)
                on_path.pop(name, None)
                path[len(stack) - 1 :] = []
            elif node in on_path:
                loops.add(_from_first(tuple(path[on_path[node] :])))
            elif node in graph and node not in done:
                on_path[node] = len(path)
                path.append(node)
                stack.append((node, iter(graph[node])))
    return sorted(loops)


def _from_first(loop: Targets) -> Targets:
    start = loop.index(min(loop))
    return loop[start:] + loop[:start]


def _required(site: Site) -> Findings:
    """Postmaster and abuse exist in each domain (RFC 2142), whatever its catch-all."""
    known = {address for address, _where in _declarations(site)}
    for name in ("postmaster", "abuse"):
        lacking = [domain for domain in site.domains if f"{name}@{domain.name}" not in known]
        if lacking and len(lacking) == len(site.domains):
            hint = "add it with who reads it"
            yield problem(f"mail_aliases.{name}", "is missing; RFC 2142 requires it", hint)
            continue
        for domain in lacking:
            what = f'"{name}@{domain.name}" is missing; RFC 2142 requires it'
            if domain.catch_all:
                what = f'"{name}@{domain.name}" is left to the catch-all; RFC 2142 requires it'
            yield problem(domain.where, what, "add it to mail_aliases with who reads it")


def _system_mail(site: Site) -> Findings:
    """What the host itself reports ends in a person's mailbox."""
    graph = {address: targets for address, targets, _where in site.declared_aliases()}
    people = {account.address: account for account in site.accounts}
    if not site.domains:
        return
    for name in ("root", "virusalert") if site.virus_filter else ("root",):
        where = f"mail_aliases.{name}"
        home = site.domain if site.domain in site.domain_names else min(site.domain_names)
        address = f"{name}@{home}"
        if address not in graph and address not in people:
            yield problem(where, "is missing", "add it with who reads it")
            continue
        ends = _ends(address, graph)
        readers = [people[end] for end in ends if end in people]
        elsewhere = sorted(end for end in ends if end.rpartition("@")[2] not in site.domain_names)
        if any(not reader.locked for reader in readers):
            continue
        if elsewhere:
            what = f'ends at "{elsewhere[0]}", outside this site'
            yield warning(where, what, "be sure that a person reads it")
        elif readers:
            what = f'ends in a locked account, "{readers[0].address}"'
            yield problem(where, what, "name somebody who can read it")
        else:
            yield problem(where, "ends in no person's mailbox", "name an account")


def _ends(address: str, graph: Mapping[str, Targets]) -> set[str]:
    """Return the addresses where mail for this one ends."""
    seen: set[str] = set()
    ahead = [address]
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead.extend(graph.get(name, ()))
    return {name for name in seen if name not in graph}


ADDRESS_CHECKS = [_domains, _declared_once, _loops]
NAME_CHECKS = [_handled, _targets, _required, _system_mail]  # need every entry to be known
