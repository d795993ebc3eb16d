"""The ways that mail takes: promises about what arrives, what goes on, and what goes out."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import Account, Site

from .wishes import Raw, Wishes, among, is_trusted, owner, usable

_SUBMISSION = ("submission", "submissions")
_READING = ("imaps", "pop3s")


def incoming(site: Site, wishes: Wishes, reachable: Sequence[str]) -> Iterator[Raw]:
    """Mail from outside arrives, and so do its copies."""
    if "smtp" not in reachable or not site.domains:
        return
    names = [domain.name for domain in site.domains]
    if wishes.resolve_mx:
        yield from ({"promise": "mx", "domain": name} for name in names)
    boxes = [{"service": name} for name in among(_READING, reachable)]
    yield from _deliveries(site, wishes, boxes or list(wishes.store_mailboxes))
    if boxes:
        yield from _catch_alls(site, wishes, boxes[:1])
    for name in names:
        for required in ("postmaster", "abuse"):
            yield _accepted(f"{required}@{name}", wishes)


def _accepted(recipient: str, wishes: Wishes) -> Raw:
    return {"promise": "recipient_accepted", "recipient": recipient, "sender": wishes.sender}


def _deliveries(site: Site, wishes: Wishes, boxes: Sequence[Raw]) -> Iterator[Raw]:
    """The account's mail is found in every way, and that of one with copies in both places."""
    login = next((one for one in site.accounts if one.address == wishes.login), None)
    if not boxes:
        return
    if login:
        for recipient in (login.address, *login.aliases[:1]):
            way = {"by_mx": wishes.resolve_mx, "domain": recipient.rpartition("@")[2]}
            found_in = [*boxes, *_copies(site, wishes, login, boxes[0])]
            yield _delivery(wishes, recipient, found_in, way)
    kept = next((one for one in usable(site.accounts) if one.backup), None)
    if kept and not (login and login.backup):
        own = {**boxes[0], **owner(kept)}
        backup = _box_of(site.backup, site, boxes[0])
        yield from (_delivery(wishes, kept.address, [own, box], {}) for box in backup)


def _copies(site: Site, wishes: Wishes, account: Account, box: Raw) -> list[Raw]:
    """Return where copies of an account's mail are found, as far as a probe can look there."""
    backup = _box_of(site.backup, site, box) if account.backup else []
    journal = list(wishes.journal_mailboxes) if site.journal else []
    found = [*backup, *(journal or _box_of(site.journal, site, box))]
    return [one for one in found if one.get("login") != account.address]


def _box_of(address: str | None, site: Site, box: Raw) -> list[Raw]:
    """Return the mailbox behind an address of the site when the model knows its password."""
    for account in usable(site.accounts):
        if address in (account.address, *account.aliases):
            return [{**box, **owner(account)}]
    return []


def _delivery(
    wishes: Wishes, recipient: str, mailboxes: Sequence[Raw], way: Mapping[str, Any]
) -> Raw:
    return {
        "promise": "delivery",
        "recipient": recipient,
        "sender": wishes.sender,
        "mailboxes": list(mailboxes),
        "wait_seconds": wishes.wait_seconds,
        **way,
    }


def _catch_alls(site: Site, wishes: Wishes, boxes: Sequence[Raw]) -> Iterator[Raw]:
    """An invented address of a domain with a catch-all reaches its account."""
    known = {account.address: account for account in usable(site.accounts)}
    for domain in site.domains:
        if account := known.get(domain.catch_all or ""):
            invented = f"postern-probe-anybody@{domain.name}"
            yield _delivery(wishes, invented, [{**box, **owner(account)} for box in boxes], {})


def relayed(site: Site, wishes: Wishes, reachable: Sequence[str]) -> Iterator[Raw]:
    """Mail for a domain behind this host is taken for those who exist there, and for them alone.

    That mail for any other domain is refused is the promise relay_refused.
    """
    if "smtp" not in reachable or is_trusted(site, wishes.seen_as):
        return
    for domain in site.relay_domains:
        yield from (_accepted(recipient, wishes) for recipient in domain.recipients[:1])
        if domain.knows_recipients:
            yield {
                "promise": "unknown_recipient_refused",
                "sender": wishes.sender,
                "domain": domain.name,
            }


def outgoing(site: Site, wishes: Wishes, reachable: Sequence[str]) -> Iterator[Raw]:
    """The account sends to the outside, or to itself when no outside address is known."""
    services = among(_SUBMISSION, reachable)
    if not wishes.login or not services:
        return
    own = [{"service": name} for name in among(_READING, reachable)[:1]]
    yield {
        "promise": "submit",
        "services": services,
        "sender": wishes.login,
        "recipient": wishes.recipient or wishes.login,
        "mailboxes": list(wishes.mailboxes if wishes.recipient else own or wishes.store_mailboxes),
        "wait_seconds": wishes.wait_seconds,
    }
    account = next((one for one in site.accounts if one.address == wishes.login), None)
    allowed = {wishes.login, *(account.sends_as if account else ())}
    others = (one for one in site.accounts if not {one.address, f"@{one.domain}"} & allowed)
    if other := next(others, None):
        yield {
            "promise": "forging_refused",
            "services": services,
            "sender": other.address,
            "recipient": wishes.login,
        }
