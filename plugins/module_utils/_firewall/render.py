"""From the model to the files: rules, unit, and what ties the unit to nftables.service."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator

from .._core.plan import File
from .model import FAMILY_TABLE, Firewall, Network, Opening, Sources

RULES_PATH = "/etc/postern/firewall.nft"
UNIT = "postern-firewall.service"
UNIT_PATH = f"/etc/systemd/system/{UNIT}"
DROP_IN_PATH = "/etc/systemd/system/nftables.service.d/postern-firewall.conf"
NFT = "/usr/sbin/nft"

# One transaction: the kernel has the old table or the new one, never none.
HEADER = f"""#!{NFT} -f
# What reaches this mail host. postern.mail.firewall writes this file whole.
table {FAMILY_TABLE}
delete table {FAMILY_TABLE}
"""

UNIT_TEXT = f"""# The mail host's own nftables table. postern.mail.firewall writes this file whole.
[Unit]
Description=Firewall of the mail host (nftables table {FAMILY_TABLE})
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target shutdown.target
Conflicts=shutdown.target
After=nftables.service
ReloadPropagatedFrom=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart={NFT} -f {RULES_PATH}
ExecReload={NFT} -f {RULES_PATH}
ExecStop=-{NFT} delete table {FAMILY_TABLE}

[Install]
WantedBy=sysinit.target
"""

# Debian's /etc/nftables.conf flushes every table, also those of others, on each start and stop.
DROP_IN_TEXT = f"""# After nftables.service flushed all tables, {UNIT} puts its own back.
# postern.mail.firewall writes this file whole.
[Service]
ExecStartPost=-/usr/bin/systemctl --no-block try-reload-or-restart {UNIT}
ExecStopPost=-/usr/bin/systemctl --no-block try-reload-or-restart {UNIT}
"""

# Comments that part the input chain.
EXTRA_RULES = "# firewall_extra_rules"
ESSENTIALS = "# what IP itself needs"
WAYS_IN = "# who may reach what; the rest is dropped"
LOG = 'limit rate 10/minute burst 20 packets log prefix "postern drop: "'

ICMP = "destination-unreachable, time-exceeded, parameter-problem"
ICMPV6 = "destination-unreachable, packet-too-big, time-exceeded, parameter-problem"
NEIGHBOURS = "nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert"
FAMILIES = {4: "ip", 6: "ip6"}
# A client over IPv6 has a network of its own, and as many addresses in it as it likes.
CLIENTS = {4: "ip saddr", 6: "ip6 saddr & ffff:ffff:ffff:ffff::"}
MULTICAST = "mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report"


def render_files(firewall: Firewall) -> dict[str, File]:
    """Return every file that the firewall owns."""
    return {
        RULES_PATH: File(render_rules(firewall).encode()),
        UNIT_PATH: File(UNIT_TEXT.encode()),
        DROP_IN_PATH: File(DROP_IN_TEXT.encode()),
    }


def render_rules(firewall: Firewall) -> str:
    """Return the nft file: the whole table, replaced in one transaction."""
    lines = [HEADER, f"table {FAMILY_TABLE} {{"]
    for name, sources in _named_sources(firewall):
        lines += _sets(name, sources)
    for opening in firewall.openings:
        lines += _counting_sets(opening)
    lines += _chain("input", "drop", _input(firewall))
    if firewall.drop_forwarded:
        lines += _chain("forward", "drop", ["ct state established,related accept"])
    return "\n".join([*lines, "}", ""])


def _named_sources(firewall: Firewall) -> Iterator[tuple[str, Sources]]:
    yield "ssh", firewall.ssh_sources
    for opening in firewall.openings:
        yield opening.name, opening.sources


def _sets(name: str, sources: Sources) -> list[str]:
    lines = []
    for version, networks in _families(sources or ()):
        addresses = ", ".join(_text(network) for network in networks)
        lines += [
            f"\tset {name}_v{version} {{",
            f"\t\ttype ipv{version}_addr",
            "\t\tflags interval",
            f"\t\telements = {{ {addresses} }}",
            "\t}",
        ]
    return lines


def _counting_sets(opening: Opening) -> list[str]:
    """Return where the kernel counts the connections of each client; no opening has such a name."""
    lines = []
    for version, _from in _ways(opening.name, opening.sources) if opening.per_client else ():
        lines += [
            f"\tset {opening.name}.clients_v{version} {{",
            f"\t\ttype ipv{version}_addr",
            "\t\tsize 65535",
            "\t\tflags dynamic",
            "\t}",
        ]
    return lines


def _chain(hook: str, policy: str, rules: list[str]) -> list[str]:
    head = f"\t\ttype filter hook {hook} priority filter; policy {policy};"
    return [f"\tchain {hook} {{", head, *(f"\t\t{rule}" for rule in rules), "\t}"]


def _input(firewall: Firewall) -> list[str]:
    """Return the rules for what comes in; established connections outlive every change."""
    return [
        'iif "lo" accept',
        "ct state established,related accept",
        "ct state invalid drop",
        EXTRA_RULES,
        *firewall.extra_rules,
        ESSENTIALS,
        *_essentials(firewall.ping),
        WAYS_IN,
        *_ssh(firewall),
        *(rule for opening in firewall.openings for rule in _opening(opening)),
        *([LOG] if firewall.log_drops else []),
    ]


def _essentials(ping: bool) -> list[str]:
    """Return what IP itself needs: errors, path MTU, neighbours, addresses by DHCPv6."""
    rules = [
        f"icmp type {{ {ICMP} }} accept",
        f"icmpv6 type {{ {ICMPV6} }} accept",
        f"icmpv6 type {{ {NEIGHBOURS} }} ip6 hoplimit 255 accept",
        f"ip6 saddr fe80::/10 icmpv6 type {{ {MULTICAST} }} accept",
        "ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept",
    ]
    if ping:
        rules += [
            "icmp type echo-request limit rate 20/second accept",
            "icmpv6 type echo-request limit rate 20/second accept",
        ]
    return rules


def _ssh(firewall: Firewall) -> list[str]:
    rules = []
    if firewall.ssh_ports:
        ports = ", ".join(str(port) for port in firewall.ssh_ports)
        several = len(firewall.ssh_ports) > 1
        match = f"tcp dport {{ {ports} }}" if several else f"tcp dport {ports}"
        rules += _admit("ssh", match, firewall.ssh_sources)
    peer = firewall.controller
    if peer is not None:
        match = f"{FAMILIES[peer.address.version]} saddr {peer.address} tcp dport {peer.port}"
        rules.append(f'{match} accept comment "controller"')
    return rules


def _opening(opening: Opening) -> list[str]:
    """Return the rules of an opening; who may not reach it is not counted either."""
    match = f"{opening.protocol} dport {opening.port}"
    limits = [
        f"{start}{match} add @{opening.name}.clients_v{version} "
        f"{{ {CLIENTS[version]} ct count over {opening.per_client} }} reject with tcp reset"
        for version, start in _ways(opening.name, opening.sources)
        if opening.per_client
    ]
    return [*limits, *_admit(opening.name, match, opening.sources)]


def _admit(name: str, match: str, sources: Sources) -> list[str]:
    tail = f'{match} accept comment "{name}"'
    return [tail] if sources is None else [start + tail for _version, start in _ways(name, sources)]


def _ways(name: str, sources: Sources) -> Iterator[tuple[int, str]]:
    """Yield each family that may come in, and how its rules begin."""
    if sources is None:
        yield from ((4, ""), (6, ""))
    for version, _networks in _families(sources or ()):
        yield version, f"{FAMILIES[version]} saddr @{name}_v{version} "


def _families(networks: tuple[Network, ...]) -> Iterator[tuple[int, list[Network]]]:
    for version in (4, 6):
        members = [network for network in networks if network.version == version]
        if members:
            yield version, members


def _text(network: Network) -> str:
    alone = network.prefixlen == network.max_prefixlen
    return str(network.network_address if alone else network)
