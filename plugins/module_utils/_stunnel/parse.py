"""Parse the configuration file of a stunnel instance, as far as this collection writes it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address

from .._core.problems import Problem
from .model import Endpoint, Instance, Listener

_Options = dict[str, str]


def parse(text: str) -> tuple[Instance | None, list[Problem]]:
    """Return the instance that the text describes, or what keeps it from being one."""
    top, sections, problems = _split(text)
    try:
        listeners = tuple(_listener(name, options) for name, options in sections)
        return (None if problems else _instance(top, listeners)), problems
    except KeyError as missing:
        return None, [*problems, Problem(f"option {missing.args[0]}", "is not there")]
    except ValueError as wrong:
        return None, [*problems, Problem("text", str(wrong), "an address and a port")]


def _split(text: str) -> tuple[_Options, list[tuple[str, _Options]], list[Problem]]:
    """Return the options above all sections, those of each section, and unreadable lines."""
    top: _Options = {}
    current = top
    sections: list[tuple[str, _Options]] = []
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip()
        if not words or words.startswith(";"):
            continue
        if words.startswith("[") and words.endswith("]"):
            current = {}
            sections.append((words[1:-1], current))
            continue
        name, sign, value = words.partition("=")
        if not sign:
            problems.append(Problem(f"line {number}", f'"{words}" is no option', "name = value"))
        current[name.strip()] = value.strip()
    return top, sections, problems


def _instance(top: Mapping[str, str], listeners: tuple[Listener, ...]) -> Instance:
    return Instance(
        certificate=top["cert"],
        key=top["key"],
        listeners=listeners,
        minimum_tls=top["sslVersionMin"],
        ciphers=top["ciphers"],
        ciphersuites=top["ciphersuites"],
        curves=top["curves"],
        idle_seconds=int(top["TIMEOUTidle"]),
        log_level=top["debug"],
        libwrap=top["libwrap"] == "yes",
    )


def _listener(name: str, options: Mapping[str, str]) -> Listener:
    return Listener(
        name=name,
        accept=parse_endpoint(options["accept"]),
        connect=parse_endpoint(options["connect"]),
        transparent=options.get("transparent") == "source",
        protocol=options.get("protocol", ""),
    )


def parse_endpoint(text: str) -> Endpoint:
    """Read `address:port`, with or without brackets around an IPv6 address."""
    address, _colon, port = text.rpartition(":")
    return Endpoint(str(ip_address(address.strip("[]"))), int(port))


def parse_listening(text: str, pid: int) -> frozenset[Endpoint]:
    """Return where a process listens, from the output of `ss -Hltnp`.

    `ss` writes `*` for a socket that takes both families.
    """
    rows = (line.split() for line in text.splitlines() if f"pid={pid}," in line)
    found = (row[3].replace("*", "[::]") for row in rows if len(row) > 3)
    return frozenset(parse_endpoint(local) for local in found)
