"""clamd is asked, and one that does not answer holds nobody up."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import threading
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._clamav.dialogue import ask


def test_an_answer_is_told_without_its_end(tmp_path: Path) -> None:
    heard = []
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen()

        def answer() -> None:
            client, _address = server.accept()
            with client:
                heard.append(client.recv(100))
                client.sendall(b"PONG\0")

        thread = threading.Thread(target=answer)
        thread.start()
        assert ask("PING", str(tmp_path / "s")) == "PONG"
        thread.join()
    assert heard == [b"zPING\0"]


def test_silence_is_no_answer(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen()
        assert ask("PING", str(tmp_path / "s"), wait_seconds=0.05) == ""
    assert ask("PING", str(tmp_path / "none")) == ""
