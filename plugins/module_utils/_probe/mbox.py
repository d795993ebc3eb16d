"""A mailbox in one file: the probe's message is found, and cut off again where it is the last."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import email
import itertools
import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mbox:
    """An mbox on the machine that probes; a handle is the place where a message begins."""

    path: Path

    def find(self, token: str) -> list[str]:
        """Return the messages whose header holds the token; a user without mail has no file."""
        if not self.path.parent.is_dir():
            raise FileNotFoundError(f"{self.path.parent} is no folder")
        return [str(start) for start, text in self._messages() if token in _message_id(text)]

    def message_id(self, handle: str, /) -> str:
        """Return the Message-ID of a message."""
        return _message_id(self.fetch_text(handle))

    def fetch_text(self, handle: str, /) -> bytes:
        """Return the message with its first line, the one of the mbox."""
        return dict(self._messages()).get(int(handle), b"")

    def remove(self, handles: list[str], /) -> None:
        """Cut the messages off the end, under the locks that whoever delivers takes too.

        One that others have followed stays: to move their mail could lose it. It is removed by
        the owner, or by a later probe when it has become the last.
        """
        if not handles or not self.path.exists():
            return
        box = mailbox.mbox(self.path, create=False)
        box.lock()
        try:
            starts = [start for start, _text in self._messages()]
            while starts and str(starts[-1]) in handles:
                with self.path.open("r+b") as file:
                    file.truncate(starts.pop())
        finally:
            box.unlock()
            box.close()

    def _messages(self) -> Iterator[tuple[int, bytes]]:
        """Yield where each message begins, and its text; one begins after an empty line."""
        content = self.path.read_bytes() if self.path.exists() else b""
        starts = [0] if content.startswith(b"From ") else []
        at = content.find(b"\n\nFrom ")
        while at >= 0:
            starts.append(at + 2)
            at = content.find(b"\n\nFrom ", at + 2)
        for start, end in itertools.pairwise([*starts, len(content)]):
            yield start, content[start:end]


def _message_id(text: bytes) -> str:
    _from_line, _newline, message = text.partition(b"\n")
    return str(email.message_from_bytes(message).get("Message-ID", ""))
