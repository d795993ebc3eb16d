"""Hypothesis strategies for the firewall's model, shared by its tests."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

from ansible_collections.postern.mail.plugins.module_utils._firewall.model import (
    Firewall,
    Network,
    Opening,
    Peer,
    Sources,
    collapsed,
)
from hypothesis import strategies as st


def _network_of(version: int, bits: int, number: int, prefix: int) -> Network:
    base = (number >> (bits - prefix)) << (bits - prefix) if prefix else 0
    return IPv4Network((base, prefix)) if version == 4 else IPv6Network((base, prefix))


four = st.builds(
    _network_of, st.just(4), st.just(32), st.integers(0, 2**32 - 1), st.integers(0, 32)
)
six = st.builds(
    _network_of, st.just(6), st.just(128), st.integers(0, 2**128 - 1), st.integers(0, 128)
)
sources: st.SearchStrategy[Sources] = st.none() | st.lists(four | six, min_size=1, max_size=6).map(
    lambda networks: collapsed(tuple(networks))
)
ports = st.integers(1, 65535)
names = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,59}", fullmatch=True).filter(
    lambda name: name not in ("ssh", "controller")
)
openings = st.lists(
    st.one_of(
        st.builds(Opening, names, ports, st.sampled_from(["tcp", "udp"]), sources),
        st.builds(Opening, names, ports, st.just("tcp"), sources, st.integers(1, 65535)),
    ),
    unique_by=lambda opening: opening.name,
    max_size=6,
).map(lambda found: tuple(sorted(found, key=lambda o: (o.protocol, o.port, o.name))))
peers = st.builds(
    Peer,
    (st.ip_addresses(v=4) | st.ip_addresses(v=6).filter(lambda a: a.ipv4_mapped is None)),
    ports,
)
extra_rules = st.lists(
    st.sampled_from(
        [
            "tcp dport 22 drop",
            'ip saddr { 192.0.2.1, 192.0.2.2 } udp dport 53 accept comment "dns"',
            'tcp dport 25 accept comment "smtp"',
            "icmp type { echo-request } drop",
        ]
    ),
    max_size=3,
).map(tuple)
firewalls = st.builds(
    Firewall,
    openings=openings,
    ssh_ports=st.sets(ports, max_size=3).map(lambda found: tuple(sorted(found))),
    ssh_sources=sources,
    controller=st.none() | peers,
    extra_rules=extra_rules,
    ping=st.booleans(),
    log_drops=st.booleans(),
    drop_forwarded=st.booleans(),
)
