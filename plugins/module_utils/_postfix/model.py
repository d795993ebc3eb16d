"""What one Postfix is told: parameters, services, lookup tables and SASL, as plain data."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.table_lines import Source

INDEXED = {"lmdb": ".lmdb", "hash": ".db", "btree": ".db", "cdb": ".cdb"}
PATTERNS = ("pcre", "regexp")
ORDERED = ("cidr", *PATTERNS)
LIST = "list"  # no table of Postfix: a plain file that values name by its path alone
TABLE_TYPES = (*INDEXED, "texthash", *ORDERED, LIST)
SERVICE_TYPES = ("inet", "unix", "fifo", "pass", "unix-dgram")
Settings = tuple[tuple[str, str], ...]
COLUMNS = ("private", "unpriv", "chroot", "wakeup", "maxproc")


@dataclass(frozen=True)
class Service:
    """One line of master.cf: who listens where, and the program that serves it."""

    name: str
    type: str
    command: str
    private: str = "-"
    unpriv: str = "-"
    chroot: str = "-"
    wakeup: str = "-"
    maxproc: str = "-"
    options: Settings = ()
    arguments: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What tells one service from another."""
        return self.type, self.name


@dataclass(frozen=True)
class Table:
    """One lookup table: its source's entries, in the order in which they are written."""

    name: str
    type: str = "lmdb"
    entries: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    secret: bool = False
    sources: tuple[Source, ...] = ()

    @property
    def folds(self) -> bool:
        """Whether Postfix takes a key in capitals and in small letters for the same."""
        return self.type not in ORDERED

    @property
    def database(self) -> str | None:
        """Name of the compiled file, for the types that have one."""
        ending = INDEXED.get(self.type)
        return None if ending is None else self.name + ending


@dataclass(frozen=True)
class Configuration:
    """The complete desired state; parameters and SASL settings in the order of their names."""

    parameters: Settings = ()
    services: tuple[Service, ...] = ()
    tables: tuple[Table, ...] = ()
    sasl: tuple[tuple[str, Settings], ...] = ()


_SASL_PATH = "cyrus_sasl_config_path"


def _stock(line: str) -> Service:
    name, kind, private, unpriv, chroot, wakeup, maxproc, command = line.split()
    return Service(name, kind, command, private, unpriv, chroot, wakeup, maxproc)


# What Debian ships in both releases, without the pipes to programs that are not installed.
STOCK = tuple(
    _stock(line)
    for line in """
smtp       inet       n - y -     -  smtpd
pickup     unix       n - y 60    1  pickup
cleanup    unix       n - y -     0  cleanup
qmgr       unix       n - n 300   1  qmgr
tlsmgr     unix       - - y 1000? 1  tlsmgr
rewrite    unix       - - y -     -  trivial-rewrite
bounce     unix       - - y -     0  bounce
defer      unix       - - y -     0  bounce
trace      unix       - - y -     0  bounce
verify     unix       - - y -     1  verify
flush      unix       n - y 1000? 0  flush
proxymap   unix       - - n -     -  proxymap
proxywrite unix       - - n -     1  proxymap
smtp       unix       - - y -     -  smtp
relay      unix       - - y -     -  smtp
showq      unix       n - y -     -  showq
error      unix       - - y -     -  error
retry      unix       - - y -     -  error
discard    unix       - - y -     -  discard
local      unix       - n n -     -  local
virtual    unix       - n n -     -  virtual
lmtp       unix       - - y -     -  lmtp
anvil      unix       - - y -     1  anvil
scache     unix       - - y -     1  scache
postlog    unix-dgram n - n -     1  postlogd
""".strip().splitlines()
)


def configuration(spec: Mapping[str, Any]) -> Configuration:
    """Return the state that a module call describes; values are checked elsewhere."""
    own_sasl = {_SASL_PATH: "$config_directory/sasl"} if spec.get("sasl") else {}
    return Configuration(
        parameters=_settings({**own_sasl, **(spec.get("parameters") or {})}),
        services=_services(spec.get("services") or []),
        tables=(
            *(_table(entry) for entry in spec.get("maps") or []),
            *(_secret(*named) for named in sorted((spec.get("secret_maps") or {}).items())),
        ),
        sasl=tuple(
            (name, _settings(values)) for name, values in sorted((spec.get("sasl") or {}).items())
        ),
    )


# Defaults that Postfix works out from the host as it is now, so they are written all the same.
_FROM_HOST = ("mydomain", "myhostname", "mynetworks")


def without_defaults(wanted: Configuration, defaults: Mapping[str, str]) -> Configuration:
    """Leave out the parameters that only repeat what the installed Postfix does by itself."""
    kept = (
        (name, value)
        for name, value in wanted.parameters
        if name in _FROM_HOST or defaults.get(name) != value
    )
    return replace(wanted, parameters=tuple(kept))


def keeping(
    wanted: Configuration, parameters: Settings, services: tuple[Service, ...]
) -> Configuration:
    """Return the wanted state with present parameters and services that it says nothing of."""
    merged = {**dict(parameters), **dict(wanted.parameters)}
    by_key = {service.key: service for service in (*services, *wanted.services)}
    return replace(
        wanted,
        parameters=tuple(sorted(merged.items())),
        services=tuple(by_key[key] for key in sorted(by_key)),
    )


def text(value: object) -> str:
    """Return a value as Postfix writes it: yes and no, lists with commas, one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(text(item) for item in value)
    return " ".join(part for part in str(value).replace("\r", "\n").split("\n") if part).strip()


def _settings(values: Mapping[str, Any] | None) -> Settings:
    """Return settings sorted by name; null means that Postfix's own default holds."""
    chosen = {name: text(value) for name, value in (values or {}).items() if value is not None}
    return tuple(sorted(chosen.items()))


def _services(changes: list[Mapping[str, Any]]) -> tuple[Service, ...]:
    """Return Debian's services with the changes laid over them, sorted."""
    services = {service.key: service for service in STOCK}
    for change in changes:
        key = (change["type"], change["name"])
        if change.get("enabled") is False:
            services.pop(key, None)
        else:
            services[key] = _changed(services.get(key), change)
    return tuple(services[key] for key in sorted(services))


def _changed(service: Service | None, change: Mapping[str, Any]) -> Service:
    """Return a service with those of its columns replaced that the change names."""
    if service is None:
        service = Service(change["name"], change["type"], "", private=_privacy(change["type"]))
    columns: dict[str, Any] = {
        name: _column(change[name]) for name in COLUMNS if change.get(name) is not None
    }
    if change.get("command"):
        columns["command"] = change["command"]
    if change.get("arguments") is not None:
        columns["arguments"] = tuple(str(word) for word in change["arguments"])
    if change.get("options") is not None:
        columns["options"] = _settings(change["options"])
    return replace(service, **columns)


def _privacy(kind: str) -> str:
    return "n" if kind == "inet" else "-"


def _column(value: object) -> str:
    if str(value).lower() in {"true", "yes", "y"}:
        return "y"
    if str(value).lower() in {"false", "no", "n"}:
        return "n"
    return str(value)


def _table(entry: Mapping[str, Any]) -> Table:
    kind = entry.get("type") or "lmdb"
    pairs = _pairs(entry.get("entries"))
    entries = tuple(pairs if kind in ORDERED else sorted(pairs))
    sources = tuple(_source(source) for source in entry.get("sources") or [])
    return Table(entry["name"], kind, entries, sources=sources)


def _source(given: Mapping[str, Any]) -> Source:
    """Return a source; messages call it as the inventory does."""
    path = given.get("path") or ""
    return Source(
        name=given.get("file") or path,
        form=given["form"],
        origin=given.get("origin") or "",
        domains=tuple(given.get("domains") or ()),
        value=text(given.get("value") or ""),
        path=path,
        only=given.get("only") or "",
        leads=_settings(given.get("leads")),
    )


def _secret(name: str, entries: Mapping[str, Any] | None) -> Table:
    return Table(name, entries=tuple(sorted(_pairs(entries))), secret=True)


def _pairs(entries: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    return [
        (str(key).strip(), "" if value is None else text(value))
        for key, value in (entries or {}).items()
    ]
