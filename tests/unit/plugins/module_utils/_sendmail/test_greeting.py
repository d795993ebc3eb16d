"""Tests of where Sendmail listens and whether it greets."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._sendmail.greeting import (
    Endpoint,
    endpoints,
    greets,
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Name=MTA, Port=25", Endpoint(host="127.0.0.1", port="25")),
        ("Family=inet, Name=MTA, Port=smtp, Addr=127.0.0.1", Endpoint("", "127.0.0.1", "smtp")),
        ("Family=inet, Name=S, Port=465, M=Eas", Endpoint("", "127.0.0.1", "465", tls=True)),
        ("Family=inet6, Name=MTA, Port=25", Endpoint(host="::1", port="25")),
        ("Family=inet6, Name=MTA, Port=25, Addr=IPv6:::", Endpoint(host="::1", port="25")),
        ("Name=MTA", Endpoint(host="127.0.0.1", port="smtp")),
    ],
)
def test_endpoint_is_read(line: str, expected: Endpoint) -> None:
    assert endpoints(f"O AliasFile=x\nO DaemonPortOptions={line}\n") == [expected]


def test_sockets_and_optional_listeners_are_not_asked() -> None:
    text = "O DaemonPortOptions=Family=local, Addr=/run/x\n"
    text += "O DaemonPortOptions=Family=inet6, Port=25, M=O\n"
    assert endpoints(text) == []


def answering(path: Path, words: bytes) -> None:
    """Answer one call with those words."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen(1)

    def serve() -> None:
        with server, server.accept()[0] as client:
            client.sendall(words)
            client.recv(100)

    threading.Thread(target=serve, daemon=True).start()


def test_greeting_is_believed(tmp_path: Path) -> None:
    answering(tmp_path / "s", b"220 mail.example.org ESMTP\r\n")
    assert greets(Endpoint(path=str(tmp_path / "s"))) == ""


def test_refusal_is_told_in_its_words(tmp_path: Path) -> None:
    answering(tmp_path / "s", b"421 4.3.2 no\r\n")
    assert "421 4.3.2 no" in greets(Endpoint(path=str(tmp_path / "s")))


def test_silence_is_told_with_its_place(tmp_path: Path) -> None:
    place = str(tmp_path / "nobody")
    assert greets(Endpoint(path=place)).startswith(f"Sendmail does not answer at {place}")
