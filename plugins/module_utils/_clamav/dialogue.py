"""Asking clamd over its socket."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import socket

from .model import SOCKET


def ask(command: str, path: str = SOCKET, wait_seconds: float = 2.0) -> str:
    """Return clamd's answer; empty where there is none in time, for whatever reason.

    systemd holds the socket, so that a clamd that is about to start keeps its callers waiting.
    """
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(wait_seconds)
        client.connect(path)
        client.sendall(f"z{command}\0".encode())
        return client.recv(4096).rstrip(b"\0").decode("utf-8", "replace")
    return ""
