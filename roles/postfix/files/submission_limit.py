"""Postfix policy service: counts what each login submits, and asks it to wait beyond the limit.

Postfix asks at DATA, once for each message, over a socket that systemd hands over. Counts are of
the last hour, in memory alone: a restart forgets them.
"""

# Copyright: (c) 2026, postern.mail contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping

WINDOW_SECONDS = 3600
LONGEST_REQUEST = 200  # lines; Postfix sends about 30
FIRST_SOCKET = 3  # as systemd passes sockets
PERMIT = "DUNNO"


class Limiter:
    """Remembers for each login when it sent to how many; no more than its limits."""

    def __init__(
        self, messages: int, recipients: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._messages = messages
        self._recipients = recipients
        self._clock = clock
        self._sent: dict[str, deque[tuple[float, int]]] = {}

    def action(self, request: Mapping[str, str]) -> str:
        """Return what Postfix shall do with a message; what is let through is counted."""
        login = request.get("sasl_username", "").lower()
        if not login:
            return PERMIT
        now = self._clock()
        self._forget(now)
        sent = self._sent.get(login, deque())
        count = max(1, _number(request.get("recipient_count", "")))
        if reached := self._reached(sent, count):
            return f"450 4.7.1 {reached} within an hour are the limit of this login; try later"
        self._sent.setdefault(login, sent).append((now, count))
        return PERMIT

    def _forget(self, now: float) -> None:
        for login, sent in list(self._sent.items()):
            while sent and sent[0][0] <= now - WINDOW_SECONDS:
                sent.popleft()
            if not sent:
                del self._sent[login]

    def _reached(self, sent: deque[tuple[float, int]], count: int) -> str:
        if self._messages and len(sent) + 1 > self._messages:
            return f"{self._messages} messages"
        if self._recipients and sum(number for _when, number in sent) + count > self._recipients:
            return f"{self._recipients} recipients"
        return ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


async def read_request(reader: asyncio.StreamReader) -> dict[str, str] | None:
    """Return one request, or None where the connection ends or says what Postfix never does."""
    request: dict[str, str] = {}
    for _line in range(LONGEST_REQUEST):
        try:
            line = (await reader.readuntil(b"\n")).decode("utf-8", "replace").rstrip("\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            return None
        if not line:
            return request if request.get("request") == "smtpd_access_policy" else None
        name, _equals, value = line.partition("=")
        request[name] = value
    return None


async def serve(
    limiter: Limiter, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer the requests of one connection."""
    while (request := await read_request(reader)) is not None:
        action = limiter.action(request)
        if action != PERMIT:
            login = request.get("sasl_username", "")
            client = request.get("client_address", "")
            print(f"{login!r} from {client!r}: {action}", file=sys.stderr, flush=True)
        writer.write(f"action={action}\n\n".encode())
        await writer.drain()
    writer.close()


async def run(limiter: Limiter, listener: socket.socket) -> None:
    """Serve for ever."""
    server = await asyncio.start_unix_server(
        lambda reader, writer: serve(limiter, reader, writer), sock=listener
    )
    await server.serve_forever()


def main() -> None:
    """Take the limits and the socket."""
    parser = argparse.ArgumentParser(description="Count what each login submits within an hour.")
    parser.add_argument("--messages", type=int, default=0, help="messages of one login; 0: any")
    parser.add_argument("--recipients", type=int, default=0, help="their recipients; 0: any")
    limits = parser.parse_args()
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        parser.error("systemd passes the socket; start postern-submission-limit.socket")
    asyncio.run(
        run(Limiter(limits.messages, limits.recipients), socket.socket(fileno=FIRST_SOCKET))
    )


if __name__ == "__main__":
    main()
