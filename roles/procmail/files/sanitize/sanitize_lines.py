"""A message line by line, and the boundaries between its parts, each to be read in one way only."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

DEPTH = 100  # of parts in parts
MULTIPARTS = 200  # in a message
_BARE_RETURN = re.compile(rb"\r(?!\n)")


class Lines:
    """Lines with a look at the next one.

    Some programs take a carriage return alone for the end of a line: from here on it is one. What
    comes in pieces, since it is overlong, goes on in further lines that begin with a blank.
    """

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = _whole(lines)
        self._next = b""

    def more(self) -> bool:
        """Say whether there is a next line."""
        self._next = self._next or next(self._lines, b"")
        return bool(self._next)

    def peek(self) -> bytes:
        """Return the next line, which stays the next one; nothing at the end."""
        return self._next if self.more() else b""

    def next(self) -> bytes:
        """Return the next line."""
        line, self._next = self.peek(), b""
        return line


def _whole(lines: Iterable[bytes]) -> Iterator[bytes]:
    before = b""
    for line in lines:
        is_torn = before and not before.endswith(b"\n")
        yield from _split(before + b"\n" if is_torn else before)
        before = b" " + line if is_torn else line
    yield from _split(before)


def _split(line: bytes) -> list[bytes]:
    """Return what a line is made of; nothing of an empty one, which would look like the end."""
    if b"\r" in line:
        return _BARE_RETURN.sub(b"\n", line).splitlines(keepends=True)
    return [line] if line else []


class Boundaries:
    """The boundaries that are open, the innermost one last, and those that were closed."""

    def __init__(self) -> None:
        self._open: list[
            tuple[bytes, str]
        ] = []  # each with the type that its parts have by default
        self._known: tuple[bytes, ...] = ()

    def enter(self, boundary: str, default: str) -> bool:
        """Open a boundary; say whether that was possible."""
        mark = b"--" + boundary.encode("ascii")
        if len(self._open) >= DEPTH or len(self._known) >= MULTIPARTS:
            return False
        if any(mark == one for one, _default in self._open):
            return False
        self._open.append((mark, default))
        self._known += () if mark in self._known else (mark,)
        return True

    def delimits(self, line: bytes) -> bool:
        """Say whether a line stands between two parts."""
        if not line.startswith(b"--"):
            return False
        bare = line.rstrip(b" \t\r\n")
        return any(bare in (mark, mark + b"--") for mark, _default in self._open)

    def leave(self, line: bytes) -> str:
        """Forget the parts that a delimiter ends; return the next one's type by default, if any."""
        bare = line.rstrip(b" \t\r\n")
        while self._open:
            mark, default = self._open[-1]
            if bare == mark:
                return default
            self._open.pop()
            if bare == mark + b"--":
                return ""
        return ""

    def harmless(self, line: bytes) -> bytes:
        """Return a line within a part that nobody takes for a delimiter."""
        return b" " + line if line.startswith(b"--") and line.startswith(self._known) else line
