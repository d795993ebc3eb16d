"""Checks of what nullmailer is told that need no nullmailer: form, sense, and safety."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, nearest

from .model import Nullmailer, Smarthost

_LABEL = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\Z")
_ADDRESS = re.compile(r"[^\s@,<>\"\x00-\x1f\x7f]+@([^\s@]+)\Z")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


def check(wanted: Nullmailer, passwords: Iterable[str] = ()) -> list[Problem]:
    """Return everything that is wrong with it by itself; passwords are the keys that were given."""
    return [
        *_smarthosts(wanted.smarthosts),
        *_passwords(wanted.smarthosts, passwords),
        *_names(wanted),
        *_addresses(wanted),
        *_times(wanted),
    ]


def _smarthosts(smarthosts: tuple[Smarthost, ...]) -> Iterator[Problem]:
    if not smarthosts:
        yield Problem("smarthosts", "names no server", "nullmailer gives all mail to a smarthost")
    seen: dict[str, str] = {}
    for number, smarthost in enumerate(smarthosts):
        where = f"smarthosts[{number}]"
        if smarthost.key in seen:
            yield Problem(where, f"is the same server and port as {seen[smarthost.key]}")
        seen[smarthost.key] = where
        yield from _server(smarthost, where)
        yield from _login(smarthost, where)


def _server(smarthost: Smarthost, where: str) -> Iterator[Problem]:
    if not _is_host(smarthost.host):
        hint = "write a name or an address"
        yield Problem(f"{where}.host", f'"{smarthost.host}" is no server', hint)
    elif smarthost.tls == "verify" and not _is_name(smarthost.host):
        what = f'"{smarthost.host}" is no name that a certificate could be verified for'
        yield Problem(f"{where}.host", what, "write the name that stands in its certificate")
    if not 0 < smarthost.port < 65536:
        yield Problem(f"{where}.port", f"{smarthost.port} is not a port", "from 1 to 65535")


def _login(smarthost: Smarthost, where: str) -> Iterator[Problem]:
    if smarthost.password and not smarthost.username:
        yield Problem(f"{where}.username", "is missing, but there is a password")
    if smarthost.username and not smarthost.password:
        yield Problem(f"{where}.username", f'has no password in passwords["{smarthost.key}"]')
    if _UNPRINTABLE.search(smarthost.username):
        yield Problem(f"{where}.username", "has a control character")
    if _UNPRINTABLE.search(smarthost.password):
        yield Problem(f'passwords["{smarthost.key}"]', "has a control character")
    if smarthost.username and smarthost.tls == "none":
        what = "is none, so the password would cross the network in clear text"
        yield Problem(f"{where}.tls", what, "write verify or require")


def _passwords(smarthosts: tuple[Smarthost, ...], given: Iterable[str]) -> Iterator[Problem]:
    known = [smarthost.key for smarthost in smarthosts]
    for key in given:
        if key not in known:
            hint = nearest(key, known) or "keys are HOST:PORT"
            yield Problem(f'passwords["{key}"]', "is for no smarthost", hint)


def _names(wanted: Nullmailer) -> Iterator[Problem]:
    for name in ("hostname", "default_host", "default_domain"):
        text = getattr(wanted, name)
        if not _DOMAIN.match(text):
            yield Problem(name, f'"{text}" is not a domain', "write it like mail.example.org")
        elif "." not in text:
            yield Problem(name, f'"{text}" is not a full name', "write it like mail.example.org")


def _addresses(wanted: Nullmailer) -> Iterator[Problem]:
    places = [(f"admin_addresses[{n}]", text) for n, text in enumerate(wanted.admin_addresses)]
    if wanted.sender:
        places.append(("sender", wanted.sender))
    for where, text in places:
        found = _ADDRESS.match(text)
        if not found or "." not in found[1] or not _DOMAIN.match(found[1]):
            yield Problem(where, f'"{text}" is not an address', "write it like root@example.org")
        elif where != "sender" and found[1].lower() == wanted.hostname.lower():
            what = f'"{text}" is an address of this host, which keeps no mail'
            yield Problem(where, what, "name a mailbox elsewhere")


def _times(wanted: Nullmailer) -> Iterator[Problem]:
    for name in ("pause_seconds", "send_timeout_seconds"):
        if getattr(wanted, name) < 1:
            yield Problem(name, f"{getattr(wanted, name)} is no time to wait", "1 or more")
    if wanted.max_pause_seconds < wanted.pause_seconds:
        what = f"{wanted.max_pause_seconds} is shorter than pause_seconds"
        yield Problem("max_pause_seconds", what)
    if wanted.queue_lifetime_seconds <= wanted.max_pause_seconds:
        what = f"{wanted.queue_lifetime_seconds} leaves no second try before mail is given up"
        yield Problem("queue_lifetime_seconds", what, "longer than max_pause_seconds")
    for name in ("max_pause_seconds", "send_timeout_seconds", "queue_lifetime_seconds"):
        if getattr(wanted, name) > 2**31 - 1:
            yield Problem(name, f"{getattr(wanted, name)} is more than nullmailer can count")


def _is_host(text: str) -> bool:
    return _is_name(text) or _is_address(text)


def _is_name(text: str) -> bool:
    return bool(_DOMAIN.match(text)) and not text.rpartition(".")[2].isdigit()


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
