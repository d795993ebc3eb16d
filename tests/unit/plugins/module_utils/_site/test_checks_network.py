"""A network is within others or it is not, whatever their versions."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.checks_network import inside


@pytest.mark.parametrize(
    ("network", "others", "answer"),
    [
        ("10.1.0.0/16", ["10.0.0.0/8"], True),
        ("10.0.0.0/8", ["10.0.0.0/8"], True),
        ("10.0.0.0/7", ["10.0.0.0/8"], False),
        ("11.0.0.0/8", ["10.0.0.0/8"], False),
        ("fd00::/64", ["10.0.0.0/8", "fc00::/7"], True),
        ("10.0.0.0/8", ["::/0"], False),
        ("10.0.0.0/8", [], False),
    ],
)
def test_inside(network: str, others: list[str], answer: bool) -> None:
    wider = tuple(ipaddress.ip_network(other) for other in others)
    assert inside(ipaddress.ip_network(network), wider) is answer
