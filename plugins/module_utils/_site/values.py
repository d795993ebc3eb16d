"""Words of the site model: domains, addresses, sizes and networks, read from text."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress
import re
from typing import TypeAlias

from ansible_collections.postern.mail.plugins.module_utils._core.spec import show

Network: TypeAlias = "ipaddress.IPv4Network | ipaddress.IPv6Network"

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_ACCOUNT = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_-])?\Z")
_SIZE = re.compile(r"([1-9][0-9]*) ?(KiB|MiB|GiB|TiB)\Z")
_KIB = {"KiB": 1, "MiB": 1024, "GiB": 1024**2, "TiB": 1024**3}


class Wrong(ValueError):
    """A value that can't be read: what is wrong with it, and what was expected."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


def domain(text: str) -> str:
    """Return a domain's name in lower case."""
    name = text.lower()
    if not name.isascii():
        raise Wrong(f"{show(text)} is not an ASCII name", _punycode(name))
    if name.endswith("."):
        raise Wrong(f"{show(text)} ends in a dot", "leave it out")
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.match(label) for label in labels):
        raise Wrong(f"{show(text)} is not a domain", "write it like example.org")
    if len(labels) < 2 or labels[-1].isdigit():
        raise Wrong(f"{show(text)} is not a full domain", "write it like example.org")
    return name


def _punycode(name: str) -> str:
    try:
        return f"write it as {name.encode('idna').decode('ascii')}"
    except UnicodeError:
        return "write it in its xn-- form"


def local_part(text: str) -> str:
    """Return the part of an address before the @, in lower case."""
    name = text.lower()
    if not name.isascii():
        raise Wrong(f"{show(text)} is not ASCII", "addresses before the @ are ASCII here")
    if len(name) > 64 or not _LOCAL.match(name):
        hint = "write it like alice or a@b.example"
        raise Wrong(f"{show(text)} is not the name of an address", hint)
    return name


def account_name(text: str) -> str:
    """Return an account's name in lower case: a local part that is a safe mailbox name too."""
    name = local_part(text)
    if not _ACCOUNT.match(name) or ".." in name:
        raise Wrong(
            f"{show(text)} is not an account's name",
            "use letters, digits, dots, hyphens and underscores, without the domain",
        )
    return name


def former_name(text: str, default_domain: str) -> str:
    """Return the full address that an account had; a bare name belongs to the default domain."""
    name, at, rest = text.rpartition("@")
    if not at:
        return f"{account_name(text)}@{default_domain}"
    return f"{account_name(name)}@{domain(rest)}"


def address(text: str, default_domain: str) -> str:
    """Return a full address in lower case; a bare name belongs to the default domain."""
    name, at, rest = text.rpartition("@")
    if not at:
        return f"{local_part(text)}@{default_domain}"
    if not name:
        raise Wrong(f"{show(text)} has nothing before the @", "write it like alice@example.org")
    return f"{local_part(name)}@{domain(rest)}"


def sender(text: str, default_domain: str) -> str:
    """Return what a login may send as: a full address, or @domain for all of a domain."""
    if text.startswith("@"):
        return f"@{domain(text[1:])}"
    return address(text, default_domain)


def address_in(text: str, its_domain: str) -> str:
    """Return a full address of one domain, where a bare name belongs too."""
    found = address(text, its_domain)
    if found.rpartition("@")[2] != its_domain:
        raise Wrong(f'{show(text)} is not in "{its_domain}"', "list it with its own domain")
    return found


def port(number: int) -> int:
    """Return a port's number."""
    if not 0 < number < 65536:
        raise Wrong(f"{number} is not a port", "give a number from 1 to 65535")
    return number


def access_key(kind: str, text: str) -> tuple[str, Network | None]:
    """Return what an exception is for, and the network if it is one."""
    if kind == "client" and (":" in text or "/" in text or text.rpartition(".")[2].isdigit()):
        found = network(text)
        return str(found), found
    if kind != "client" and "@" in text:
        return address(text, ""), None
    return domain(text), None


def size_kib(value: object) -> int:
    """Return a size such as 2GiB in KiB."""
    found = _SIZE.match(value) if isinstance(value, str) else None
    if not found:
        seen = show(value) if isinstance(value, (str, int, float)) else "the value"
        raise Wrong(f"{seen} is not a size", "write it like 2GiB")
    return int(found[1]) * _KIB[found[2]]


def network(text: str) -> Network:
    """Return a network; a single address is a network of one."""
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        if "host bits" in str(error):
            whole = ipaddress.ip_network(text, strict=False)
            raise Wrong(f"{show(text)} has host bits set", f"write it as {whole}") from None
        raise Wrong(f"{show(text)} is not a network", "write it like 10.20.0.0/16") from None


def host(text: str) -> str:
    """Return a host's full name or its address."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return domain(text)
