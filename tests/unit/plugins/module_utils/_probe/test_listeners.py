"""The kernel's table of sockets tells who listens, and where."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from ipaddress import ip_address

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe.listeners import (
    no_listener,
    read_table,
)
from ansible_collections.postern.mail.plugins.module_utils._probe.model import (
    Opening,
    Promise,
    Target,
    Verdict,
)
from ansible_collections.postern.mail.plugins.module_utils._probe.transcript import Transcript

TARGET = Target("desk.example.org", "desk.example.org")
HEAD = "  sl  local_address rem_address   st tx_queue rx_queue\n"
V4 = "   0: 0100007F:0019 00000000:0000 0A 00000000:00000000\n"
BUSY = "   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000\n"
V6 = f"   0: 00000000000000000000000001000000:0019 {'0' * 32}:0000 0A 0:0\n"
MAPPED = f"   0: 0000000000000000FFFF00000100007F:0050 {'0' * 32}:0000 0A 0:0\n"


@pytest.mark.skipif(sys.byteorder != "little", reason="these tables are a little-endian machine's")
@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (V4 + BUSY, [("127.0.0.1", 25)]),
        (V6, [("::1", 25)]),
        (MAPPED, [("127.0.0.1", 80)]),
        ("", []),
    ],
)
def test_only_who_listens_is_read(lines: str, found: list[tuple[str, int]]) -> None:
    wanted = [(ip_address(address), port) for address, port in found]
    assert list(read_table(HEAD + lines)) == wanted


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def judged(port: int, openings: tuple[Opening, ...] = ()) -> Verdict:
    promise = Promise("no_listener", closed=(port,), openings=openings)
    ((check,),) = no_listener(promise, TARGET)
    return check.step(Transcript())


def test_a_program_that_listens_is_named_by_its_place(port: int) -> None:
    verdict = judged(port)
    assert not verdict.kept
    assert verdict.detail == f"something listens on 127.0.0.1 port {port}"


def test_one_that_serves_the_host_itself_is_allowed_where_that_is_said(port: int) -> None:
    assert judged(port, (Opening("smtp", port, ("127.0.0.0/8", "::1/128")),)).kept
    assert not judged(port, (Opening("smtp", port, ("192.0.2.0/24",)),)).kept
    assert not judged(port, (Opening("smtp", port - 1, ("127.0.0.0/8",)),)).kept


def test_a_port_that_nobody_listens_on_is_kept() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # taken, and silent
        assert judged(bound.getsockname()[1]).kept
