"""Shapes for Postfix: who is refused, thrown away, let in or may relay."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import (
    Access,
    AccessFile,
    Site,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_aliases import (
    Entries,
    table,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
)

_VERDICTS = ("reject", "accept", "discard")
# What is not ASCII in a sender can't be written back to by whoever does not take SMTPUTF8.
ODD_SENDERS = "check_sender_access pcre:$config_directory/maps/odd_senders"
_CHROOT = "/var/spool/postfix/"  # where smtpd is when it asks
_CIDR = "cidr:$config_directory/maps/{}"
_ODD = {r"/[^\x20-\x7e]/": "553 5.6.7 addresses are ASCII here"}
_TO_ONE = ("reject", "accept")  # a recipient's mail is discarded by an alias, for it alone


def access_tables(site: Site, choices: Choices) -> list[dict[str, Any]]:
    """Return the access tables.

    A cidr table's entries are in the order in which Postfix has to try them; what a file lists
    comes after the inventory's own, exemptions first.
    """
    kind = choices.map_type
    return [
        _cidr("client_access", site, _VERDICTS, "networks"),
        _cidr("relay_clients", site, ("relay",)),
        _named("client_name_access", site, "client", _VERDICTS, kind),
        _named("sender_access", site, "sender", _VERDICTS, kind),
        _named("recipient_access", site, "recipient", _TO_ONE, kind),
        _named("relay_recipients", site, "recipient", ("relay",), kind),
        table("helo_access", helo_access(site, choices), kind),
        table("odd_senders", _ODD, "pcre"),
    ]


def access_parameters(site: Site, choices: Choices) -> dict[str, str]:
    """Return the restrictions; tables without entries are not asked: each costs every recipient.

    What the role's own restrictions say stays as it is, in the same order.
    """
    asked = {one["name"] for one in access_tables(site, choices) if _says_something(one)}

    def ask(what: str, name: str, of: str = "") -> list[str]:
        known = of or choices.table(name)
        return [f"check_{what}_access {known}"] if name in asked else []

    helo = choices.table("helo_access")
    lists = {
        "client": [
            *ask("client", "client_access", _CIDR.format("client_access")),
            *ask("client", "client_name_access"),
        ],
        "helo": ["permit_mynetworks", f"check_helo_access {helo}", "reject_invalid_helo_hostname"],
        "sender": [
            ODD_SENDERS,
            *ask("sender", "sender_access"),
            "permit_mynetworks",
            "reject_non_fqdn_sender",
            "reject_unknown_sender_domain",
        ],
        "relay": [
            "permit_mynetworks",
            *ask("client", "relay_clients", _CIDR.format("relay_clients")),
            *ask("recipient", "relay_recipients"),
            *_further_clients(choices),
            "reject_unauth_destination",
        ],
        "recipient": ["reject_non_fqdn_recipient", *ask("recipient", "recipient_access")],
    }
    return {f"smtpd_{name}_restrictions": ", ".join(words) for name, words in lists.items()}


def _further_clients(choices: Choices) -> list[str]:
    """Return how those are let in whom another program knows.

    Where it does not answer they have to come again, and nobody else: mail that ends here, or that
    is passed on for everyone, is let in before it is asked.
    """
    if not choices.relay_clients_socket:
        return []
    path = choices.relay_clients_socket.removeprefix(_CHROOT)
    return ["permit_auth_destination", f"check_client_access socketmap:unix:{path}:relay_clients"]


def _says_something(one: dict[str, Any]) -> bool:
    return bool(one["entries"] or one.get("sources"))


def helo_access(site: Site, choices: Choices) -> Entries:
    """Return names of clients: nobody else has this host's own."""
    own = {site.hostname: "REJECT this is my own name"}
    return dict(sorted((own | dict(choices.helo_access)).items()))


def open_networks(site: Site) -> Entries:
    """Return the networks that nothing is asked of before they speak."""
    items = [item for item in site.access if item.action in ("accept", "relay")]
    return {str(item.network): "permit" for item in _by_width(items)}


def _cidr(
    name: str, site: Site, actions: Iterable[str], select: str | None = None
) -> dict[str, Any]:
    items = _select(site.access, "client", actions)
    entries = {str(item.network): _verdict(item) for item in _by_width(items)}
    return table(name, entries, "cidr", _sources(site, "client", actions, select))


def _by_width(items: Iterable[Access]) -> list[Access]:
    """Return those that name networks, narrow ones first."""
    networks = [(item.network, item) for item in items if item.network is not None]
    networks.sort(key=lambda pair: (pair[0].version, -pair[0].prefixlen, pair[0].network_address))
    return [item for _network, item in networks]


def _named(name: str, site: Site, what: str, actions: Iterable[str], kind: str) -> dict[str, Any]:
    items = [item for item in _select(site.access, what, actions) if item.network is None]
    entries = dict(sorted((item.value, _verdict(item)) for item in items))
    select = "names" if what == "client" else None
    return table(name, entries, kind, _sources(site, what, actions, select))


def _select(items: Iterable[Access], what: str, actions: Iterable[str]) -> list[Access]:
    return [item for item in items if item.kind == what and item.action in actions]


def _sources(
    site: Site, what: str, actions: Iterable[str], select: str | None
) -> list[dict[str, Any]]:
    files = [file for file in site.access_files if file.kind == what and file.action in actions]
    files.sort(key=lambda file: file.action != "accept")
    only = {"only": select} if select else {}
    return [{"file": file.path, "form": "keys", "value": _verdict(file), **only} for file in files]


def _verdict(item: Access | AccessFile) -> str:
    if item.action in ("reject", "discard"):
        return f"{item.action.upper()} {item.text}".rstrip()
    return "OK"
