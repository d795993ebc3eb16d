"""Which line of the journal is a login, and of which address; whatever others may write."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.tests.unit.pop_program import (
    UID,
    USER,
    cyrus,
    judge,
    pop,
    said,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(autouse=True)
def users(monkeypatch: pytest.MonkeyPatch) -> None:
    """All users of stores have the same number."""
    monkeypatch.setattr(pop.pwd, "getpwnam", lambda _name: USER)


def courier(message: object, **other: object) -> dict[str, object]:
    fields = {"_SYSTEMD_UNIT": "courier-pop.service", "_COMM": "courierlogger", "_UID": UID}
    return {**fields, "MESSAGE": message, **other}


def popa3d(message: object, **other: object) -> dict[str, object]:
    unit = "popa3d@0-10.88.0.15:110-203.0.113.9:60816.service"
    return {"_SYSTEMD_UNIT": unit, "_COMM": "popa3d", "_UID": 1000, "MESSAGE": message, **other}


IMAP = "courier-imap.service"
# As Debian 12 and 13 log them, but for the addresses.
COURIER = "LOGIN, user=a@b.example, ip=[::ffff:203.0.113.9], port=[46412]"
COURIER_IMAP = "LOGIN, user=a@b.example, ip=[2001:db8::7], port=[1], protocol=IMAP"
PASSED = "Authentication passed for alice"
OVER_IPV6 = "popa3d@7-2001:db8::1:110-2001:db8::7:99.service"


@pytest.mark.parametrize(
    ("store", "entry", "address"),
    [
        ("cyrus", cyrus(said("[203.0.113.9]")), "203.0.113.9"),
        ("cyrus", cyrus(said("pc.example [203.0.113.9]", "plaintext+TLS")), "203.0.113.9"),
        ("cyrus", cyrus(said("[2001:db8::7]"), SYSLOG_IDENTIFIER="cyrus/pop3s"), "2001:db8::7"),
        ("cyrus", cyrus(said("[203.0.113.9]"), _COMM=None), "203.0.113.9"),  # it has ended already
        ("courier", courier(COURIER), "203.0.113.9"),
        ("courier", courier(COURIER_IMAP, _SYSTEMD_UNIT=IMAP), "2001:db8::7"),
        ("popa3d", popa3d(PASSED), "203.0.113.9"),
        ("popa3d", popa3d(PASSED, _SYSTEMD_UNIT=OVER_IPV6), "2001:db8::7"),
    ],
)
def test_a_login_counts_for_its_address(store: str, entry: Mapping[str, Any], address: str) -> None:
    assert judge(store).client(entry) == ip_address(address)


LOGIN = said("[203.0.113.9]")
BAD = "badlogin: [203.0.113.9] PLAIN (a@b.example) [SASL(-13): authentication failure]"
FAILED = "LOGIN FAILED, user=b, ip=[203.0.113.9], port=[1], ip=[::ffff:10.9.9.9], port=[2]"
INSIDE = "user=a, ip=[203.0.113.9], port=[1], protocol=IMAP"


@pytest.mark.parametrize(
    ("store", "entry"),
    [
        ("cyrus", cyrus(BAD)),
        ("cyrus", cyrus(f"badlogin: [10.9.9.9] plaintext {LOGIN} SASL(-13)")),
        ("cyrus", cyrus(f"badlogin: [10.9.9.9] plaintext x\n{LOGIN}")),
        ("cyrus", cyrus(f"{LOGIN}\n")),
        ("cyrus", cyrus(f"{LOGIN}\nlogin: [203.0.113.8]")),
        ("cyrus", cyrus(said("[unix socket]"))),
        ("cyrus", cyrus(said("[10.9.9.9] [203.0.113.9]"))),
        ("cyrus", cyrus(LOGIN.encode())),
        ("cyrus", cyrus([LOGIN, LOGIN])),
        ("cyrus", cyrus(None)),
        ("cyrus", cyrus(LOGIN, SYSLOG_IDENTIFIER="cyrus/lmtpunix")),
        ("cyrus", cyrus(LOGIN, SYSLOG_IDENTIFIER="cyrus/imaps\nx")),
        ("cyrus", cyrus(LOGIN, SYSLOG_IDENTIFIER="imapd")),
        ("cyrus", cyrus(LOGIN, SYSLOG_IDENTIFIER=None)),
        ("cyrus", cyrus(LOGIN, _UID=1000)),
        ("cyrus", cyrus(LOGIN, _UID=None)),
        ("cyrus", {"MESSAGE": LOGIN}),
        ("cyrus", courier(f"LOGIN, {INSIDE}")),
        ("courier", courier(f"LOGIN FAILED, {INSIDE}")),
        ("courier", courier(FAILED)),
        ("courier", courier(f"LOGIN, user=x, {INSIDE}")),
        ("courier", courier(f"Connection, {INSIDE}")),
        ("courier", courier(f"DISCONNECTED, {INSIDE}, headers=0, body=0")),
        ("courier", courier(f"LOGIN, {INSIDE}", _SYSTEMD_UNIT="courier-authdaemon.service")),
        ("courier", courier(f"LOGIN, {INSIDE}", _SYSTEMD_UNIT=None)),
        ("courier", courier(f"LOGIN, {INSIDE}", _COMM="logger")),
        ("courier", courier(f"LOGIN, {INSIDE}", _UID=1000)),
        ("popa3d", popa3d("Authentication failed for alice")),
        ("popa3d", popa3d("Didn't attempt authentication")),
        ("popa3d", popa3d(PASSED, _SYSTEMD_UNIT="session-3.scope")),
        ("popa3d", popa3d(PASSED, _COMM="logger")),
        ("popa3d", popa3d(PASSED, _SYSTEMD_UNIT="popa3d.service")),
    ],
)
def test_what_is_no_login_or_somebody_elses_line_counts_for_nothing(
    store: str, entry: Mapping[str, Any]
) -> None:
    assert judge(store).client(entry) is None


@given(st.text().filter(lambda name: not name.startswith("login: [203.0.113.9] ")))
def test_no_name_in_a_failed_login_grants_anything(name: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pop.pwd, "getpwnam", lambda _name: USER)
        assert judge().client(cyrus(f"badlogin: [203.0.113.9] PLAIN {name}")) is None
        assert judge("courier").client(courier(f"LOGIN FAILED, user={name}, ip=[::1]")) is None


@pytest.mark.parametrize("address", ["192.168.3.4", "fd00::1", "::ffff:192.168.3.4"])
def test_a_network_that_is_named_is_granted_nothing(address: str) -> None:
    entry = cyrus(said(f"[{address}]"))
    assert judge().client(entry) is not None
    assert judge("cyrus", "192.168.0.0/16", "fc00::/7").client(entry) is None


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.9.9.9"])
def test_an_address_of_this_host_is_shared_by_all_on_it(address: str) -> None:
    assert pop.Shared()(ip_address(address))


def test_what_cannot_be_told_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = pop.Shared()
    assert not shared(ip_address("203.0.113.9"))

    def refuse(*_words: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(pop.socket, "socket", refuse)
    assert shared(ip_address("203.0.113.9"))


def test_routers_are_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "route").write_text(
        "Iface\tDestination\tGateway \tFlags\n"
        "eth0\t00000000\t015C0A0A\t0003\neth0\t005C0A0A\t00000000\t0001\n"
    )
    (tmp_path / "ipv6_route").write_text(
        f"{'0' * 32} 00 {'0' * 32} 00 fe80{'0' * 25}001 00000400 00000001 00000000 00000003 eth0\n"
    )
    found = pop.routers(tmp_path)
    assert found == {ip_address("10.10.92.1").packed, ip_address("fe80::1").packed}
    assert pop.routers(tmp_path / "none") == set()
    monkeypatch.setattr(pop, "routers", lambda: found)
    assert pop.Shared()(ip_address("10.10.92.1"))
