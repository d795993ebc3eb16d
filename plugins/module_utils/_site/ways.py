"""The ways that mail takes from alias to alias: where it ends, and where it never does."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from ansible_collections.postern.mail.plugins.module_utils._site.model import Site

Targets = tuple[str, ...]


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
