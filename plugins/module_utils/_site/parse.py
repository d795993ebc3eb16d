"""Read the site model: checked raw values in, dataclasses and problems out."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.postern.mail.plugins.module_utils._accounts.schemes import HASH, HASH_HINT
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.spec import child
from ansible_collections.postern.mail.plugins.module_utils._site import values
from ansible_collections.postern.mail.plugins.module_utils._site.model import (
    Account,
    Alias,
    Domain,
    Site,
)
from ansible_collections.postern.mail.plugins.module_utils._site.parse_filter import read_filter
from ansible_collections.postern.mail.plugins.module_utils._site.parse_network import (
    read_access,
    read_access_files,
    read_openings,
    read_relay,
    read_relay_domains,
    read_tls,
    read_trusted,
)
from ansible_collections.postern.mail.plugins.module_utils._site.reader import Raw, Reader


def parse_site(raw: Raw) -> tuple[Site | None, list[Problem]]:
    """Return the site, or None when its name or its domain can't be read, and all problems."""
    reader = Reader()
    domain = reader.read("mail_domain", values.domain, raw.get("mail_domain"))
    hostname = reader.read("mail_hostname", values.domain, raw.get("mail_hostname"))
    store = raw.get("mail_store", "cyrus")
    home = domain or "invalid"
    site = Site(
        domain=home,
        hostname=hostname or "invalid",
        domains=tuple(_domains(reader, raw, home)),
        accounts=tuple(_accounts(reader, raw, home)),
        aliases=tuple(_aliases(reader, raw, home)),
        trusted_networks=tuple(read_trusted(reader, raw)),
        access=tuple(read_access(reader, raw)),
        relay=read_relay(reader, raw.get("mail_relay") or {}),
        openings=tuple(read_openings(reader, raw)),
        transfer_agent=raw.get("mail_transfer_agent", "postfix"),
        store=store,
        tls=read_tls(reader, raw.get("mail_tls") or {}),
        filter=read_filter(reader, raw.get("mail_filter") or {}, home),
        backup=_copies_to(reader, raw, "mail_backup", home),
        journal=_copies_to(reader, raw, "mail_journal", home),
        local_users=raw.get("mail_local_users", "none"),
        delivery=raw.get("mail_delivery", "direct"),
        relay_domains=tuple(read_relay_domains(reader, raw)),
        alias_files=tuple(raw.get("mail_alias_files") or ()),
        access_files=tuple(read_access_files(raw)),
        complete=reader.complete,
    )
    return (site if domain and hostname else None), reader.problems


def _copies_to(reader: Reader, raw: Raw, name: str, home: str) -> str | None:
    if raw.get(name) in (None, ""):
        return None
    return reader.lost(reader.read(name, lambda text: values.address(text, home), raw[name]))


def _domains(reader: Reader, raw: Raw, home: str) -> Iterator[Domain]:
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


def _accounts(reader: Reader, raw: Raw, home: str) -> Iterator[Account]:
    read = list(_each_account(reader, raw, home))
    own = {account.address for account, _entry in read}
    for account, entry in read:
        for number, text in enumerate(entry.get("sends_as") or []):
            address = f"{text}@{account.domain}".lower()
            if address in own and address != account.address:
                where = f"{account.where}.sends_as[{number}]"
                what = f'"{text}" is somebody else, "{address}"'
                reader.say(where, what, "write the full address if that is what you want")
        yield account


def _each_account(reader: Reader, raw: Raw, home: str) -> Iterator[tuple[Account, Raw]]:
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
            yield account, entry


def _account(reader: Reader, entry: Raw, where: str, name: str, domain: str) -> Account:
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
    senders = [
        reader.read(f"{where}.sends_as[{n}]", lambda text: values.sender(text, domain), text)
        for n, text in enumerate(entry.get("sends_as") or [])
    ]
    formerly = None
    if entry.get("formerly") is not None:
        formerly = reader.read(
            f"{where}.formerly", lambda text: values.former_name(text, domain), entry["formerly"]
        )
    return Account(
        name=name,
        domain=domain,
        aliases=tuple(alias for alias in aliases if alias),
        quota_kib=quota,
        backup=bool(entry.get("backup")),
        locked=bool(entry.get("locked")),
        where=where,
        sends_as=tuple(sender for sender in senders if sender),
        formerly=formerly,
        password=entry.get("password"),
        password_hash=entry.get("password_hash"),
    )


def _passwords(reader: Reader, entry: Raw, where: str) -> None:
    password, crypt = entry.get("password"), entry.get("password_hash")
    if password is not None and not str(password).strip():
        reader.say(f"{where}.password", "is empty")
    elif password is not None and any(sign in str(password) for sign in "\n\r\0"):
        reader.say(f"{where}.password", "has a line break in it")
    if crypt is not None and not HASH.fullmatch(str(crypt)):
        reader.say(
            f"{where}.password_hash",
            "is not a hash that every store takes",
            HASH_HINT,
        )


def _aliases(reader: Reader, raw: Raw, home: str) -> Iterator[Alias]:
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
