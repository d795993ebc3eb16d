"""Shapes for Postfix: the ways out, with the TLS and the login that each of them asks."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, report
from ansible_collections.postern.mail.plugins.module_utils._site.model import Relay, Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_aliases import (
    SINK_DOMAIN,
    Entries,
    alias_graph,
    table,
    walk,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    TLS_LEVELS,
    Choices,
    SenderRelay,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_maildirs import (
    quota_transports,
)

TLS_PORT = 465
# Transports of our own, each smtp(8) with options: TLS from the first byte, logins by sender, and
# copies, which wait where others would be returned.
WRAPPED, BY_SENDER, KEEP = "wrapped", "bysender", "keep"
_TABLES = "lmdb:$config_directory/maps"  # of tables with passwords
_OPTIONS: dict[str, dict[str, str]] = {
    WRAPPED: {"smtp_tls_wrappermode": "yes", "smtp_tls_security_level": "encrypt"},
    BY_SENDER: {
        "smtp_sasl_auth_enable": "yes",
        "smtp_sasl_password_maps": f"{_TABLES}/sender_credentials",
        "smtp_sasl_security_options": "noanonymous",
        "smtp_sasl_tls_security_options": "noanonymous",
        "smtp_sender_dependent_authentication": "yes",
    },
    KEEP: {"soft_bounce": "yes"},
}


def nexthop(host: str, port: int) -> str:
    """Return a server as Postfix writes it; brackets mean that no MX is looked up."""
    return f"[{host}]:{port}"


def relay_nexthop(relay: Relay) -> str:
    """Return the smarthost as Postfix writes it."""
    return nexthop(relay.host, relay.port)


def outgoing(relay: Relay | None) -> dict[str, str]:
    """Return the parameters of the way out that all mail takes which has none of its own."""
    if relay is None:
        return {"relayhost": "", "smtp_tls_security_level": "may", "smtp_sasl_auth_enable": "no"}
    login = {"smtp_sasl_auth_enable": "yes" if relay.username else "no"}
    if relay.username:
        login["smtp_sasl_security_options"] = "noanonymous"
        login["smtp_sasl_tls_security_options"] = "noanonymous"
    return {
        "relayhost": relay_nexthop(relay),
        "smtp_tls_security_level": TLS_LEVELS[relay.tls],
        "default_transport": _transport("smtp", relay.port),
        **login,
    }


def _transport(name: str, port: int) -> str:
    """Return the transport for a port: on 465 TLS begins with the first byte."""
    if port != TLS_PORT:
        return name
    return WRAPPED if name in ("smtp", "relay") else f"{name}-{WRAPPED}"


def route_parameters(site: Site, choices: Choices) -> dict[str, str]:
    """Return the parameters of all ways out."""
    return {
        "relay_domains": " ".join(sorted(site.relay_domain_names)),
        "relay_recipient_maps": choices.table("relay_addresses") if site.relay_domains else "",
        "transport_maps": choices.table("transports") if _has_own_ways(site, choices) else "",
        "smtp_tls_policy_maps": choices.table("tls_policies"),
        "sender_dependent_default_transport_maps": (
            choices.table("sender_transports") if choices.sender_relays else ""
        ),
        **outgoing(site.relay),
    }


def route_tables(site: Site, choices: Choices) -> list[dict[str, Any]]:
    """Return the tables of all ways out; raises ValueError where two of them contradict."""
    kind = choices.map_type
    tables = [
        table("transports", transports(site) | quota_transports(site, choices), kind),
        table("tls_policies", tls_policies(site, choices), kind),
    ]
    if choices.sender_relays:
        by_sender = {one.sender: _by_sender(one) for one in choices.sender_relays}
        tables.append(table("sender_transports", dict(sorted(by_sender.items())), kind))
    if site.relay_domains:
        tables.append(_relay_addresses(site, kind))
    return tables


def _by_sender(relay: SenderRelay) -> str:
    return f"{_transport(BY_SENDER, relay.port)}:{nexthop(relay.host, relay.port)}"


def _has_own_ways(site: Site, choices: Choices) -> bool:
    """Whether transports are asked: for what is thrown away alone only where something may be.

    Postfix asks six times for each recipient.
    """
    thrown = any((a.kind, a.action) == ("recipient", "discard") for a in site.access)
    listed = any((f.kind, f.action) == ("recipient", "discard") for f in site.access_files)
    ways = transports(site) | quota_transports(site, choices)
    return thrown or listed or list(ways) != [SINK_DOMAIN]


def transports(site: Site) -> Entries:
    """Return where mail goes that does not take the way of all other mail."""
    entries = {
        domain.name: f"{_transport('relay', domain.port)}:{nexthop(domain.host, domain.port)}"
        for domain in site.relay_domains
    }
    entries |= {address: _keeping(site, address) for address in kept_elsewhere(site)}
    entries[SINK_DOMAIN] = "discard:as mail_access says"
    return dict(sorted(entries.items()))


def kept_elsewhere(site: Site) -> list[str]:
    """Return the addresses on other hosts where copies end; what ends here has no need."""
    graph = alias_graph(site)
    copies = [copy for copy in (site.backup, site.journal) if copy]
    ends = {address for address in walk(copies, graph) if address not in graph}
    here = site.domain_names | {site.hostname}
    return sorted(address for address in ends if address.rpartition("@")[2] not in here)


def _keeping(site: Site, address: str) -> str:
    name = address.rpartition("@")[2]
    ways = {domain.name: (domain.host, domain.port) for domain in site.relay_domains}
    if site.relay:
        ways.setdefault(name, (site.relay.host, site.relay.port))
    if name not in ways:
        return f"{KEEP}:"
    return f"{_transport(KEEP, ways[name][1])}:{nexthop(*ways[name])}"


def _relay_addresses(site: Site, kind: str) -> dict[str, Any]:
    """Return who exists elsewhere; of a domain without a list everybody does."""
    known = {name: "OK" for domain in site.relay_domains for name in domain.recipients}
    known |= {f"@{d.name}": "OK" for d in site.relay_domains if not d.knows_recipients}
    files = [
        {"file": domain.recipients_file, "form": "keys", "domains": [domain.name], "value": "OK"}
        for domain in site.relay_domains
        if domain.recipients_file
    ]
    return table("relay_addresses", dict(sorted(known.items())), kind, files)


def tls_policies(site: Site, choices: Choices) -> Entries:
    """Return how safe each way has to be; raises ValueError where one is asked for in two ways."""
    if problems := policy_problems(site, choices):
        raise ValueError(report(problems))
    return dict(sorted((where, level) for _said, where, level in _asked(site, choices)))


def policy_problems(site: Site, choices: Choices) -> list[Problem]:
    """Return the places that ask for another TLS to a server than an earlier one."""
    entries: Entries = {}
    said: dict[str, str] = {}
    problems = []
    for where, destination, level in _asked(site, choices):
        if entries.setdefault(destination, level) != level:
            what = f'another tls for "{destination}" than at {said[destination]}'
            problems.append(Problem(where, what, "one server, one way"))
        said.setdefault(destination, where)
    return problems


def _asked(site: Site, choices: Choices) -> Iterator[tuple[str, str, str]]:
    """Yield (place, destination, level) of each way."""
    relay = site.relay
    if relay:
        yield "mail_relay.tls", relay_nexthop(relay), TLS_LEVELS[relay.tls]
    for domain in site.relay_domains:
        destination = nexthop(domain.host, domain.port)
        yield f"{domain.where}.tls", destination, TLS_LEVELS[domain.tls]
    for number, one in enumerate(choices.sender_relays):
        where = f"postfix_sender_relays[{number}].tls"
        yield where, nexthop(one.host, one.port), TLS_LEVELS[one.tls]
    for destination, level in choices.tls_policies:
        yield f'postfix_tls_policies["{destination}"]', destination, level


def route_services(site: Site, choices: Choices) -> list[dict[str, Any]]:
    """Return the transports that the ways out need."""
    used = set(outgoing(site.relay).values()) & {WRAPPED}
    used |= {value.partition(":")[0] for value in transports(site).values()}
    used |= {_by_sender(one).partition(":")[0] for one in choices.sender_relays}
    return [_service(name) for name in sorted(used) if name.partition("-")[0] in _OPTIONS]


def _service(name: str) -> dict[str, Any]:
    base, _hyphen, wrapped = name.partition("-")
    options = {"syslog_name": f"postfix/{name}", **_OPTIONS[base], **_OPTIONS.get(wrapped, {})}
    return {"name": name, "type": "unix", "chroot": "y", "command": "smtp", "options": options}


def relay_credentials(site: Site) -> Entries:
    """Return the login at the smarthost."""
    relay = site.relay
    if relay is None or not relay.username:
        return {}
    return {relay_nexthop(relay): f"{relay.username}:{relay.password}"}


def sender_credentials(choices: Choices, passwords: Mapping[str, Any]) -> Entries:
    """Return the logins of senders; raises ValueError where a password lacks or is too many."""
    if problems := credential_problems(choices, passwords):
        raise ValueError(report(problems))
    given = _by_sender_name(passwords)
    return {name: f"{username}:{given[name]}" for name, username in _usernames(choices)}


def credential_problems(choices: Choices, passwords: Mapping[str, Any]) -> list[Problem]:
    """Return which senders have a username and no password, or a password and no username."""
    named, given = dict(_usernames(choices)), _by_sender_name(passwords)
    where = "postfix_sender_relay_passwords"
    problems = [
        Problem(where, f'has none for "{name}"', "name it as in postfix_sender_relays")
        for name in sorted(set(named) - {name for name, word in given.items() if word.strip()})
    ]
    return problems + [
        Problem(where, f'"{name}" has no username in postfix_sender_relays')
        for name in sorted(set(given) - set(named))
    ]


def _usernames(choices: Choices) -> list[tuple[str, str]]:
    return sorted((one.sender, one.username) for one in choices.sender_relays if one.username)


def _by_sender_name(passwords: Mapping[str, Any]) -> dict[str, str]:
    return {str(key).lower(): str(value) for key, value in passwords.items()}
