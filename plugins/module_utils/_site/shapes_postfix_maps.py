"""Shapes for Postfix: the lookup tables that follow from the site."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import Access, Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix import (
    relay_nexthop,
)

Entries = dict[str, str]


def postfix_maps(site: Site) -> list[dict[str, Any]]:
    """Return the tables: {name, entries}, with `type: cidr` where it applies.

    A cidr table's entries are in the order in which Postfix has to try them.
    """
    by_network = [item for item in site.access if item.network is not None]
    others = [item for item in site.access if item.network is None]
    refusals = ("reject", "accept")
    return [
        _table("virtual_aliases", virtual_aliases(site)),
        _table("virtual_mailboxes", {account.address: "OK" for account in site.mailboxes}),
        _table("sender_logins", sender_logins(site)),
        _cidr("client_access", _select(by_network, "client", refusals)),
        _table("client_name_access", _verdicts(_select(others, "client", refusals))),
        _table("sender_access", _verdicts(_select(others, "sender", refusals))),
        _table("recipient_access", _verdicts(_select(others, "recipient", refusals))),
        _cidr("relay_clients", _select(by_network, "client", ("relay",))),
        _table("relay_recipients", _verdicts(_select(others, "recipient", ("relay",)))),
    ]


def postfix_secret_maps(site: Site) -> dict[str, Entries]:
    """Return the tables with passwords: name -> entries."""
    return {"relay_credentials": _relay_credentials(site)}


def virtual_aliases(site: Site) -> Entries:
    """Return where each declared alias leads, and the catch-alls.

    Postfix asks this table before it looks for mailboxes, so a catch-all would take the mail of
    every mailbox in its domain: each of them has an entry that leads to itself.
    """
    if site.send_only:
        return {}
    caught = {domain.name: domain.catch_all for domain in site.domains if domain.catch_all}
    entries = {f"@{name}": target for name, target in caught.items()}
    entries |= {a.address: a.address for a in site.mailboxes if a.domain in caught}
    entries |= {name: ", ".join(targets) for name, targets, _where in site.declared_aliases()}
    for alias in site.aliases:
        if alias.domain is None:
            entries |= {
                f"{alias.name}@{host}": ", ".join(alias.targets)
                for host in (site.hostname, "localhost")
            }
    return dict(sorted(entries.items()))


def sender_logins(site: Site) -> Entries:
    """Return which logins may send as which address: their own, and what leads to them."""
    logins = {account.address for account in site.mailboxes}
    aliases = {} if site.send_only else {n: t for n, t, _w in site.declared_aliases()}
    entries = {name: name for name in logins}
    for name, targets in aliases.items():
        if name not in logins:
            # An alias that leads elsewhere is nobody's here, not the catch-all's owner's either.
            entries[name] = ", ".join(sorted(_ends(targets, aliases) & logins)) or name
    for domain in site.domains:
        if domain.catch_all and (owners := _ends([domain.catch_all], aliases) & logins):
            entries[f"@{domain.name}"] = ", ".join(sorted(owners))
    return dict(sorted(entries.items()))


def _ends(targets: Iterable[str], aliases: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return every address on the way from these targets; a loop ends the walk."""
    seen: set[str] = set()
    ahead = list(targets)
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead.extend(aliases.get(name, ()))
    return seen


def _table(name: str, entries: Entries) -> dict[str, Any]:
    return {"name": name, "entries": entries}


def _cidr(name: str, items: Iterable[Access]) -> dict[str, Any]:
    networks = [(item.network, item) for item in items if item.network is not None]
    networks.sort(key=lambda pair: (pair[0].version, -pair[0].prefixlen, pair[0].network_address))
    entries = {str(network): _verdict(item) for network, item in networks}
    return {**_table(name, entries), "type": "cidr"}


def _select(items: Iterable[Access], kind: str, actions: Iterable[str]) -> list[Access]:
    return [item for item in items if item.kind == kind and item.action in actions]


def _verdicts(items: Iterable[Access]) -> Entries:
    return dict(sorted((item.value, _verdict(item)) for item in items))


def _verdict(item: Access) -> str:
    if item.action == "reject":
        return f"REJECT {item.text}".rstrip()
    return "OK"


def _relay_credentials(site: Site) -> Entries:
    relay = site.relay
    if relay is None or not relay.username:
        return {}
    return {relay_nexthop(relay): f"{relay.username}:{relay.password}"}
