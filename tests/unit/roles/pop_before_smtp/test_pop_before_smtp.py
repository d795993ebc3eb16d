"""Relaying after a login: how long a login counts, and what is answered when."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

import pytest
from ansible_collections.postern.mail.tests.unit.pop_program import USER, cyrus, judge, pop, said
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(autouse=True)
def users(monkeypatch: pytest.MonkeyPatch) -> None:
    """All users of stores have the same number."""
    monkeypatch.setattr(pop.pwd, "getpwnam", lambda _name: USER)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 10_000.0

    def __call__(self) -> float:
        return self.now


CLIENT, OTHER = ip_address("203.0.113.9"), ip_address("2001:db8::7")


def test_a_grant_ends_after_its_lifetime_and_a_login_begins_it_anew() -> None:
    clock = Clock()
    grants = pop.Grants(60, 10, clock)
    assert grants.add(CLIENT)
    clock.now += 59
    assert CLIENT in grants
    assert not grants.add(CLIENT)
    clock.now += 59
    assert CLIENT in grants
    clock.now += 1
    assert CLIENT not in grants
    assert OTHER not in grants
    grants.add(OTHER)
    assert len(grants) == 1


def test_what_was_logged_before_has_the_rest_of_its_lifetime() -> None:
    clock = Clock()
    grants = pop.Grants(60, 10, clock)
    grants.add(CLIENT, 50)
    grants.add(OTHER, 60)
    assert CLIENT in grants
    assert OTHER not in grants
    clock.now += 10
    assert CLIENT not in grants
    grants.add(CLIENT, -1000)  # somebody has set the clock back
    clock.now += 60
    assert CLIENT not in grants


def test_an_older_line_takes_nothing_away() -> None:
    clock = Clock()
    grants = pop.Grants(60, 10, clock)
    grants.add(CLIENT)
    grants.add(CLIENT, 100)
    clock.now += 59
    assert CLIENT in grants


def test_the_oldest_go_where_there_are_too_many() -> None:
    grants = pop.Grants(60, 3, Clock())
    several = [ip_address(f"203.0.113.{number}") for number in range(5)]
    for address in [*several[:3], several[0], *several[3:]]:
        grants.add(address)
    assert [address in grants for address in several] == [True, False, False, True, True]
    assert len(grants) == 3


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 90), st.integers(0, 20))))
def test_nobody_has_more_than_a_lifetime_since_the_login(steps: list[tuple[int, int, int]]) -> None:
    clock = Clock()
    grants = pop.Grants(60, 4, clock)
    latest: dict[int, float] = {}
    for number, age, pause in steps:
        grants.add(ip_address(number), age)
        latest[number] = max(latest.get(number, 0.0), clock.now - age)
        clock.now += pause
        assert len(grants) <= 4
        for other, since in latest.items():
            assert ip_address(other) not in grants or clock.now < since + 60


class Journal:
    """A journal of entries that are there already; more can be put in."""

    def __init__(self, entries: list[dict[str, Any]]) -> None:
        self.entries = entries
        self._ears, self._mouth = os.pipe()

    def close(self) -> None:
        os.close(self._ears)
        os.close(self._mouth)

    def fileno(self) -> int:
        return self._ears

    def get_next(self) -> dict[str, Any]:
        return self.entries.pop(0) if self.entries else {}

    def process(self) -> int:
        os.set_blocking(self._ears, False)
        with suppress(BlockingIOError):
            os.read(self._ears, 100)
        return 0

    def write(self, entry: dict[str, Any]) -> None:
        self.entries.append(entry)
        os.write(self._mouth, b"x")


@pytest.fixture
def journal() -> Iterator[Journal]:
    found = Journal([])
    yield found
    found.close()


def logged(address: str, age: float = 0) -> dict[str, Any]:
    return {**cyrus(said(f"[{address}]")), "__REALTIME_TIMESTAMP": time.time() - age}


def question(text: str) -> bytes:
    return f"relay_clients {text}".encode()


def test_it_answers_of_the_past_and_of_what_comes(journal: Journal) -> None:
    journal.entries += [logged("203.0.113.1", 1000), logged("203.0.113.2", 10)] * 100
    grants = pop.Grants(60, 1000)
    follower = pop.Follower(journal, judge(), grants)
    answer = pop.answered(grants, follower)
    assert answer(question("203.0.113.2")).startswith(b"TEMP ")  # it knows nothing so far
    assert answer(question("pc.example.com")) == b"NOTFOUND "

    async def run() -> None:
        task = asyncio.ensure_future(follower.run())
        while not follower.has_caught_up:
            await asyncio.sleep(0)
        assert answer(question("203.0.113.1")) == b"NOTFOUND "
        assert answer(question("203.0.113.2")) == b"OK OK"
        journal.write(logged("203.0.113.3"))
        async with asyncio.timeout(5):
            while answer(question("203.0.113.3")) != b"OK OK":
                await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (b"relay_clients 203.0.113.9", b"OK OK"),
        (b"relay_clients ::ffff:203.0.113.9", b"OK OK"),
        (b"relay_clients IPv6:2001:db8:0:0:0:0:0:7", b"OK OK"),
        (b"relay_clients 203.0.113.8", b"NOTFOUND "),
        (b"relay_clients 203.0.113", b"NOTFOUND "),
        (b"relay_clients 3405803785", b"NOTFOUND "),
        (b"relay_clients 203.0.113.9 ", b"NOTFOUND "),
        (b"relay_clients 203.0.113.09", b"NOTFOUND "),
        (b"relay_clients 2001:db8::7%eth0", b"NOTFOUND "),
        (b"relay_clients \xff", b"NOTFOUND "),
        (b"relay_clients ", b"NOTFOUND "),
        (b"other 203.0.113.9", b"PERM there is no such map"),
        (b"", b"PERM there is no such map"),
    ],
)
def test_a_question_has_one_answer(journal: Journal, asked: bytes, said: bytes) -> None:
    grants = pop.Grants(60, 10)
    for address in (CLIENT, OTHER):
        grants.add(address)
    follower = pop.Follower(journal, judge(), grants)
    follower.has_caught_up = True
    assert pop.answered(grants, follower)(asked) == said


class Transport(asyncio.Transport):
    """What was written, and whether it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closed = False

    def write(self, data: Any) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True


def talk(*pieces: bytes) -> Transport:
    transport = Transport()
    protocol = pop.Answers(lambda request: b"<" + request + b">")
    protocol.connection_made(transport)
    for piece in pieces:
        protocol.data_received(piece)
    return transport


@given(st.lists(st.binary(max_size=1000)), st.integers(1, 50))
def test_requests_are_answered_however_they_are_cut(requests: list[bytes], size: int) -> None:
    sent = b"".join(b"%d:%s," % (len(one), one) for one in requests)
    transport = talk(*(sent[start : start + size] for start in range(0, len(sent), size)))
    assert transport.written == b"".join(b"%d:<%s>," % (len(one) + 2, one) for one in requests)
    assert not transport.closed


@pytest.mark.parametrize(
    "data", [b"abc", b":x,", b"-1:", b"1001:", b"99999", b"3:abc;", b"0x1:a,", b" 3:abc,", b"\xb2:"]
)
def test_who_does_not_keep_to_the_protocol_is_hung_up_on(data: bytes) -> None:
    transport = talk(data)
    assert transport.closed
    assert transport.written == b""


@given(st.binary())
def test_nothing_that_is_sent_breaks_it(data: bytes) -> None:
    talk(data)
