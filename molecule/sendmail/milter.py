#!/usr/bin/python3
"""A mail filter as small as the protocol of Sendmail's milters allows: it refuses, and marks.

It refuses senders that begin with `refused-`, and gives all other messages a header with the
number of bytes that it has seen of them.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socketserver
import struct
import sys

VERSION = 6
MAY_ADD_HEADERS = 1
CONTINUE = b"c"
ANSWERED = b"CHMRTLNBEU"  # what wants an answer; macros, aborts and ends of a session do not


class Filter(socketserver.StreamRequestHandler):
    """One session, which may carry several messages."""

    def handle(self) -> None:
        """Answer command by command."""
        seen = 0
        while header := self.rfile.read(4):
            (length,) = struct.unpack("!I", header)
            packet = self.rfile.read(length)
            command, data = packet[:1], packet[1:]
            if command == b"O":
                self.answer(b"O" + struct.pack("!III", VERSION, MAY_ADD_HEADERS, 0))
            elif command == b"Q":
                return
            elif command == b"M" and data.startswith(b"<refused-"):
                self.answer(b"y550 5.7.1 The filter does not like you\0")
            elif command in ANSWERED:
                seen = 0 if command == b"M" else seen + len(data) * (command == b"B")
                if command == b"E":
                    self.answer(b"hX-Filtered\0%d\0" % seen)
                self.answer(CONTINUE)

    def answer(self, packet: bytes) -> None:
        """Send one packet."""
        self.wfile.write(struct.pack("!I", len(packet)) + packet)


class Server(socketserver.ThreadingTCPServer):
    """The filter for many sessions at a time, on this host alone."""

    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    with Server(("127.0.0.1", int(sys.argv[1])), Filter) as server:
        server.serve_forever()
