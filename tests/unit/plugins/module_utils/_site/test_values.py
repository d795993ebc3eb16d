"""Words of the site model are read strictly, and told how to be written."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site import values
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "read"),
    [("Example.ORG", "example.org"), ("a-b.example", "a-b.example"), ("xn--p1ai.xn--p1ai",) * 2],
)
def test_a_domain_is_read_in_lower_case(text: str, read: str) -> None:
    assert values.domain(text) == read


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("localhost", "write it like example.org"),
        ("-a.example", "write it like example.org"),
        ("a..example", "write it like example.org"),
        ("192.0.2.1", "write it like example.org"),
        ("example.org.", "leave it out"),
        ("exa mple.org", "write it like example.org"),
        ("bücher.example", "write it as xn--bcher-kva.example"),
        ("\u2028.example", "write it in its xn-- form"),
        (f"{'a' * 64}.example", "write it like example.org"),
    ],
)
def test_what_is_no_domain_is_told_how_to_be_written(text: str, hint: str) -> None:
    with pytest.raises(values.Wrong) as wrong:
        values.domain(text)
    assert wrong.value.hint == hint


def test_a_bare_name_belongs_to_the_default_domain() -> None:
    assert values.address("Alice", "example.org") == "alice@example.org"
    assert values.address("Bob@Example.COM", "example.org") == "bob@example.com"


@pytest.mark.parametrize(
    "text", ["", "@example.org", "a b", "a@b", "a@@b.example", ".a", "a.", "a..b", "zoë", "a" * 65]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(values.Wrong):
        values.address(text, "example.org")


@pytest.mark.parametrize(
    "text", ["a/b", "a+b", "~a", "a*", "&a", "a.", ".a", "a..b", "a@b.example"]
)
def test_an_account_name_is_a_safe_mailbox_name(text: str) -> None:
    with pytest.raises(values.Wrong):
        values.account_name(text)


@pytest.mark.parametrize(
    ("text", "kib"), [("1KiB", 1), ("500MiB", 512_000), ("2GiB", 2 * 1024**2), ("1 TiB", 1024**3)]
)
def test_a_size_is_read_in_kib(text: str, kib: int) -> None:
    assert values.size_kib(text) == kib


@pytest.mark.parametrize(
    "value", ["2GB", "2", "0MiB", "-1GiB", "1.5GiB", 2048, True, None, [1], ""]
)
def test_what_is_no_size_is_refused(value: object) -> None:
    with pytest.raises(values.Wrong):
        values.size_kib(value)


def test_a_network_may_be_a_single_address_and_has_no_host_bits() -> None:
    assert str(values.network("192.0.2.1")) == "192.0.2.1/32"
    assert str(values.network("fd00::/64")) == "fd00::/64"
    with pytest.raises(values.Wrong) as wrong:
        values.network("10.1.2.3/8")
    assert wrong.value.hint == "write it as 10.0.0.0/8"
    with pytest.raises(values.Wrong):
        values.network("example.org")


def test_a_host_is_a_full_name_or_an_address() -> None:
    assert values.host("Smart.Example.org") == "smart.example.org"
    assert values.host("2001:db8::1") == "2001:db8::1"
    with pytest.raises(values.Wrong):
        values.host("smart")


@given(st.text())
def test_any_text_is_read_or_refused_and_what_is_read_reads_again(text: str) -> None:
    try:
        address = values.address(text, "example.org")
    except values.Wrong:
        return
    assert values.address(address, "other.example") == address


def test_a_login_sends_as_an_address_or_as_all_of_a_domain() -> None:
    assert values.sender("Press", "example.org") == "press@example.org"
    assert values.sender("Press@Example.net", "example.org") == "press@example.net"
    assert values.sender("@Example.net", "example.org") == "@example.net"
    for text in ("@", "@net", "*@example.org@", "a b"):
        with pytest.raises(values.Wrong):
            values.sender(text, "example.org")


def test_an_address_of_one_domain_is_in_no_other() -> None:
    assert values.address_in("Info", "branch.example") == "info@branch.example"
    assert values.address_in("info@Branch.example", "branch.example") == "info@branch.example"
    with pytest.raises(values.Wrong) as wrong:
        values.address_in("info@sub.branch.example", "branch.example")
    assert wrong.value.what == '"info@sub.branch.example" is not in "branch.example"'


def test_a_port_is_between_its_bounds() -> None:
    assert [values.port(number) for number in (1, 65535)] == [1, 65535]
    for number in (0, -1, 65536):
        with pytest.raises(values.Wrong):
            values.port(number)


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        ("client", "192.0.2.7", "192.0.2.7/32"),
        ("client", "2001:DB8::/32", "2001:db8::/32"),
        ("client", "Bad.example", "bad.example"),
        ("sender", "Spam@Bad.example", "spam@bad.example"),
        ("recipient", "Example.org", "example.org"),
    ],
)
def test_an_exception_is_for_a_network_a_name_or_an_address(
    kind: str, text: str, read: str
) -> None:
    value, network = values.access_key(kind, text)
    assert value == read
    assert (network is not None) is ("/" in read)
