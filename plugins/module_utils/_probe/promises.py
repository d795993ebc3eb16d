"""What must hold for a host of the site: promises that follow from its model."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ansible_collections.postern.mail.plugins.module_utils._site.model import PORTS, Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_network import (
    certificate_names,
    openings,
)

from .promises_host import host_promises
from .promises_routes import incoming, outgoing, relayed
from .wishes import Raw, Wishes, among, is_reachable, is_trusted, owner, usable

_SUBMISSION = ("submission", "submissions")
_READING = ("imaps", "pop3s")
_SCRIPTS = ("sieve",)
_TLS = ("smtp", *_SUBMISSION, *_READING, *_SCRIPTS)
_CLEAR = ("imap", "pop3")
FOREIGN_RECIPIENT = "postern-probe@example.com"
# Forms of relaying that hold an address of the site: a catch-all may take them for its own.
_UNROUTED = ("plain", "empty_sender", "forged_sender")


def promises_of(site: Site, wishes: Wishes) -> list[Raw]:
    """Return what a stranger and the account must find on this host, or what its users must."""
    if wishes.on_host:
        return host_promises(site, wishes)
    reachable = tuple(name for name in PORTS if is_reachable(site, name, wishes.seen_as))
    if not site.openings:
        return []
    parts = (incoming, relayed, outgoing, _logins, _tls, _strangers, _ports)
    return [promise for part in parts for promise in part(site, wishes, reachable)]


def probe_account(site: Site, login: str = "") -> Raw | None:
    """Return login and password of an account that a probe may use, or None.

    That is the one with this login, or the first whose password the model knows.
    """
    found = (one for one in usable(site.accounts) if login in ("", one.address))
    return next(map(owner, found), None)


def _logins(_site: Site, wishes: Wishes, reachable: Sequence[str]) -> Iterator[Raw]:
    services = among((*_SUBMISSION, *_READING, *_SCRIPTS), reachable)
    if services and wishes.login:
        yield {"promise": "login", "services": services}
        yield {"promise": "wrong_password_refused", "services": services}
    clear = [name for name in _CLEAR if name not in reachable]
    yield {
        "promise": "plaintext_login_refused",
        "services": [*among(("smtp", "submission", *_SCRIPTS), reachable), *clear],
    }


def _tls(site: Site, wishes: Wishes, reachable: Sequence[str]) -> Iterator[Raw]:
    services = among(_TLS, reachable)
    upgraded = among(("smtp", "submission"), reachable)
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
    services = among(("smtp", *_SUBMISSION), reachable)
    if not services or is_trusted(site, wishes.seen_as):
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
    verbs = among(("smtp", "submission"), services)
    if verbs:
        yield {"promise": "verbs_off", "services": verbs, "recipient": recipient, **common}


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
