"""The site model as one host sees it: frozen dataclasses, each part knowing its place."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ansible_collections.postern.mail.plugins.module_utils._site.lists import Lists
from ansible_collections.postern.mail.plugins.module_utils._site.values import Network

# Each service and its port.
PORTS = {
    "smtp": 25,
    "submission": 587,
    "submissions": 465,
    "imaps": 993,
    "pop3s": 995,
    "sieve": 4190,
    "imap": 143,
    "pop3": 110,
}
RECEIVING = ("smtp", "submission", "submissions")  # these reach the transfer agent


@dataclass(frozen=True)
class Domain:
    """A final destination; `catch_all` is a full address or None."""

    name: str
    catch_all: str | None
    where: str


@dataclass(frozen=True)
class Account:
    """A person with a mailbox; `sends_as` holds full addresses and whole domains (`@name`).

    `formerly` is the full address that it had before it was renamed.
    """

    name: str
    domain: str
    aliases: tuple[str, ...]
    quota_kib: int | None
    backup: bool
    locked: bool
    where: str
    sends_as: tuple[str, ...] = ()
    formerly: str | None = None
    password: str | None = field(default=None, repr=False)
    password_hash: str | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Return name@domain, which is the login too."""
        return f"{self.name}@{self.domain}"


@dataclass(frozen=True)
class Alias:
    """A name that leads elsewhere; without a domain it holds in every mail domain."""

    name: str
    domain: str | None
    targets: tuple[str, ...]
    where: str


@dataclass(frozen=True)
class Access:
    """An exception for a client, a sender or a recipient."""

    kind: str
    value: str
    action: str
    text: str
    where: str
    network: Network | None = None


@dataclass(frozen=True)
class AccessFile:
    """A long list of exceptions of one kind with one answer: a file on the controller."""

    kind: str
    path: str
    action: str
    text: str
    where: str


@dataclass(frozen=True)
class RelayDomain:
    """A domain whose mail goes on to another server; no recipients and no file: not known here."""

    name: str
    host: str
    port: int
    tls: str
    recipients: tuple[str, ...]
    recipients_file: str | None
    where: str

    @property
    def knows_recipients(self) -> bool:
        """Say whether this host knows who exists in the domain."""
        return bool(self.recipients or self.recipients_file)


@dataclass(frozen=True)
class Relay:
    """The smarthost."""

    host: str
    port: int
    tls: str
    username: str | None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Opening:
    """A service with who may reach it; `sources` is None for everyone."""

    name: str
    sources: tuple[Network, ...] | None
    where: str

    @property
    def port(self) -> int:
        """Return the service's port."""
        return PORTS[self.name]


@dataclass(frozen=True)
class Tls:
    """Where the host's certificate comes from."""

    source: str
    names: tuple[str, ...]
    certificate: str | None
    key: str | None


@dataclass(frozen=True)
class Exemption:
    """A recipient, or a whole domain, to whom mail goes although something was found in it.

    `found` names what: virus, spam, attachments.
    """

    recipient: str
    found: tuple[str, ...]
    where: str


@dataclass(frozen=True)
class Filter:
    """What mail is searched for, and what becomes of it."""

    virus: bool = False
    spam: bool = False
    policy: str = "allow_all"
    types: tuple[str, ...] = ()
    locked_archives: str = "stop"
    when_broken: str = "defer"
    warn_recipients: bool = True
    warn_senders: str = "own"
    exemptions: tuple[Exemption, ...] = ()

    @property
    def searches(self) -> bool:
        """Say whether anything is done at all."""
        return self.virus or self.spam or self.policy != "allow_all"


@dataclass(frozen=True)
class Site:
    """All of it. `complete` is False when entries that couldn't be read were left out.

    `lists` is what its long lists hold, where somebody has read them.
    """

    domain: str
    hostname: str
    domains: tuple[Domain, ...]
    accounts: tuple[Account, ...]
    aliases: tuple[Alias, ...]
    trusted_networks: tuple[tuple[str, Network], ...]
    access: tuple[Access, ...]
    relay: Relay | None
    openings: tuple[Opening, ...]
    transfer_agent: str
    store: str
    tls: Tls
    filter: Filter = Filter()
    complete: bool = True
    backup: str | None = None
    journal: str | None = None
    local_users: str = "none"
    delivery: str = "direct"
    relay_domains: tuple[RelayDomain, ...] = ()
    alias_files: tuple[str, ...] = ()
    access_files: tuple[AccessFile, ...] = ()
    lists: Lists = field(default_factory=Lists, repr=False, compare=False)

    @property
    def domain_names(self) -> frozenset[str]:
        """Return the names of the final destinations."""
        return frozenset(domain.name for domain in self.domains)

    @property
    def relay_domain_names(self) -> frozenset[str]:
        """Return the names of the domains whose mail goes on to another server."""
        return frozenset(domain.name for domain in self.relay_domains)

    @property
    def send_only(self) -> bool:
        """Say whether no mail ends on this host, nor passes through it to a domain it knows."""
        ends = self.store != "none" or self.domains or self.local_users != "none"
        return not ends and not self.relay_domains

    @property
    def people(self) -> tuple[Account, ...]:
        """Return the accounts that are this host's to know, which they aren't where none ends."""
        return () if self.store == "none" and not self.domains else self.accounts

    @property
    def receives(self) -> bool:
        """Say whether mail comes in over the network: a daemon has to listen for it."""
        return bool(self.domains or self.relay_domains or any(map(self.opening, RECEIVING)))

    @property
    def mailboxes(self) -> tuple[Account, ...]:
        """Return the accounts whose mailboxes are on this host."""
        return () if self.store == "none" else self.accounts

    def opening(self, name: str) -> Opening | None:
        """Return a service's opening, or None when it has none."""
        return next((opening for opening in self.openings if opening.name == name), None)

    def declared_aliases(self) -> Iterator[tuple[str, tuple[str, ...], str]]:
        """Yield address, targets and place of each alias; bare names once for each domain."""
        for alias in self.aliases:
            names = [alias.domain] if alias.domain else sorted(self.domain_names)
            for name in names:
                yield f"{alias.name}@{name}", alias.targets, alias.where
        for account in self.people:
            for number, name in enumerate(account.aliases):
                yield name, (account.address,), f"{account.where}.aliases[{number}]"
