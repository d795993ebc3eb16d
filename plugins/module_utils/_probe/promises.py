"""What must hold for a host of the site: promises that follow from its model."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import PORTS, Account, Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_network import (
    certificate_names,
    openings,
)

_SUBMISSION = ("submission", "submissions")
_READING = ("imaps", "pop3s")
_TLS = ("smtp", *_SUBMISSION, *_READING)
_CLEAR = ("imap", "pop3")
FOREIGN_RECIPIENT = "postern-probe@example.com"
# Forms of relaying that hold an address of the site: a catch-all may take them for its own.
_UNROUTED = ("plain", "empty_sender", "forged_sender")

Raw = dict[str, Any]


@dataclass(frozen=True)
class Wishes:
    """What the one who verifies says beside the model.

    login: account that logs in; sender: envelope sender of mail from outside; recipient, mailboxes:
    an address outside and where its mail is found; seen_as: the address the probe comes from.
    """

    login: str = ""
    sender: str = ""
    recipient: str = ""
    mailboxes: Sequence[Raw] = ()
    store_mailboxes: Sequence[Raw] = ()
    seen_as: str = ""
    resolve_mx: bool = True
    days_left: int = 14
    wait_seconds: float = 60
    closed: Sequence[str] = ("well_known",)
    ignored: Sequence[str] = ("22",)


def promises_of(site: Site, wishes: Wishes) -> list[Raw]:
    """Return what a stranger, and the account, must find on this host."""
    reachable = tuple(name for name in PORTS if _reachable(site, name, wishes.seen_as))
    if not site.openings:
        return []
    parts = (_incoming, _outgoing, _logins, _tls, _strangers, _ports)
    return [promise for part in parts for promise in part(site, wishes, reachable)]


def probe_account(site: Site, login: str = "") -> Raw | None:
    """Return login and password of an account that a probe may use, or None.

    That is the one with this login, or the first whose password the model knows.
    """
    for account in site.accounts:
        if account.password and not account.locked and login in ("", account.address):
            return {"login": account.address, "password": account.password}
    return None


def _reachable(site: Site, name: str, seen_as: str) -> bool:
    opening = site.opening(name)
    if opening is None:
        return False
    if opening.sources is None:
        return True
    if not seen_as:
        return False
    client = ipaddress.ip_address(seen_as)
    return any(client in source for source in opening.sources)


def _among(names: Sequence[str], reachable: Sequence[str]) -> list[str]:
    return [name for name in names if name in reachable]


def _incoming(site: Site, wishes: Wishes, reachable: Sequence[str]) -> Iterator[Raw]:
    """Mail from outside arrives."""
    if "smtp" not in reachable or not site.domains:
        return
    names = [domain.name for domain in site.domains]
    if wishes.resolve_mx:
        yield from ({"promise": "mx", "domain": name} for name in names)
    common = {"sender": wishes.sender}
    known = {account.address: account for account in site.accounts}
    boxes = [{"service": name} for name in _among(_READING, reachable)]
    found_in = boxes or list(wishes.store_mailboxes)
    if wishes.login in known and found_in:
        for recipient in (wishes.login, *known[wishes.login].aliases[:1]):
            way = {"by_mx": wishes.resolve_mx, "domain": recipient.rpartition("@")[2]}
            yield _delivery(wishes, recipient, found_in, way)
    if boxes:
        yield from _catch_alls(site, wishes, known, boxes[:1])
    for name in names:
        for required in ("postmaster", "abuse"):
            recipient = f"{required}@{name}"
            yield {"promise": "recipient_accepted", "recipient": recipient, **common}


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


def _catch_alls(
    site: Site, wishes: Wishes, known: Mapping[str, Account], boxes: Sequence[Raw]
) -> Iterator[Raw]:
    """An invented address of a domain with a catch-all reaches its account."""
    for domain in site.domains:
        account = known.get(domain.catch_all or "")
        if account and account.password and not account.locked:
            owner = {"login": account.address, "password": account.password}
            invented = f"postern-probe-anybody@{domain.name}"
            yield _delivery(wishes, invented, [{**box, **owner} for box in boxes], {})


def _outgoing(site: Site, wishes: Wishes, reachable: Sequence[str]) -> Iterator[Raw]:
    """The account sends to the outside, or to itself when no outside address is known."""
    services = _among(_SUBMISSION, reachable)
    if not wishes.login or not services:
        return
    own = [{"service": name} for name in _among(_READING, reachable)[:1]]
    yield {
        "promise": "submit",
        "services": services,
        "sender": wishes.login,
        "recipient": wishes.recipient or wishes.login,
        "mailboxes": list(wishes.mailboxes if wishes.recipient else own or wishes.store_mailboxes),
        "wait_seconds": wishes.wait_seconds,
    }
    other = next((one.address for one in site.accounts if one.address != wishes.login), None)
    if other:
        yield {
            "promise": "forging_refused",
            "services": services,
            "sender": other,
            "recipient": wishes.login,
        }


def _logins(_site: Site, wishes: Wishes, reachable: Sequence[str]) -> Iterator[Raw]:
    services = _among((*_SUBMISSION, *_READING), reachable)
    if services and wishes.login:
        yield {"promise": "login", "services": services}
        yield {"promise": "wrong_password_refused", "services": services}
    clear = [name for name in _CLEAR if name not in reachable]
    yield {
        "promise": "plaintext_login_refused",
        "services": [*_among(("smtp", "submission"), reachable), *clear],
    }


def _tls(site: Site, wishes: Wishes, reachable: Sequence[str]) -> Iterator[Raw]:
    services = _among(_TLS, reachable)
    upgraded = _among(("smtp", "submission"), reachable)
    if services:
        yield {
            "promise": "certificate",
            "services": services,
            "names": certificate_names(site),
            "days_left": wishes.days_left,
        }
        yield {"promise": "old_tls_refused", "services": services}
    if upgraded:
        yield {"promise": "starttls", "services": upgraded}


def _strangers(site: Site, wishes: Wishes, reachable: Sequence[str]) -> Iterator[Raw]:
    """Nobody relays, nobody learns who exists; not judged from a network that may relay."""
    services = _among(("smtp", *_SUBMISSION), reachable)
    if not services or _trusted(site, wishes.seen_as):
        return
    strict = [domain.name for domain in site.domains if domain.catch_all is None]
    common = {"sender": wishes.sender, "domain": (strict or [site.domain])[0]}
    foreign = wishes.recipient or FOREIGN_RECIPIENT
    forms = {} if strict else {"forms": list(_UNROUTED)}
    yield {
        "promise": "relay_refused",
        "services": services,
        "recipient": foreign,
        **common,
        **forms,
    }
    if "smtp" in reachable:
        for name in strict:
            yield {"promise": "unknown_recipient_refused", **common, "domain": name}
    recipient = wishes.login or f"postmaster@{common['domain']}"
    verbs = _among(("smtp", "submission"), services)
    if verbs:
        yield {"promise": "verbs_off", "services": verbs, "recipient": recipient, **common}


def _trusted(site: Site, seen_as: str) -> bool:
    if not seen_as:
        return False
    client = ipaddress.ip_address(seen_as)
    return any(client in network for _where, network in site.trusted_networks)


def _ports(site: Site, wishes: Wishes, reachable: Sequence[str]) -> Iterator[Raw]:
    yield {"promise": "elsewhere"}
    yield {
        "promise": "ports",
        "openings": openings(site, [opening.name for opening in site.openings]),
        "closed": list(wishes.closed),
        "ignored": list(wishes.ignored),
    }
    greeted = list(reachable)
    if greeted:
        yield {"promise": "banner", "services": greeted}
