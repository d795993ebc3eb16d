"""Shapes for Sendmail: where addresses lead, by virtusertable and aliases, and what is local."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import re
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_aliases import (
    SINK,
    local_aliases,
    virtual_aliases,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_copies import (
    backed_up,
)

# A domain that is in no DNS and that no stranger may send to: an address that ends in it has been
# through all tables and goes to its mailbox. Sendmail would look a plain one up again for ever.
STORE = "postern-store"
DISCARD = "postern--discard"
# Where copies go. It has an owner, who hears of a copy that fails in the sender's stead: nobody
# outside shall learn that there are any.
BACKUP = "postern--backup"
UNKNOWN = "error:5.1.1:550 User unknown"


def local_host_names(site: Site) -> list[str]:
    """Return the names whose users are this host's own."""
    return sorted({site.hostname, "localhost"})


def virtuser_domains(site: Site) -> list[str]:
    """Return the domains whose addresses stand in the virtusertable, and are nobody's local."""
    return sorted(site.domain_names)


def virtusertable(site: Site) -> dict[str, str]:
    """Return where each address leads, one target each: an alias where there are several.

    Postfix' own table, translated, so that both lead mail to the same place. Here every mailbox
    has an entry, and every domain without a catch-all one that refuses.
    """
    if site.send_only:
        # What the host says to itself goes to whoever reads it in the mail domain.
        away = site.hostname != site.domain
        names = local_host_names(site) if away else []
        return {f"@{name}": f"%1%3@{site.domain}" for name in names}
    found = {account.address: _mailbox(site, account.address) for account in site.mailboxes}
    for key, targets in virtual_aliases(site).items():
        found[key] = _target(site, key, targets)
    closed = [*site.domain_names, *(local_host_names(site) if site.local_users == "none" else [])]
    found = {**{f"@{name}": UNKNOWN for name in closed}, **found}
    return dict(sorted(found.items()))


def _target(site: Site, key: str, targets: str) -> str:
    """Return what an entry of Postfix' table is here."""
    if targets == SINK:
        return DISCARD
    if targets == key:
        return _mailbox(site, key)
    if "," in targets:
        return token(key)
    return targets if key.startswith("@") else _with_detail(targets)


def _mailbox(site: Site, address: str) -> str:
    """Return where an account's mail goes: its mailbox, or an alias that makes the copy too."""
    return token(address) if address in backed_up(site) else _with_detail(f"{address}.{STORE}")


def _with_detail(address: str) -> str:
    """Return an address that keeps what stands behind the plus."""
    name, _at, domain = address.rpartition("@")
    return f"{name}%3@{domain}"


def token(address: str) -> str:
    """Return the alias that stands for an address with several targets."""
    plain = re.sub(r"[^a-z0-9.]", "-", address.lower())
    return f"postern--{plain}--{hashlib.sha256(address.encode()).hexdigest()[:8]}"


def sendmail_aliases(site: Site) -> dict[str, Any]:
    """Return the names without a domain: the site's own, and those of several targets."""
    names = {name: targets.split(", ") for name, targets in local_aliases(site).items()}
    names = {name: [_itself(site, name, t) for t in targets] for name, targets in names.items()}
    names.setdefault("postmaster", [_reader(site)])
    names.setdefault("MAILER-DAEMON", ["postmaster"])
    names |= _tokens(site)
    sources = [
        {"file": path, "form": "aliases", "origin": site.domain}
        for path in ([] if site.local_users == "none" else site.alias_files)
    ]
    return {"entries": dict(sorted(names.items()))} | ({"sources": sources} if sources else {})


def _reader(site: Site) -> str:
    """Return who reads what the system reports where nobody is declared."""
    return "root" if site.domain == site.hostname else f"postmaster@{site.domain}"


def _itself(site: Site, name: str, target: str) -> str:
    """Return a target; a user's own mailbox with a backslash, which ends the search."""
    own = site.local_users != "none" and target in (name, f"{name}@{site.hostname}")
    return f"\\{name}" if own else target


def _tokens(site: Site) -> dict[str, list[str]]:
    """Return the aliases that virtusertable leads to."""
    if site.send_only:
        return {}
    copied = backed_up(site)
    mailboxes = {account.address for account in site.mailboxes}
    found = {token(name): [f"{name}.{STORE}", BACKUP] for name in copied}
    if copied:
        found |= {BACKUP: [str(site.backup)], f"owner-{BACKUP}": ["postmaster"]}
    for key, targets in virtual_aliases(site).items():
        if "," in targets:
            found[token(key)] = _several(key, targets.split(", "), mailboxes, copied)
        if targets == SINK:
            found[DISCARD] = ["/dev/null"]
    if any((f.kind, f.action) == ("recipient", "discard") for f in site.access_files):
        found[DISCARD] = ["/dev/null"]
    return found


def _several(key: str, targets: list[str], mailboxes: set[str], copied: set[str]) -> list[str]:
    """Return the targets of an alias; one of its own name is the mailbox of that name."""
    found = []
    for target in targets:
        if target != key:
            found.append(target)
        elif key in mailboxes:
            found += [f"{key}.{STORE}", *([BACKUP] if key in copied else [])]
        else:
            found.append("\\" + key.rpartition("@")[0])
    return found


def virtusertable_sources(site: Site) -> list[dict[str, Any]]:
    """Return the long lists of aliases, and of recipients whose mail is thrown away."""
    if site.send_only:
        return []
    domains = [*sorted(site.domain_names), *local_host_names(site)]
    sources: list[dict[str, Any]] = [
        {"file": path, "form": "aliases", "origin": site.domain, "domains": domains}
        for path in site.alias_files
    ]
    return sources + [
        {"file": file.path, "form": "keys", "value": DISCARD}
        for file in site.access_files
        if (file.kind, file.action) == ("recipient", "discard")
    ]
