"""Which addresses there are, and the ways from alias to alias: where mail ends, and where never."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from difflib import get_close_matches

from ansible_collections.postern.mail.plugins.module_utils._site.model import Site

Targets = tuple[str, ...]
_SHOWN = 10


def steps_of(site: Site) -> Iterator[tuple[str, Targets, str]]:
    """Yield each alias with its targets and its place, those of the host's own name included."""
    yield from site.declared_aliases()
    for alias in site.aliases:
        own = f"{alias.name}@{site.hostname}"
        if alias.domain is None and own not in alias.targets:
            yield own, alias.targets, alias.where


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


def shown_loop(loop: Targets) -> str:
    """Return a loop as a message shows it: a long one by its beginning."""
    names = list(loop) if len(loop) <= _SHOWN else [*loop[:_SHOWN], f"({len(loop) - _SHOWN} more)"]
    return f"leads back to itself: {' -> '.join((*names, loop[0]))}"


def _from_first(loop: Targets) -> Targets:
    start = loop.index(min(loop))
    return loop[start:] + loop[:start]


def ends_of(start: str, targets_of: Callable[[str], Targets]) -> set[str]:
    """Return the addresses where mail for this one ends."""
    seen: set[str] = set()
    ends: set[str] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            targets = targets_of(name)
            ahead.extend(targets)
            ends.update(() if targets else (name,))
    return ends


def all_ways(site: Site) -> Callable[[str], Targets]:
    """Return what tells where an address leads, by the inventory or by its long lists."""
    declared = {address: targets for address, targets, _where in steps_of(site)}

    def targets_of(address: str) -> Targets:
        if address in declared:
            return declared[address]
        alias = site.lists.alias_for(address, site.domain_names | {site.hostname})
        found = site.lists.targets_of(alias, site.domain) if alias else ()
        return () if found == (address,) else found

    return targets_of


def declarations(site: Site) -> Iterator[tuple[str, str]]:
    """Yield each address and its place; `info` and `INFO` are two places of one address."""
    for account in site.people:
        yield account.address, account.where
    for domain in site.relay_domains:
        for number, recipient in enumerate(domain.recipients):
            yield recipient, f"{domain.where}.recipients[{number}]"
    for address, _targets, where in site.declared_aliases():
        yield address, where


def known_domains(site: Site) -> frozenset[str]:
    """Return the relay domains of which this host knows every recipient."""
    return frozenset(domain.name for domain in site.relay_domains if domain.knows_recipients)


def is_known(site: Site, known: Container[str], address: str) -> bool:
    """Say whether an address is declared, in the inventory or in its long lists.

    What stands behind a plus is the reader's own business.
    """
    name, _at, domain = address.rpartition("@")
    for one in (address, f"{name.partition('+')[0]}@{domain}"):
        if one in known or site.lists.has_recipient(one):
            return True
        if site.lists.alias_for(one, site.domain_names) is not None:
            return True
    return False


def nearest_address(target: str, known: Iterable[str]) -> str:
    """Offer the same name in another domain, or else a similar name in the same domain."""
    name, _at, domain = target.partition("@")
    names = {tuple(address.split("@")): address for address in sorted(known)}
    found = [address for (local, _domain), address in names.items() if local == name]
    if not found:
        similar = [local for local, its_domain in names if its_domain == domain]
        found = [f"{local}@{domain}" for local in get_close_matches(name, similar, n=1)]
    return f'did you mean "{found[0]}"?' if found else ""
