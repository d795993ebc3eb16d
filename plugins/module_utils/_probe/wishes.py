"""What the one who verifies says beside the model, and what it makes reachable."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import Account, Site

Raw = dict[str, Any]


@dataclass(frozen=True)
class Wishes:
    """What the one who verifies says beside the model.

    login: account that logs in; sender: envelope sender of mail from outside; recipient, mailboxes:
    an address outside and where its mail is found; store_mailboxes, journal_mailboxes: where the
    login's mail is found when this host keeps none, and the journal's; seen_as: the address the
    probe comes from; local_user: a UNIX user who may be sent to; sendmail_mode: how Sendmail runs,
    when that does not follow from the site; on_host: whether the probe is held on the host itself.
    """

    login: str = ""
    sender: str = ""
    recipient: str = ""
    mailboxes: Sequence[Raw] = ()
    store_mailboxes: Sequence[Raw] = ()
    journal_mailboxes: Sequence[Raw] = ()
    seen_as: str = ""
    local_user: str = ""
    sendmail_mode: str = ""
    on_host: bool = False
    resolve_mx: bool = True
    days_left: int = 14
    wait_seconds: float = 60
    closed: Sequence[str] = ("well_known",)
    ignored: Sequence[str] = ("22",)


def among(names: Sequence[str], reachable: Sequence[str]) -> list[str]:
    """Return those of the services that are reachable."""
    return [name for name in names if name in reachable]


def is_reachable(site: Site, name: str, seen_as: str) -> bool:
    """Whether a service is open to the place that is probed from."""
    opening = site.opening(name)
    if opening is None:
        return False
    if opening.sources is None:
        return True
    if not seen_as:
        return False
    client = ipaddress.ip_address(seen_as)
    return any(client in source for source in opening.sources)


def is_trusted(site: Site, seen_as: str) -> bool:
    """Whether the place that is probed from may relay."""
    if not seen_as:
        return False
    client = ipaddress.ip_address(seen_as)
    return any(client in network for _where, network in site.trusted_networks)


def usable(accounts: Iterable[Account]) -> Iterator[Account]:
    """Yield the accounts that a probe can log in with."""
    return (one for one in accounts if one.password and not one.locked)


def owner(account: Account) -> Raw:
    """Return login and password of an account, as a mailbox names its owner."""
    return {"login": account.address, "password": account.password}
