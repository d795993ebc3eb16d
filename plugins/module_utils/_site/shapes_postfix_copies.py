"""Shapes for Postfix: copies for backups, for a journal, and by sender or recipient."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, report
from ansible_collections.postern.mail.plugins.module_utils._site.model import Domain, Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_aliases import (
    Entries,
    alias_graph,
    table,
    walk,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
)

_CAUGHT = "backup_of_catch_alls"
_LONGEST_PATTERN = 30_000  # PCRE takes twice as much


def copy_parameters(site: Site, choices: Choices) -> dict[str, str]:
    """Return the parameters of copies.

    Postfix adds them before it looks at aliases, and as if the sender had asked never to hear of
    them: no failure of a copy is told to anybody outside.
    """
    recipients = [choices.table("recipient_bcc")] if choices.recipient_bcc else []
    if backed_up(site):
        recipients.append(choices.table("backup_copies"))
        if _caught(site):
            recipients.append(f"pcre:$config_directory/maps/{_CAUGHT}")
    return {
        "always_bcc": site.journal or "",
        "recipient_bcc_maps": ", ".join(recipients),
        "sender_bcc_maps": choices.table("sender_bcc") if choices.sender_bcc else "",
    }


def copy_tables(site: Site, choices: Choices) -> list[dict[str, Any]]:
    """Return the tables of copies; raises ValueError where one address would need two."""
    _check(site, choices)
    kind = choices.map_type
    tables = []
    if choices.recipient_bcc:
        tables.append(table("recipient_bcc", dict(choices.recipient_bcc), kind))
    if choices.sender_bcc:
        tables.append(table("sender_bcc", dict(choices.sender_bcc), kind))
    if backed_up(site):
        files = [
            {
                "file": path,
                "form": "aliases",
                "origin": site.domain,
                "domains": [*sorted(site.domain_names), site.hostname, "localhost"],
                "leads": dict.fromkeys(sorted(_leading(site)), str(site.backup)),
            }
            for path in site.alias_files
        ]
        tables.append(table("backup_copies", backup_copies(site), kind, files))
        if caught := _caught(site):
            patterns = {_pattern(site, domain): str(site.backup) for domain in caught}
            tables.append(table(_CAUGHT, patterns, "pcre"))
    return tables


def backed_up(site: Site) -> set[str]:
    """Return the accounts whose mail is copied: those that don't read the copies anyway."""
    if not site.backup:
        return set()
    readers = walk([site.backup], alias_graph(site))
    return {account.address for account in site.mailboxes if account.backup} - readers


def _leading(site: Site) -> set[str]:
    """Return all declared addresses whose mail ends in an account that is backed up."""
    graph = alias_graph(site)
    accounts = backed_up(site)
    return accounts | {name for name in graph if walk([name], graph) & accounts}


def backup_copies(site: Site) -> Entries:
    """Return the copies by the address that a message is sent to, aliases included."""
    leading = _leading(site)
    bare = {alias.name for alias in site.aliases if alias.domain is None}
    for name in bare:
        if any(f"{name}@{domain}" in leading for domain in site.domain_names):
            leading |= {f"{name}@{site.hostname}", f"{name}@localhost"}
    leading -= walk([str(site.backup)], alias_graph(site))
    return dict.fromkeys(sorted(leading), str(site.backup))


def _caught(site: Site) -> list[Domain]:
    """Return the domains whose catch-all ends in an account that is backed up."""
    leading = _leading(site)
    return [domain for domain in site.domains if domain.catch_all in leading]


def _pattern(site: Site, domain: Domain) -> str:
    """Return what matches an address that only the catch-all takes."""
    graph = alias_graph(site)
    declared = {*graph, *(account.address for account in site.mailboxes)}
    names = sorted(name.rpartition("@")[0] for name in declared if name.endswith(f"@{domain.name}"))
    some = "|".join(re.escape(name) for name in names)
    own = rf"(?!(?:{some})(?:\+[^@]*)?@)" if names else ""
    inside = f"^{own}[^@]+@{re.escape(domain.name)}$".replace("/", r"\/")
    pattern = f"/{inside}/"
    if len(pattern) > _LONGEST_PATTERN:
        what = f'"{domain.name}" has {len(names)} addresses, too many for copies of its catch-all'
        raise ValueError(str(Problem(f"{domain.where}.catch_all", what, "name another account")))
    return pattern


def _check(site: Site, choices: Choices) -> None:
    """Postfix makes one copy for an address: a second wish would be forgotten in silence."""
    taken = backup_copies(site) if backed_up(site) else {}
    domains = {name.rpartition("@")[2] for name in taken}
    problems = [
        Problem(
            f'postfix_recipient_bcc["{name}"]',
            f"has copies at {site.backup} already, by mail_backup",
            "let mail_backup be an alias that leads to both",
        )
        for name, _copy in choices.recipient_bcc
        if name in taken or (name.startswith("@") and name[1:] in domains)
    ]
    if problems:
        raise ValueError(report(problems))
