"""Shapes for Postfix: where addresses lead, and which login may send as which."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.maildirs import maildir
from ansible_collections.postern.mail.plugins.module_utils._site.model import Access, Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
)

Entries = dict[str, str]
Graph = Mapping[str, tuple[str, ...]]

# Where mail ends that is thrown away without a word: a name that can't exist (RFC 2606).
SINK_DOMAIN = "discard.invalid"
SINK = f"discard@{SINK_DOMAIN}"
_SYSTEM = ("abuse", "postmaster", "root")


def alias_graph(site: Site) -> dict[str, tuple[str, ...]]:
    """Return where each declared alias leads."""
    return {} if site.send_only else {name: ends for name, ends, _place in site.declared_aliases()}


def virtual_aliases(site: Site) -> Entries:
    """Return where each declared alias leads, and the catch-alls.

    Postfix asks this table before it looks for mailboxes, so a catch-all would take the mail of
    every mailbox in its domain: each of them has an entry that leads to itself. Beside alias files
    all have one, so that a line of a file that would take somebody's mail is a clash.
    """
    if site.send_only:
        return dict(sorted(_discarded(site.access, {}).items()))
    caught = {domain.name: domain.catch_all for domain in site.domains if domain.catch_all}
    entries = {f"@{name}": target for name, target in caught.items()}
    for account in site.mailboxes:
        if account.domain in caught or site.alias_files:
            entries[account.address] = account.address
    entries |= {name: ", ".join(targets) for name, targets in alias_graph(site).items()}
    entries |= _host_aliases(site)
    return dict(sorted((entries | _discarded(site.access, entries)).items()))


def _host_aliases(site: Site) -> Entries:
    """Return where mail for the host's own names leads."""
    names = local_aliases(site)
    if site.local_users != "none":
        # Whoever has a mailbox in the store reads there, not in that of a UNIX user of this name.
        known = {a.name: a.address for a in site.mailboxes if a.domain == site.domain}
        names = {**known, **names}
    hosts = (site.hostname, "localhost")
    return {f"{name}@{host}": target for name, target in names.items() for host in hosts}


def local_aliases(site: Site) -> Entries:
    """Return where names without a domain lead.

    Where no mail domain ends, what the system itself reports goes to whoever reads it there.
    """
    names = {a.name: ", ".join(a.targets) for a in site.aliases if a.domain is None}
    if not site.domains and site.domain != site.hostname:
        names = {**{name: f"{name}@{site.domain}" for name in _SYSTEM}, **names}
    return {} if site.send_only else dict(sorted(names.items()))


def _discarded(access: Iterable[Access], entries: Entries) -> Entries:
    """Return what sends mail for single recipients to the sink.

    Postfix's own DISCARD would throw a message away for all of its recipients.
    """
    found: Entries = {}
    for item in access:
        if (item.kind, item.action) != ("recipient", "discard"):
            continue
        if "@" in item.value:
            found[item.value] = SINK
        else:
            inside = (name for name in entries if name.endswith(f"@{item.value}"))
            found |= dict.fromkeys((*inside, f"@{item.value}"), SINK)
    accepted = {a.value for a in access if (a.kind, a.action) == ("recipient", "accept")}
    return {name: target for name, target in found.items() if name not in accepted}


def sender_logins(site: Site) -> Entries:
    """Return which logins may send as which address.

    Their own, what leads to them, and what sends_as grants. An address of another account is its
    owner's alone: a grant of a whole domain covers none of those.
    """
    logins = {account.address for account in site.mailboxes}
    graph = alias_graph(site)
    owners: dict[str, set[str]] = {name: {name} for name in logins}
    for name, targets in graph.items():
        if name not in logins:
            # An alias that leads elsewhere is nobody's here, not the catch-all's owner's either.
            owners[name] = (walk(targets, graph) & logins) or {name}
    for domain in site.domains:
        if domain.catch_all and (readers := walk([domain.catch_all], graph) & logins):
            owners[f"@{domain.name}"] = readers
    personal = {*logins, *(alias for account in site.mailboxes for alias in account.aliases)}
    for account in site.mailboxes:
        for sender in account.sends_as:
            _grant(owners, sender, account.address, personal)
    return {name: ", ".join(sorted(found)) for name, found in sorted(owners.items())}


def _grant(owners: dict[str, set[str]], sender: str, login: str, personal: set[str]) -> None:
    owners.setdefault(sender, set()).add(login)
    if sender.startswith("@"):
        for name, found in owners.items():
            if name.endswith(sender) and name not in personal:
                found.add(login)


def walk(targets: Iterable[str], graph: Graph) -> set[str]:
    """Return every address on the way from these targets; a loop ends the walk."""
    seen: set[str] = set()
    ahead = list(targets)
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead.extend(graph.get(name, ()))
    return seen


def alias_sources(site: Site) -> list[dict[str, Any]]:
    """Return the long lists of aliases, whose bare names hold where those of the inventory do."""
    if site.send_only:
        return []
    domains = [*sorted(site.domain_names), site.hostname, "localhost"]
    return [
        {"file": path, "form": "aliases", "origin": site.domain, "domains": domains}
        for path in site.alias_files
    ]


def alias_tables(site: Site, choices: Choices) -> list[dict[str, Any]]:
    """Return the tables of aliases, mailboxes and senders."""
    sources = alias_sources(site)
    discarded = [
        {"file": file.path, "form": "keys", "value": SINK}
        for file in site.access_files
        if (file.kind, file.action) == ("recipient", "discard")
    ]
    logins = [] if site.store == "none" else sources
    mailboxes = {
        account.address: maildir(account) if choices.maildirs else "OK"
        for account in site.mailboxes
    }
    return [
        _table("virtual_aliases", virtual_aliases(site), choices, [*sources, *discarded]),
        _table("virtual_mailboxes", mailboxes, choices),
        _table("sender_logins", sender_logins(site), choices, logins),
        *_local_tables(site, choices),
    ]


def _local_tables(site: Site, choices: Choices) -> list[dict[str, Any]]:
    if site.local_users == "none":
        return []
    sources = [
        {"file": path, "form": "aliases", "origin": site.domain} for path in site.alias_files
    ]
    # What leaves a host that nobody can write to bears the names of the site.
    leaving = {} if site.opening("smtp") else {f"@{site.hostname}": f"@{site.domain}"}
    return [
        _table("local_aliases", local_aliases(site), choices, sources),
        _table("leaving", leaving, choices),
    ]


def _table(
    name: str, entries: Entries, choices: Choices, sources: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    return table(name, entries, choices.map_type, sources)


def table(
    name: str, entries: Entries, kind: str, sources: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return a table as the module takes it; without `sources` where it has none."""
    listed = [dict(source) for source in sources]
    return {"name": name, "type": kind, "entries": entries} | (
        {"sources": listed} if listed else {}
    )
