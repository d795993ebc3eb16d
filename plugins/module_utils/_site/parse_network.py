"""Read who may reach the host, what it passes on, and to whom."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ansible_collections.postern.mail.plugins.module_utils._core.spec import child, kind, show
from ansible_collections.postern.mail.plugins.module_utils._site import values
from ansible_collections.postern.mail.plugins.module_utils._site.model import (
    Access,
    AccessFile,
    Opening,
    Relay,
    RelayDomain,
    Tls,
)
from ansible_collections.postern.mail.plugins.module_utils._site.reader import Raw, Reader
from ansible_collections.postern.mail.plugins.module_utils._site.values import Network


def read_trusted(reader: Reader, raw: Raw) -> Iterator[tuple[str, Network]]:
    """Yield each trusted network with its place."""
    for number, text in enumerate(raw.get("mail_trusted_networks") or []):
        where = child("mail_trusted_networks", number)
        if found := reader.read(where, values.network, text):
            yield where, found


def read_access(reader: Reader, raw: Raw) -> Iterator[Access]:
    """Yield the exceptions that the inventory itself lists."""
    for number, entry in enumerate(raw.get("mail_access") or []):
        where = child("mail_access", number)
        kinds = [name for name in ("client", "sender", "recipient") if entry.get(name) is not None]
        if len(kinds) != 1 or "action" not in entry:
            continue
        text, place = entry[kinds[0]], f"{where}.{kinds[0]}"
        action, words = entry["action"], " ".join(str(entry.get("text") or "").split())
        kind = kinds[0]
        if found := reader.read(place, partial(values.access_key, kind), text):
            yield Access(kind, found[0], action, words, where, found[1])


def read_access_files(raw: Raw) -> Iterator[AccessFile]:
    """Yield the long lists of exceptions; what is in them is read elsewhere."""
    for number, entry in enumerate(raw.get("mail_access_files") or []):
        if all(entry.get(name) for name in ("kind", "path", "action")):
            text = " ".join(str(entry.get("text") or "").split())
            where = child("mail_access_files", number)
            yield AccessFile(entry["kind"], entry["path"], entry["action"], text, where)


def read_relay_domains(reader: Reader, raw: Raw) -> Iterator[RelayDomain]:
    """Yield the domains whose mail goes on to another server."""
    for number, entry in enumerate(raw.get("mail_relay_domains") or []):
        where = child("mail_relay_domains", number)
        if entry.get("name") is None or entry.get("host") is None:
            reader.complete = False
            continue
        name = reader.lost(reader.read(f"{where}.name", values.domain, entry["name"]))
        host = reader.read(f"{where}.host", values.host, entry["host"])
        port = entry.get("port", 25)
        with reader.at(f"{where}.port"):
            values.port(port)
        recipients = tuple(_recipients(reader, entry, where, name)) if name else ()
        if name and host:
            tls, path = entry.get("tls", "opportunistic"), entry.get("recipients_file")
            yield RelayDomain(name, host, port, tls, recipients, path, where)


def _recipients(reader: Reader, entry: Raw, where: str, name: str) -> Iterator[str]:
    for number, text in enumerate(entry.get("recipients") or []):
        place = f"{where}.recipients[{number}]"
        found = reader.read(place, lambda text: values.address_in(text, name), text)
        if reader.lost(found) is not None:
            yield str(found)


def read_relay(reader: Reader, raw: Raw) -> Relay | None:
    """Return the smarthost, if there is one."""
    if not raw:
        return None
    if not raw.get("host"):
        if any(raw.get(name) for name in ("username", "password")):
            reader.say("mail_relay.host", "is missing", "name the smarthost")
        return None
    host = reader.read("mail_relay.host", values.host, raw["host"])
    port = raw.get("port", 587)
    with reader.at("mail_relay.port"):
        values.port(port)
    username, password = raw.get("username"), raw.get("password")
    if username is not None and (":" in username or not username.strip()):
        reader.say("mail_relay.username", "is empty or has a colon in it")
    if password is not None and not str(password).strip():
        reader.say("mail_relay.password", "is empty")
    return Relay(host or "invalid", port, raw.get("tls", "verify"), username, password)


def read_openings(reader: Reader, raw: Raw) -> Iterator[Opening]:
    """Yield the services with who may reach them."""
    for name, value in (raw.get("mail_openings") or {}).items():
        where = f"mail_openings.{name}"
        if value == "everyone":
            yield Opening(name, None, where)
        elif isinstance(value, (list, tuple)) and not value:
            reader.say(where, "is open to nobody", "write everyone, networks, or leave it out")
        elif isinstance(value, (list, tuple)):
            found = [
                reader.read(child(where, number), values.network, text)
                for number, text in enumerate(value)
            ]
            yield Opening(name, tuple(network for network in found if network), where)
        else:
            what = f"{show(value)} is not" if isinstance(value, str) else f"is {kind(value)}, not"
            reader.say(where, f"{what} an opening", "write everyone or a list of networks")


def read_tls(reader: Reader, raw: Raw) -> Tls:
    """Return where the certificate comes from."""
    source = raw.get("source", "own_ca")
    names = [
        reader.read(child("mail_tls.names", number), values.domain, text)
        for number, text in enumerate(raw.get("names") or [])
    ]
    certificate, key = raw.get("certificate"), raw.get("key")
    for name, value in (("certificate", certificate), ("key", key)):
        if source == "files" and not value:
            reader.say(f"mail_tls.{name}", "is missing", "source files needs both files")
    return Tls(source, tuple(name for name in names if name), certificate, key)
