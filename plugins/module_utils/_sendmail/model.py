"""What one Sendmail is told: its two mc files, tables, lists and SASL, as plain data."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass, field

from .units import Services

Settings = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Feature:
    """One FEATURE with its arguments."""

    name: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Daemon:
    """One place where Sendmail listens."""

    name: str
    family: str = "inet"
    address: str = ""
    port: str = ""
    modifiers: str = ""
    milters: tuple[str, ...] | None = None
    children: int | None = None


@dataclass(frozen=True)
class Client:
    """As whom Sendmail connects to others."""

    family: str = "inet"
    address: str = ""
    modifiers: str = ""


@dataclass(frozen=True)
class Milter:
    """One mail filter; `without_it` is empty where mail passes while it does not answer."""

    name: str
    socket: str
    without_it: str = ""
    timeouts: Settings = ()


@dataclass(frozen=True)
class Dnsbl:
    """One DNS list of clients that are refused."""

    zone: str
    text: str = ""
    results: tuple[str, ...] = ()
    tempfail: bool = False


@dataclass(frozen=True)
class OwnMailer:
    """One mailer that no feature brings."""

    name: str
    flags: str
    arguments: str
    path: str = "[IPC]"
    sender: str = ""
    recipient: str = ""
    type: str = ""
    line_end: str = ""
    line_length: int | None = None
    user: str = ""


@dataclass(frozen=True)
class Masquerade:
    """As whom senders of this host appear."""

    name: str = ""
    domains: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    exposed_users: tuple[str, ...] = ()
    envelope: bool = False
    entire_domains: bool = False
    everything: bool = False


@dataclass(frozen=True)
class Mc:
    """One mc file. A define whose value is None is undefined."""

    domain: str
    ostype: str = "debian"
    defines: tuple[tuple[str, str | None], ...] = ()
    features: tuple[Feature, ...] = ()
    masquerade: Masquerade = Masquerade()
    daemons: tuple[Daemon, ...] = ()
    clients: tuple[Client, ...] = ()
    mechanisms: tuple[str, ...] = ()
    milters: tuple[Milter, ...] = ()
    dnsbls: tuple[Dnsbl, ...] = ()
    greet_pause: int | None = None
    mailers: tuple[str, ...] = ()
    mailer_flags: Settings = ()
    own_mailers: tuple[OwnMailer, ...] = ()
    local_config: tuple[str, ...] = ()
    local_rule_0: tuple[str, ...] = ()
    local_net_config: tuple[str, ...] = ()
    local_rulesets: tuple[str, ...] = ()
    classes: Settings = ()  # macros that fill a class, with a name or the path of a list


@dataclass(frozen=True)
class Table:
    """One lookup table: its entries as `key value`, sorted, each key once."""

    name: str
    entries: tuple[bytes, ...] = field(default=(), repr=False)
    secret: bool = False


@dataclass(frozen=True)
class NameList:
    """One list of names, a line each, sorted."""

    name: str
    entries: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Configuration:
    """The complete desired state; tables and lists that are not there shall not be on the host."""

    services: Services
    mc: Mc
    submit: Mc
    tables: tuple[Table, ...] = ()
    aliases: Table | None = None
    lists: tuple[NameList, ...] = ()
    sasl: Settings = ()

    def table(self, name: str) -> Table | None:
        """Return a table by its name."""
        return next((table for table in self.tables if table.name == name), None)
