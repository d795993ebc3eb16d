"""Where to speak to Postfix, and which of its answers mean that it is at fault."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from ansible_collections.postern.mail.plugins.module_utils._postfix.dialogue import (
    Listener,
    is_refusal,
    listeners,
    try_listener,
)
from ansible_collections.postern.mail.plugins.module_utils._postfix.model import configuration


def test_each_smtp_server_is_found_with_its_way_into_tls() -> None:
    services = [
        {
            "name": "127.0.0.1:587",
            "type": "inet",
            "command": "smtpd",
            "options": {"smtpd_tls_security_level": "encrypt"},
        },
        {
            "name": "submissions",
            "type": "inet",
            "command": "smtpd",
            "options": {"smtpd_tls_wrappermode": True, "smtpd_tls_security_level": "encrypt"},
        },
        {
            "name": "10025",
            "type": "inet",
            "command": "smtpd",
            "options": {"smtpd_upstream_proxy_protocol": "haproxy"},
        },
        {"name": "10026", "type": "inet", "command": "spawn"},
    ]
    assert listeners(configuration({"services": services}), "all") == [
        Listener("127.0.0.1", "587", tls=True, wrapped=False),
        Listener("localhost", "smtp", tls=False, wrapped=False),
        Listener("localhost", "submissions", tls=True, wrapped=True),
    ]


def test_a_host_that_listens_on_one_address_is_spoken_to_there() -> None:
    assert listeners(configuration({}), "192.0.2.5, 127.0.0.1")[0].host == "192.0.2.5"
    assert listeners(configuration({}), "[2001:db8::1]")[0].host == "2001:db8::1"


@pytest.mark.parametrize(
    ("code", "words", "refusal"),
    [
        (451, b"4.3.5 Server configuration error", True),
        (451, b"4.3.0 <a@b>: Temporary lookup failure", True),
        (421, b"4.3.0 mail.example.org Error", True),
        (450, b"4.1.8 Sender address rejected: Domain not found", False),
        (550, b"5.1.1 User unknown", False),
        (530, b"5.7.0 Must issue a STARTTLS command first", False),
        (452, b"4.3.1 Insufficient system storage", False),
    ],
)
def test_only_a_fault_of_postfix_itself_is_a_refusal(
    code: int, words: bytes, refusal: bool
) -> None:
    assert is_refusal((code, words)) is refusal


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


def listener(port: int, tls: bool = False) -> Listener:
    return Listener("127.0.0.1", str(port), tls, wrapped=False)


def test_a_server_that_takes_the_dialogue_is_content(server: tuple[int, list[bytes]]) -> None:
    port, answers = server
    answers += [b"220 hi", b"250 hi", b"250 2.1.0 ok", b"550 5.1.1 no", b"250 ok", b"221 bye"]
    assert try_listener(listener(port), ["postmaster@example.org"]) == []


def test_a_configuration_error_is_told_in_the_servers_words(
    server: tuple[int, list[bytes]],
) -> None:
    port, answers = server
    error = b"451 4.3.5 Server configuration error"
    answers += [b"220 hi", b"250 hi", b"250 2.1.0 ok", error, b"250 ok", b"221 bye"]
    assert try_listener(listener(port), ["postmaster@example.org"]) == [
        f"127.0.0.1 port {port}: 451 4.3.5 Server configuration error"
    ]


def test_tls_that_is_not_offered_is_told(server: tuple[int, list[bytes]]) -> None:
    port, answers = server
    answers += [b"220 hi", b"250 hi", b"250 hi"]
    assert "STARTTLS" in try_listener(listener(port, tls=True), ["a@b"])[0]


def test_a_greeting_that_is_no_welcome_is_told(server: tuple[int, list[bytes]]) -> None:
    port, answers = server
    answers += [b"421 4.3.0 not now"]
    assert "not now" in try_listener(listener(port), ["a@b"])[0]
