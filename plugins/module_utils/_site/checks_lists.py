"""Checks of long lists of aliases and recipients: each name once, leading to somebody."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from ansible_collections.postern.mail.plugins.module_utils._core.spec import show
from ansible_collections.postern.mail.plugins.module_utils._site import values
from ansible_collections.postern.mail.plugins.module_utils._site.findings import (
    Finding,
    Findings,
    problem,
)
from ansible_collections.postern.mail.plugins.module_utils._site.lists import NameList, Where
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.ways import (
    Targets,
    declarations,
    find_loops,
    known_domains,
    nearest_address,
    shown_loop,
)

SHOWN = 20  # problems of long lists that are told one by one
# What almost every name is; the careful reader takes ten times as long.
_PLAIN = re.compile(
    rb"[a-z0-9_+=-]+(?:\.[a-z0-9_+=-]+)*(?:@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]+)?"
).fullmatch
_HINTS = 10  # of which the first get a nearest name: each costs a walk over all accounts
_NOBODY = "which nobody has"


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a name of a list; what takes time is looked up when it is told.

    first: a name of the same list whose place is the hint.
    near:  an address; the nearest one that somebody has is the hint.
    """

    name: str
    what: str
    hint: str = ""
    first: str = ""
    near: str = ""


@dataclass(frozen=True)
class _Names:
    """What the inventory says, in bytes as the lists have them."""

    site: Site
    home: bytes
    hostname: bytes
    ours: frozenset[bytes]
    passing: frozenset[bytes]
    listed: frozenset[bytes]
    known: frozenset[bytes]
    bare: frozenset[bytes]
    full: frozenset[bytes]
    seen: dict[bytes, str | bytes | None] = field(default_factory=dict)


def tell(
    where: Where, wrong: Iterator[Wrong], lists: str, known: frozenset[str] = frozenset()
) -> Iterator[Finding]:
    """Yield the first problems with their places, and how many more there are."""
    told = list(islice(wrong, SHOWN))
    names = [name for one in told for name in (one.name, one.first) if name]
    places = where(names) if names else {}
    for number, one in enumerate(told):
        hint = one.hint
        if one.first:
            hint = f"first at {places.get(one.first, lists)}"
        elif one.near and number < _HINTS:
            hint = nearest_address(one.near, known)
        yield problem(places.get(one.name, lists), one.what, hint)
    if more := sum(1 for _one in wrong):
        yield problem(lists, f"and {more} more like these in the files")


def alias_lists(site: Site) -> Findings:
    """Judge what the lists of aliases declare beside the inventory."""
    if site.lists.aliases:
        known = frozenset(address for address, _where in declarations(site))
        yield from tell(site.lists.where, _wrong_aliases(site), "mail_alias_files", known)


def recipient_lists(site: Site) -> Findings:
    """Judge the lists of recipients: each in the domain whose list it is."""
    for domain in site.relay_domains:
        listed = site.lists.recipients.get(domain.name, NameList())
        end = f"@{domain.name}".encode()
        alien = (name for name in listed.names if b"@" in name and not name.endswith(end))
        what, hint = f'is not in "{domain.name}"', "list it with its own domain"
        texts = [name.decode() for name in sorted(alien)]
        wrong = (Wrong(text, f"{show(text)} {what}", hint) for text in texts)
        yield from tell(listed.where, wrong, f"{domain.where}.recipients_file")


def _wrong_aliases(site: Site) -> Iterator[Wrong]:
    names = _names(site)
    yield from _unreadable(site.lists.aliases)
    yield from _twice(site)
    edges: dict[str, Targets] = {}
    near = names.passing | {b"", names.hostname}
    for name, value in site.lists.aliases.items():
        if b"@" in name and (wrong := _wrong_name(names, name)):
            yield wrong
        nodes: list[str] = []
        for target in value.split(b", "):
            if target.partition(b"@")[2] not in near:
                continue  # somebody elsewhere
            if target not in names.seen:
                names.seen[target] = _target(names, target)
            found = names.seen[target]
            if isinstance(found, bytes):
                nodes.append(found.decode())
            elif found is not None:
                yield _astray(names, name, target, found)
        if nodes:
            edges[name.decode()] = tuple(nodes)
    yield from _loops(names, edges)


def _unreadable(aliases: Mapping[bytes, bytes]) -> Iterator[Wrong]:
    """Yield names and targets that are no addresses."""
    for name, value in aliases.items():
        for address in (name, *value.split(b", ")):
            if _PLAIN(address):
                continue
            try:
                values.address(address.decode(), "invalid.example")
            except values.Wrong as wrong:
                yield Wrong(name.decode(), wrong.what, wrong.hint)


def _names(site: Site) -> _Names:
    def coded(names: frozenset[str]) -> frozenset[bytes]:
        return frozenset(name.encode() for name in names)

    declared = [(a.name, a.domain) for a in site.aliases]
    return _Names(
        site=site,
        home=site.domain.encode(),
        hostname=site.hostname.encode(),
        ours=coded(site.domain_names),
        passing=coded(site.domain_names | site.relay_domain_names),
        listed=coded(site.domain_names | known_domains(site)),
        known=coded(frozenset(address for address, _where in declarations(site))),
        bare=coded(frozenset(name for name, domain in declared if domain is None)),
        full=coded(frozenset(f"{name}@{domain}" for name, domain in declared if domain)),
    )


def _twice(site: Site) -> Iterator[Wrong]:
    """Yield the names that the inventory has too."""
    said = set()
    for address, where in declarations(site):
        alias = site.lists.alias_for(address, site.domain_names)
        if alias is not None and alias not in said:
            said.add(alias)
            yield Wrong(alias, f'"{address}" is declared twice', f"first at {where}")


def _wrong_name(names: _Names, name: bytes) -> Wrong | None:
    """Say what is wrong with a full address as the name of an alias."""
    local, _at, domain = name.partition(b"@")
    text = name.decode()
    if domain not in names.passing:
        what = f'"{domain.decode()}" is not a domain of this site'
        return Wrong(text, what, "name it in mail_domains")
    if domain in names.ours and local in names.site.lists.aliases:
        return Wrong(text, f'"{text}" is declared twice', first=local.decode())
    return None


def _target(names: _Names, target: bytes) -> bytes | str | None:
    """Return the alias that a target is, what is wrong with it, or None where it ends well."""
    local, _at, domain = target.partition(b"@")
    domain = domain or names.home
    address = local + b"@" + domain
    aliases = names.site.lists.aliases
    if address in aliases or address in names.full:
        return address
    if domain in names.ours and (local in aliases or local in names.bare):
        return local
    if domain == names.hostname and names.site.local_users == "none":
        return "which is this host itself"
    if domain not in names.listed or address in names.known:
        return None
    return None if names.site.lists.has_recipient(address.decode()) else _NOBODY


def _astray(names: _Names, name: bytes, target: bytes, reason: str) -> Wrong:
    text = target.decode()
    address = text if "@" in text else f"{text}@{names.site.domain}"
    near = address if reason == _NOBODY else ""
    return Wrong(name.decode(), f'"{name.decode()}" leads to "{address}", {reason}', near=near)


def _loops(names: _Names, edges: dict[str, Targets]) -> Iterator[Wrong]:
    """Yield the loops that pass through a list; those of the inventory alone are said elsewhere."""
    listed = frozenset(edges)
    for alias in names.site.aliases:
        nodes = (_target(names, target.encode()) for target in alias.targets)
        name = f"{alias.name}@{alias.domain}" if alias.domain else alias.name
        edges[name] = tuple(node.decode() for node in nodes if isinstance(node, bytes))
    for loop in find_loops(edges):
        through = [name for name in loop if name in listed]
        if through:
            yield Wrong(through[0], shown_loop(loop))


LIST_CHECKS = [alias_lists, recipient_lists]  # need every entry to be known
