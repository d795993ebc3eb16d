"""From the module's arguments to promises: every fault is a Problem."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Mapping
from typing import Any

from .._core.problems import Problem
from .model import SERVICES, Account, Mailbox, Opening, Promise, Target
from .ports import ports_of

_ALL = tuple(SERVICES)
_SMTP = ("smtp", "submission", "submissions")
_READING = ("imap", "imaps", "pop3", "pop3s")
_LOGIN = ("submission", "submissions", "imaps", "pop3s", "sieve")
# For each kind: the services it can be held with, and the arguments it cannot do without.
SERVICES_OF = {
    "banner": _ALL,
    "certificate": _ALL,
    "forging_refused": ("submission", "submissions"),
    "login": _LOGIN,
    "old_tls_refused": ("smtp", *_LOGIN),
    "plaintext_login_refused": ("smtp", "submission", "imap", "pop3", "sieve"),
    "relay_refused": _SMTP,
    "starttls": ("smtp", "submission"),
    "submit": (*_SMTP, "sendmail"),
    "verbs_off": _SMTP,
    "wrong_password_refused": _LOGIN,
}
NEEDS = {
    "arrival": ("token", "mailboxes"),
    "delivery": ("recipient", "mailboxes"),
    "forging_refused": ("account", "sender", "recipient"),
    "local_delivery": ("recipient", "mailboxes"),
    "login": ("account",),
    "mx": ("domain",),
    "recipient_accepted": ("recipient",),
    "relay_refused": ("domain", "recipient"),
    "submit": ("recipient",),
    "unknown_recipient_refused": ("domain",),
    "verbs_off": ("domain", "recipient"),
}
FILES = ("maildir", "mbox")
MAILBOX_SERVICES = (*_READING, *FILES)


def read_target(params: Mapping[str, Any]) -> Target:
    """Return the server that the arguments name."""
    return Target(
        server=params["server"],
        address=params.get("address") or params["server"],
        ports=dict(params.get("ports") or {}),
        ca_file=params.get("ca_file"),
        ca_certificates=params.get("ca_certificates") or None,
        helo=params.get("helo") or socket.getfqdn(),
        timeout_seconds=params.get("timeout_seconds") or 15.0,
    )


def read_promises(
    params: Mapping[str, Any], target: Target
) -> tuple[tuple[Promise, ...], list[Problem]]:
    """Return the promises, and what is wrong with the arguments."""
    problems: list[Problem] = []
    account = _account(params.get("account"))
    promises = tuple(
        _promise(f"promises[{at}]", raw, target, account, problems)
        for at, raw in enumerate(params["promises"])
    )
    return promises, problems


def secrets_of(promises: Iterable[Promise], params: Mapping[str, Any]) -> tuple[str, ...]:
    """Return every password that the arguments hold, to be masked wherever it may appear."""
    accounts = [_account(params.get("account"))]
    accounts += [box.account for promise in promises for box in promise.mailboxes]
    return tuple(sorted({account.password for account in accounts if account}))


def _account(raw: Mapping[str, Any] | None) -> Account | None:
    return Account(raw["login"], raw["password"]) if raw else None


def _promise(
    where: str,
    raw: Mapping[str, Any],
    target: Target,
    account: Account | None,
    problems: list[Problem],
) -> Promise:
    kind = raw["promise"]
    services = tuple(raw.get("services") or ())
    if not services and kind in SERVICES_OF:
        problems.append(Problem(f"{where}.services", f"missing for {kind}"))
    for service in services:
        known = SERVICES_OF.get(kind, ())
        if service not in known:
            hint = f"{kind} takes {', '.join(known) or 'none'}"
            problems.append(Problem(f"{where}.services", f'"{service}" does not fit', hint))
    has_login = raw.get("authenticate") is not False
    promise = Promise(
        kind=kind,
        services=services,
        account=account if has_login else None,
        mailboxes=_mailboxes(where, raw, target, account, problems),
        openings=_openings(where, raw.get("openings") or (), problems),
        closed=_ports(f"{where}.closed", raw.get("closed") or ("well_known",), problems),
        ignored=_ports(f"{where}.ignored", raw.get("ignored") or (), problems),
        **_plain_values(raw),
    )
    problems += [
        Problem("account" if name == "account" else f"{where}.{name}", f"missing for {kind}")
        for name in NEEDS.get(kind, ())
        if not getattr(promise, name)
    ]
    return promise


def _plain_values(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that need no reading; those left out keep their defaults."""
    values: dict[str, Any] = {
        name: raw[name]
        for name in (*("domain", "recipient", "sender", "token", "as_user", "by_mx"), "days_left")
        if raw.get(name) is not None
    }
    if raw.get("wait_seconds") is not None:
        values["wait_seconds"] = float(raw["wait_seconds"])
    for name in ("names", "forms"):
        values[name] = tuple(raw.get(name) or ())
    return values


def _mailboxes(
    where: str,
    raw: Mapping[str, Any],
    target: Target,
    account: Account | None,
    problems: list[Problem],
) -> tuple[Mailbox, ...]:
    found = []
    for at, box in enumerate(raw.get("mailboxes") or ()):
        place = f"{where}.mailboxes[{at}]"
        if box["service"] in FILES:
            if not box.get("path"):
                problems.append(Problem(f"{place}.path", f"missing for {box['service']}"))
            found.append(Mailbox(box["service"], target, path=box.get("path") or ""))
            continue
        has_own = bool(box.get("login"))
        owner = Account(box["login"], box.get("password") or "") if has_own else account
        if owner is None:
            problems.append(Problem(place, "nobody to log in as", "give login and password"))
        found.append(Mailbox(box["service"], _mailbox_target(box, target), owner))
    return tuple(found)


def _mailbox_target(box: Mapping[str, Any], target: Target) -> Target:
    if not box.get("server"):
        return target
    own_port = {box["service"]: box["port"]} if box.get("port") else {}
    return Target(
        server=box["server"],
        address=box.get("address") or box["server"],
        ports=own_port,
        ca_file=box.get("ca_file"),
        ca_certificates=box.get("ca_certificates") or None,
        helo=target.helo,
        timeout_seconds=target.timeout_seconds,
    )


def _openings(
    where: str, raw: Iterable[Mapping[str, Any]], problems: list[Problem]
) -> tuple[Opening, ...]:
    found = []
    for at, opening in enumerate(raw):
        sources = opening.get("sources") or "everyone"
        networks = None if sources in ("everyone", ["everyone"]) else tuple(sources)
        for network in networks or ():
            try:
                ipaddress.ip_network(network, strict=False)
            except ValueError as error:
                problems.append(Problem(f"{where}.openings[{at}].sources", str(error)))
        found.append(Opening(str(opening["name"]), int(opening["port"]), networks))
    return tuple(found)


def _ports(where: str, raw: Iterable[object], problems: list[Problem]) -> tuple[int, ...]:
    found: list[int] = []
    for entry in raw:
        try:
            found += ports_of(str(entry))
        except ValueError:
            hint = 'write 25, 1000-1100, "well_known" or "all"'
            problems.append(Problem(where, f'"{entry}" is not a port or a range', hint))
    return tuple(found)
