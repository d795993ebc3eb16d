"""Which answers mean that Sendmail itself is at fault, on a listener and on a socket pair."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator

import pytest
from ansible_collections.postern.mail.plugins.module_utils._sendmail.dialogue import (
    is_fault,
    try_endpoint,
    try_staged,
)
from ansible_collections.postern.mail.plugins.module_utils._sendmail.greeting import Endpoint

ECHO = """
import sys
say = lambda words: (sys.stdout.write(words + "\\r\\n"), sys.stdout.flush())
say(sys.argv[1])
for answer in sys.argv[2:]:
    sys.stdin.readline()
    say(answer)
"""


@pytest.mark.parametrize(
    ("code", "words", "fault"),
    [
        (451, b"4.3.0 Temporary system failure. Please try again later.", True),
        (554, b"5.3.5 Local configuration error", True),
        (553, b"5.3.5 system config error", True),
        (550, b"5.7.1 <a@[192.0.2.1]>... Relaying denied", True),
        (450, b"4.1.8 Domain of sender address does not resolve", False),
        (550, b"5.1.1 User unknown", False),
        (530, b"5.7.0 Authentication required", False),
        (452, b"4.4.5 Insufficient disk space", False),
        (250, b"2.1.0 4.3.0 is fine", False),
    ],
)
def test_only_a_fault_of_sendmail_itself_counts(code: int, words: bytes, fault: bool) -> None:
    assert is_fault((code, words)) is fault


def staged(*answers: str) -> tuple[list[str], set[str]]:
    return try_staged([sys.executable, "-c", ECHO, *answers], ["postmaster"])


def test_a_staged_sendmail_that_takes_the_dialogue_is_content() -> None:
    answers = ["220 hi", "250-hi\r\n250 STARTTLS", "250 ok", "250 ok", "250 ok", "221 bye"]
    assert staged(*answers) == ([], {"starttls"})


def test_a_fault_is_told_in_sendmails_own_words() -> None:
    wrong = "451 4.3.0 Temporary system failure"
    found, _offered = staged("220 hi", "250 hi", "250 ok", wrong, "250 ok", "221 bye")
    assert found == [wrong]


@pytest.mark.parametrize("answers", [("421 4.3.0 not now",), ("220 hi",)])
def test_an_early_end_is_told(answers: tuple[str, ...]) -> None:
    assert staged(*answers)[0]


@pytest.fixture
def server() -> Iterator[tuple[int, list[bytes]]]:
    """A server that answers line by line from a list, then hangs up."""
    answers: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _peer = listening.accept()
            with connection, connection.makefile("rwb", buffering=0) as stream:
                for answer in answers:
                    stream.write(answer + b"\r\n")
                    stream.readline()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], answers
        thread.join(5)


def test_a_listener_is_spoken_to(server: tuple[int, list[bytes]]) -> None:
    port, answers = server
    answers += [b"220 hi", b"250 hi", b"250 ok", b"550 5.1.1 no", b"250 ok", b"221 bye"]
    assert try_endpoint(Endpoint(host="127.0.0.1", port=str(port)), ["postmaster"]) == []


def test_a_listener_at_fault_is_told_with_its_port(server: tuple[int, list[bytes]]) -> None:
    port, answers = server
    answers += [b"220 hi", b"250 hi", b"451 4.3.0 no", b"250 ok", b"250 ok", b"221 bye"]
    place = Endpoint(host="127.0.0.1", port=str(port))
    assert try_endpoint(place, ["postmaster"]) == [f"127.0.0.1 port {port}: 451 4.3.0 no"]
