"""Read the options of the module stunnel into an instance, or into all that is wrong with them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address
from typing import Any

from .._core.problems import Problem
from .model import (
    EVERY_IPV4,
    EVERY_IPV6,
    PROXY,
    STARTTLS_PROTOCOLS,
    Endpoint,
    Instance,
    Listener,
)

_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_WORD = re.compile(r"[A-Za-z0-9_:@=!+.,-]+")
_PATH = re.compile(r"/[A-Za-z0-9_./@+-]+")


def read_instance(
    options: Mapping[str, Any], host_has_ipv6: bool
) -> tuple[Instance | None, list[Problem]]:
    """Return the wanted instance, None when no service is wanted, and all problems."""
    problems = [*_problems_of_services(options["services"]), *_problems_of_tls(options)]
    if problems or not options["services"]:
        return None, problems
    listeners = []
    for index, service in enumerate(options["services"]):
        backend = service["backend_address"] or options["backend_address"]
        place = f"stunnel_services[{index}]"
        problems += _problems_of_backend(place, service, backend)
        if not problems:
            listeners += _listeners(service, backend, host_has_ipv6)
    problems += _problems_of_accept(listeners)
    return (None if problems else _instance(options, listeners)), problems


def _instance(options: Mapping[str, Any], listeners: Sequence[Listener]) -> Instance:
    return Instance(
        certificate=options["certificate"],
        key=options["key"],
        listeners=tuple(sorted(listeners, key=lambda one: one.name)),
        minimum_tls=options["minimum_tls"],
        ciphers=options["ciphers"],
        ciphersuites=options["ciphersuites"],
        curves=options["curves"],
        idle_seconds=options["idle_seconds"],
        log_level=options["log_level"],
        libwrap=options["libwrap"],
    )


def _listeners(service: Mapping[str, Any], backend: str, host_has_ipv6: bool) -> list[Listener]:
    """Return a listener for each address; a client keeps its address within its own family."""
    everywhere = [EVERY_IPV4, EVERY_IPV6] if host_has_ipv6 else [EVERY_IPV4]
    found = []
    counts = {4: 0, 6: 0}
    for text in service["addresses"] or everywhere:
        address = ip_address(text)
        target = ip_address(
            service["backend_address_ipv6"] if _goes_ipv6(service, address.version) else backend
        )
        counts[address.version] += 1
        found.append(
            Listener(
                name=_section_name(service["name"], address.version, counts[address.version]),
                accept=Endpoint(str(address), service["port"]),
                connect=Endpoint(str(target), service["backend_port"]),
                transparent=service["transparent"] and target.version == address.version,
                protocol=_protocol(service),
            )
        )
    return found


def _goes_ipv6(service: Mapping[str, Any], version: int) -> bool:
    return version == 6 and bool(service["backend_address_ipv6"])


def _section_name(name: str, version: int, count: int) -> str:
    family = "-ipv6" if version == 6 else ""
    return f"{name}{family}" if count == 1 else f"{name}{family}-{count}"


def _protocol(service: Mapping[str, Any]) -> str:
    if service["proxy_header"]:
        return PROXY
    return str(service["protocol"]) if service["starttls"] else ""


def _problems_of_services(services: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, service in enumerate(services):
        place = f"stunnel_services[{index}]"
        name = service["name"]
        if not _NAME.fullmatch(name):
            hint = "a lower-case letter, then letters, digits, hyphens or underscores"
            yield Problem(f"{place}.name", f'"{name}" is not a service name', hint)
        if name in seen:
            yield Problem(f"{place}.name", f'"{name}" is there twice', "one entry each")
        seen.add(name)
        for key in ("port", "backend_port"):
            if not 1 <= service[key] <= 65535:
                yield Problem(f"{place}.{key}", f"{service[key]} is not a port", "1 to 65535")
        for number, text in enumerate(service["addresses"] or []):
            yield from _not_an_address(f"{place}.addresses[{number}]", text)
        yield from _problems_of_protocol(place, service)


def _problems_of_protocol(place: str, service: Mapping[str, Any]) -> Iterator[Problem]:
    if service["starttls"] and service["protocol"] not in STARTTLS_PROTOCOLS:
        what = f'no STARTTLS is known for the protocol "{service["protocol"] or ""}"'
        yield Problem(f"{place}.starttls", what, f"one of {', '.join(STARTTLS_PROTOCOLS)}")
    if service["starttls"] and service["proxy_header"]:
        what = "STARTTLS and the PROXY header exclude each other"
        yield Problem(f"{place}.proxy_header", what, "leave one of them out")
    if service["transparent"] and service["proxy_header"]:
        what = "a backend learns the client by the PROXY header or by its source, not by both"
        yield Problem(f"{place}.proxy_header", what, "set transparent to false")


def _problems_of_backend(place: str, service: Mapping[str, Any], backend: str) -> Iterator[Problem]:
    transparent = service["transparent"]
    for key, text, version in (
        ("backend_address", backend, 4),
        ("backend_address_ipv6", service["backend_address_ipv6"], 6),
    ):
        where = f"{place}.{key}"
        if not text:
            if version == 4:
                hint = "stunnel_backend_address, or an address at the service"
                yield Problem(where, "there is none, and the host has no default route", hint)
            continue
        wrong = list(_not_an_address(where, text))
        yield from wrong
        if wrong:
            continue
        address = ip_address(text)
        if transparent and address.version != version:
            yield Problem(where, f'"{text}" is of the other family', f"an IPv{version} address")
        if transparent and (address.is_loopback or address.is_unspecified):
            hint = "the host's own address on a network, where the backend listens"
            yield Problem(where, f"\"{text}\" can't answer to a client's address", hint)


def _problems_of_accept(listeners: Sequence[Listener]) -> Iterator[Problem]:
    taken: dict[Endpoint, str] = {}
    for listener in listeners:
        other = taken.setdefault(listener.accept, listener.name)
        if other != listener.name:
            what = f"{other} and {listener.name} want the same {listener.accept}"
            yield Problem("stunnel_services", what, "one port each")


def _problems_of_tls(options: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("certificate", "key"):
        if not _PATH.fullmatch(options[key]):
            yield Problem(f"stunnel_tls_files.{key}", f'"{options[key]}" is no absolute path')
    for key in ("ciphers", "ciphersuites", "curves"):
        if not _WORD.fullmatch(options[key]):
            hint = "OpenSSL's names, joined by colons"
            yield Problem(f"stunnel_{key}", f'"{options[key]}" is no list of names', hint)
    if options["idle_seconds"] < 60:
        what = f"{options['idle_seconds']} seconds cut off clients that wait for mail"
        yield Problem("stunnel_idle_seconds", what, "60 or more")


def _not_an_address(where: str, text: str) -> Iterator[Problem]:
    try:
        ip_address(text)
    except ValueError:
        yield Problem(where, f'"{text}" is not an address', "such as 192.0.2.1 or 2001:db8::1")
