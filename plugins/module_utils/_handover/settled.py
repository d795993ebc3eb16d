"""Mailboxes that have been through all tables, as Sendmail's own addresses say it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
from collections.abc import Collection
from pathlib import Path

# What a site's virtusertable and aliases put behind an address that they lead to its mailbox.
SUFFIX = ".postern-store"
MAILERTABLE = Path("/etc/mail/mailertable")
DOMAINS = Path("/etc/mail/virtuser-domains")


def is_inner(recipient: str) -> bool:
    """Say whether an address is the inner form of a mailbox."""
    return recipient.endswith(SUFFIX)


def outer(recipient: str) -> str:
    """Return an address as all others write it."""
    return recipient.removesuffix(SUFFIX)


def inner(recipient: str, domains: Collection[str]) -> str:
    """Return the inner form of an address in one of these domains."""
    within = recipient.rpartition("@")[2].lower() in domains
    return f"{recipient}{SUFFIX}" if within else recipient


def domains_of_mailboxes() -> frozenset[str]:
    """Return the domains whose mailboxes Sendmail on this host hands to a store."""
    with contextlib.suppress(FileNotFoundError):
        ways = MAILERTABLE.read_text(encoding="utf-8").splitlines()
        if any(way.startswith(SUFFIX) for way in ways):
            return frozenset(DOMAINS.read_text(encoding="utf-8").split())
    return frozenset()
