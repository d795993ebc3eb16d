"""What must hold on a host itself, tried there: promises that follow from its model."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.postern.mail.plugins.module_utils._site.model import Site

from .wishes import Raw, Wishes

_RECEIVING = ("smtp", "submission", "submissions")
_PORTS = {"smtp": 25, "submissions": 465, "submission": 587}
_ITSELF = ["127.0.0.0/8", "::1/128"]
# Somebody without any rights: what works for root alone is of no use to programs.
ORDINARY = "nobody"


def host_promises(site: Site, wishes: Wishes) -> list[Raw]:
    """Return what a user of the host must find."""
    return [*_quiet(site, wishes), *_sending(site, wishes), *_local(site, wishes)]


def _quiet(site: Site, wishes: Wishes) -> Iterator[Raw]:
    """Where nobody from elsewhere is served, nothing listens, or to the host itself alone."""
    if any(site.opening(name) for name in _RECEIVING):
        return
    itself = [
        {"name": name, "port": port, "sources": _ITSELF}
        for name, port in _PORTS.items()
        if _serves_itself(site, wishes)
    ]
    closed = [str(port) for port in _PORTS.values()]
    yield {"promise": "no_listener", "closed": closed, "openings": itself}


def _serves_itself(site: Site, wishes: Wishes) -> bool:
    """Whether the agent takes mail over TCP from the host itself."""
    if site.transfer_agent == "sendmail":
        ends = bool(site.domains or site.relay_domains)
        return wishes.sendmail_mode == "daemon" or (ends and wishes.sendmail_mode != "queue")
    return site.transfer_agent == "postfix"


def _sending(site: Site, wishes: Wishes) -> Iterator[Raw]:
    """Mail that programs of the host send arrives; hosts that receive are tried from outside."""
    if site.openings:
        return
    recipient = wishes.recipient or wishes.login or f"postmaster@{site.domain}"
    for user in ("", ORDINARY):
        yield {
            "promise": "submit",
            "services": ["sendmail"],
            "recipient": recipient,
            "as_user": user,
        }


def _local(site: Site, wishes: Wishes) -> Iterator[Raw]:
    """Mail for a UNIX user of the host is in that user's mailbox."""
    user = wishes.local_user
    places = {
        "maildir": {"service": "maildir", "path": f"~{user}/Maildir"},
        "mbox": {"service": "mbox", "path": f"/var/mail/{user}"},
    }
    if user and site.local_users in places:
        yield {
            "promise": "local_delivery",
            "recipient": f"{user}@{site.hostname}",
            "mailboxes": [places[site.local_users]],
            "wait_seconds": wishes.wait_seconds,
        }
