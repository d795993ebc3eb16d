"""Read the site model: checked raw values in, dataclasses and problems out."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.spec import child, kind, show
from ansible_collections.postern.mail.plugins.module_utils._site import values
from ansible_collections.postern.mail.plugins.module_utils._site.model import (
    Access,
    Account,
    Alias,
    Domain,
    Opening,
    Relay,
    Site,
    Tls,
)
from ansible_collections.postern.mail.plugins.module_utils._site.values import Network, Wrong

Raw = Mapping[str, Any]
T = TypeVar("T")


class _Reader:
    """Gathers problems while the parts are read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.complete = True

    def say(self, where: str, what: str, hint: str = "") -> None:
        self.problems.append(Problem(where, what, hint))

    @contextmanager
    def at(self, where: str) -> Iterator[None]:
        """Turn what can't be read inside into a problem at this place."""
        try:
            yield
        except Wrong as wrong:
            self.say(where, wrong.what, wrong.hint)

    def read(self, where: str, parse: Callable[[str], T], text: object) -> T | None:
        """Return what the text says, or None after noting the problem."""
        with self.at(where):
            if not isinstance(text, str):
                raise Wrong(f"is {kind(text)}, not text")
            return parse(text)
        return None

    def lost(self, part: T | None) -> T | None:
        """Note that a part that others may refer to couldn't be read."""
        self.complete = self.complete and part is not None
        return part


def parse_site(raw: Raw) -> tuple[Site | None, list[Problem]]:
    """Return the site, or None when its name or its domain can't be read, and all problems."""
    reader = _Reader()
    domain = reader.read("mail_domain", values.domain, raw.get("mail_domain"))
    hostname = reader.read("mail_hostname", values.domain, raw.get("mail_hostname"))
    store = raw.get("mail_store", "cyrus")
    filters: Raw = raw.get("mail_filter") or {}
    policy = (filters.get("attachments") or {}).get("policy", "allow_all")
    home = domain or "invalid"
    site = Site(
        domain=home,
        hostname=hostname or "invalid",
        domains=tuple(_domains(reader, raw, home)),
        accounts=tuple(_accounts(reader, raw, home)),
        aliases=tuple(_aliases(reader, raw, home)),
        trusted_networks=tuple(_trusted(reader, raw)),
        access=tuple(_access(reader, raw)),
        relay=_relay(reader, raw.get("mail_relay") or {}),
        openings=tuple(_openings(reader, raw)),
        transfer_agent=raw.get("mail_transfer_agent", "postfix"),
        store=store,
        tls=_tls(reader, raw.get("mail_tls") or {}),
        virus_filter=bool(filters.get("virus")),
        any_filter=bool(filters.get("virus") or filters.get("spam")) or policy != "allow_all",
        complete=reader.complete,
    )
    return (site if domain and hostname else None), reader.problems


def _domains(reader: _Reader, raw: Raw, home: str) -> Iterator[Domain]:
    for number, entry in enumerate(raw.get("mail_domains") or []):
        where = child("mail_domains", number)
        if entry.get("name") is None:
            reader.complete = False
            continue
        name = reader.lost(reader.read(f"{where}.name", values.domain, entry["name"]))
        catch_all = None
        if entry.get("catch_all") is not None:
            catch_all = reader.read(
                f"{where}.catch_all", lambda text: values.address(text, home), entry["catch_all"]
            )
        if name:
            yield Domain(name, catch_all, where)


def _accounts(reader: _Reader, raw: Raw, home: str) -> Iterator[Account]:
    for number, entry in enumerate(raw.get("mail_accounts") or []):
        where = child("mail_accounts", number)
        if entry.get("name") is None:
            reader.complete = False
            continue
        name = reader.lost(reader.read(f"{where}.name", values.account_name, entry["name"]))
        domain: str | None = home
        if entry.get("domain") is not None:
            domain = reader.lost(reader.read(f"{where}.domain", values.domain, entry["domain"]))
        account = _account(reader, entry, where, name or "unknown", domain or home)
        if name and domain:
            yield account


def _account(reader: _Reader, entry: Raw, where: str, name: str, domain: str) -> Account:
    quota = None
    if entry.get("quota") is not None:
        with reader.at(f"{where}.quota"):
            quota = values.size_kib(entry["quota"])
    _passwords(reader, entry, where)
    aliases = []
    for number, text in enumerate(entry.get("aliases") or []):
        place = f"{where}.aliases[{number}]"
        alias = reader.lost(reader.read(place, lambda text: values.address(text, domain), text))
        aliases.append(alias or "")
    return Account(
        name=name,
        domain=domain,
        aliases=tuple(alias for alias in aliases if alias),
        quota_kib=quota,
        backup=bool(entry.get("backup")),
        locked=bool(entry.get("locked")),
        where=where,
        password=entry.get("password"),
        password_hash=entry.get("password_hash"),
    )


def _passwords(reader: _Reader, entry: Raw, where: str) -> None:
    password, crypt = entry.get("password"), entry.get("password_hash")
    if password is not None and not str(password).strip():
        reader.say(f"{where}.password", "is empty")
    elif password is not None and any(sign in str(password) for sign in "\n\r\0"):
        reader.say(f"{where}.password", "has a line break in it")
    if crypt is not None and not values.is_crypt_hash(str(crypt)):
        reader.say(
            f"{where}.password_hash",
            "is not a SHA-512 crypt hash",
            "make one with mkpasswd -m sha-512",
        )


def _aliases(reader: _Reader, raw: Raw, home: str) -> Iterator[Alias]:
    for key, value in (raw.get("mail_aliases") or {}).items():
        where = child("mail_aliases", str(key))
        full = reader.lost(reader.read(where, lambda text: values.address(text, home), key))
        listed = isinstance(value, (list, tuple))
        targets = []
        for number, text in enumerate(value if listed else [value]):
            place = child(where, number) if listed else where
            target = reader.read(place, lambda text: values.address(text, home), text)
            targets.append(reader.lost(target) or "")
        if not targets:
            reader.complete = False
            reader.say(where, "leads nowhere", "name a target")
        elif full and all(targets):
            name, _at, domain = full.partition("@")
            yield Alias(name, domain if "@" in key else None, tuple(targets), where)


def _trusted(reader: _Reader, raw: Raw) -> Iterator[tuple[str, Network]]:
    for number, text in enumerate(raw.get("mail_trusted_networks") or []):
        where = child("mail_trusted_networks", number)
        if found := reader.read(where, values.network, text):
            yield where, found


def _access(reader: _Reader, raw: Raw) -> Iterator[Access]:
    for number, entry in enumerate(raw.get("mail_access") or []):
        where = child("mail_access", number)
        kinds = [name for name in ("client", "sender", "recipient") if entry.get(name) is not None]
        if len(kinds) != 1 or "action" not in entry:
            continue
        text, place = entry[kinds[0]], f"{where}.{kinds[0]}"
        action, words = entry["action"], " ".join(str(entry.get("text") or "").split())
        network = None
        if kinds[0] == "client" and _looks_numeric(str(text)):
            network = reader.read(place, values.network, text)
            name = str(network) if network else None
        elif kinds[0] != "client" and "@" in str(text):
            name = reader.read(place, lambda text: values.address(text, ""), text)
        else:
            name = reader.read(place, values.domain, text)
        if name:
            yield Access(kinds[0], name, action, words, where, network)


def _looks_numeric(text: str) -> bool:
    return ":" in text or "/" in text or text.rpartition(".")[2].isdigit()


def _relay(reader: _Reader, raw: Raw) -> Relay | None:
    if not raw:
        return None
    if not raw.get("host"):
        if any(raw.get(name) for name in ("username", "password")):
            reader.say("mail_relay.host", "is missing", "name the smarthost")
        return None
    host = reader.read("mail_relay.host", values.host, raw["host"])
    port = raw.get("port", 587)
    if not 0 < port < 65536:
        reader.say("mail_relay.port", f"{port} is not a port", "give a number from 1 to 65535")
    username, password = raw.get("username"), raw.get("password")
    if username is not None and (":" in username or not username.strip()):
        reader.say("mail_relay.username", "is empty or has a colon in it")
    if password is not None and not str(password).strip():
        reader.say("mail_relay.password", "is empty")
    return Relay(host or "invalid", port, raw.get("tls", "verify"), username, password)


def _openings(reader: _Reader, raw: Raw) -> Iterator[Opening]:
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


def _tls(reader: _Reader, raw: Raw) -> Tls:
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
