"""clamd is asked, and one that does not answer holds nobody up."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._clamav.dialogue import ask, scans


@contextlib.contextmanager
def clamd(path: Path, answer: bytes) -> Iterator[list[bytes]]:
    """Answer one caller, and tell what it said."""
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            client, _address = server.accept()
            with client:
                heard.append(client.recv(100))
                client.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield heard
        thread.join()


def test_an_answer_is_told_without_its_end(tmp_path: Path) -> None:
    with clamd(tmp_path / "s", b"PONG\0") as heard:
        assert ask("PING", str(tmp_path / "s")) == "PONG"
    assert heard == [b"zPING\0"]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"stream: OK\0", True),
        (b"stream: Site.Any.UNOFFICIAL FOUND\0", True),
        (b"stream: Can't allocate memory ERROR\0", False),
        (b"", False),  # it has lost its signatures
    ],
)
def test_only_a_verdict_proves_that_it_scans(tmp_path: Path, answer: bytes, verdict: bool) -> None:
    with clamd(tmp_path / "s", answer) as heard:
        assert scans(str(tmp_path / "s")) is verdict
    assert heard == [b"zINSTREAM\0\0\0\0\x07postern\0\0\0\0"]


def test_silence_is_no_answer(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen()
        assert ask("PING", str(tmp_path / "s"), wait_seconds=0.05) == ""
    assert ask("PING", str(tmp_path / "none")) == ""
