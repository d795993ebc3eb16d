"""Behaviour of the firewall's model: the fewest networks, and who gets in by SSH anyway."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from ansible_collections.postern.mail.plugins.module_utils._firewall.model import (
    Firewall,
    Peer,
    admits,
    collapsed,
)

OFFICE = (ip_network("192.0.2.0/24"), ip_network("2001:db8::/48"))


def test_neighbouring_and_nested_networks_become_one() -> None:
    texts = ("10.1.0.0/16", "2001:db8::/33", "10.0.0.0/16", "2001:db8:8000::/33", "10.0.9.0/24")
    assert collapsed(tuple(ip_network(text) for text in texts)) == (
        ip_network("10.0.0.0/15"),
        ip_network("2001:db8::/32"),
    )


@pytest.mark.parametrize(
    ("firewall", "address", "admitted"),
    [
        (Firewall(), "198.51.100.7", True),
        (Firewall(ssh_ports=(2222,)), "198.51.100.7", False),
        (Firewall(ssh_sources=OFFICE), "192.0.2.9", True),
        (Firewall(ssh_sources=OFFICE), "2001:db8::9", True),
        (Firewall(ssh_sources=OFFICE), "198.51.100.7", False),
    ],
)
def test_a_peer_is_admitted_by_port_and_source(
    firewall: Firewall, address: str, admitted: bool
) -> None:
    assert admits(firewall, Peer(ip_address(address), 22)) is admitted
