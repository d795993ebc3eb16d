"""Asking clamd over its socket."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import socket

from .model import SOCKET

_TRIAL = b"postern"


def ask(command: str, path: str = SOCKET, wait_seconds: float = 2.0) -> str:
    """Return clamd's answer; empty where there is none in time, for whatever reason.

    systemd holds the socket, so that a clamd that is about to start keeps its callers waiting.
    """
    return _answer(f"z{command}\0".encode(), path, wait_seconds)


def scans(path: str = SOCKET, wait_seconds: float = 2.0) -> bool:
    """Say whether clamd gives a verdict on a few bytes.

    That it answers PING proves nothing: it does so too when it has lost its signatures.
    """
    size = len(_TRIAL).to_bytes(4, "big")
    said = _answer(b"zINSTREAM\0" + size + _TRIAL + bytes(4), path, wait_seconds)
    return said.startswith("stream: ") and not said.endswith("ERROR")


def _answer(words: bytes, path: str, wait_seconds: float) -> str:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(wait_seconds)
        client.connect(path)
        client.sendall(words)
        return client.recv(4096).rstrip(b"\0").decode("utf-8", "replace")
    return ""
