"""Networks become the keys under which Sendmail looks an address up."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress

import pytest
from ansible_collections.postern.mail.plugins.module_utils._sendmail.networks import (
    access_keys,
    expanded,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("network", "keys"),
    [
        ("10.0.0.0/8", ["10"]),
        ("192.0.2.0/24", ["192.0.2"]),
        ("192.0.2.0/23", ["192.0.2", "192.0.3"]),
        ("192.0.2.7/32", ["192.0.2.7"]),
        ("192.0.2.8/31", ["192.0.2.8", "192.0.2.9"]),
        ("2001:db8::/32", ["IPv6:2001:db8"]),
        ("::1/128", ["IPv6:0:0:0:0:0:0:0:1"]),
    ],
)
def test_a_network_is_written_by_whole_parts(network: str, keys: list[str]) -> None:
    assert access_keys(ipaddress.ip_network(network, strict=False)) == keys


@given(st.integers(0, 2**32 - 1), st.integers(1, 32))
def test_each_address_of_a_network_has_a_key_and_no_other_has(number: int, bits: int) -> None:
    network = ipaddress.ip_network((number, bits), strict=False)
    keys = set(access_keys(network))
    inside = str(ipaddress.ip_address(number)).split(".")
    assert any(".".join(inside[:parts]) in keys for parts in range(1, 5))
    other = str(ipaddress.ip_address((number + (1 << (32 - bits))) % 2**32)).split(".")
    assert not any(".".join(other[:parts]) in keys for parts in range(1, 5))


@pytest.mark.parametrize("network", ["0.0.0.0/0", "::/0", "2000::/3"])
def test_what_would_take_too_many_keys_is_refused(network: str) -> None:
    with pytest.raises(ValueError, match="too wide"):
        access_keys(ipaddress.ip_network(network))


def test_what_is_said_of_a_part_of_a_network_holds_for_that_part() -> None:
    entries = [b"Connect:10.0.0.0/8 REJECT", b"Connect:192.0.2.0/23 OK", b"connect:192.0.2 RELAY"]
    assert expanded(entries, "access")[0] == [
        b"Connect:10 REJECT",
        b"Connect:192.0.3 OK",
        b"connect:192.0.2 RELAY",
    ]


def test_other_keys_with_a_slash_or_colons_stay_or_are_named() -> None:
    entries = [b"From:a/b@example.org OK", b"Connect:IPv6:2001:db8 OK", b"Connect:10.0.0.1/8 OK"]
    found, problems = expanded(entries, "t")
    assert found == [b"Connect:IPv6:2001:db8 OK", b"From:a/b@example.org OK"]
    assert [str(problem) for problem in problems] == ['t["Connect:10.0.0.1/8"]: is no network']
