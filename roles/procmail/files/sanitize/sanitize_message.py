"""Take the edge off a message on its way into a mailbox.

Names of attachments that a computer would run get another ending, active parts of HTML go, and
overlong fields of headers are cut. What can't be read in one way only is shown as text. A message
with nothing of it passes byte for byte. It is read line by line and held in part only.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass

from sanitize_body import Budget, cleaned
from sanitize_header import ENCODED, FIELD, Head, Mime
from sanitize_lines import Boundaries, Lines
from sanitize_names import ENDINGS_OF_TYPES, PAGE_ENDINGS, ending_of, is_dangerous, shown

HEADER_BYTES = 2 << 20  # of all fields of one header; no mail that people write comes near
PAGE_BYTES = 4 << 20  # a larger page is shown as text
PAGE_SECONDS = 20  # of the processor, for all pages of a message

UUENCODED = re.compile(rb"begin(?:-base64)?[ \t]+[0-7]{3,}[ \t]+(.+?)\s*")
PAGES = frozenset(("text/html", "application/xhtml+xml", "text/xhtml", "text/x-server-parsed-html"))
MESSAGES = frozenset(("message/rfc822", "message/global", "message/news"))
# Put together, or fetched, only where they are read: nobody has looked into them.
ELSEWHERE = frozenset(("message/partial", "message/external-body"))
AS_TEXT = "unclear MIME shown as text"


@dataclass(frozen=True)
class Rules:
    """What is done: endings of names in small letters, HTML or not, bytes of a field."""

    endings: frozenset[str]
    html: bool = True
    field_bytes: int = 32768


def sanitized(lines: Iterable[bytes], rules: Rules) -> Iterator[bytes]:
    """Yield the message as it may go into a mailbox."""
    return _Message(Lines(lines), rules).sanitized()


class _Message:
    """A message on its way from line to line."""

    def __init__(self, source: Lines, rules: Rules) -> None:
        self._source = source
        self._rules = rules
        self._boundaries = Boundaries()
        self._budget = Budget(PAGE_SECONDS)

    def sanitized(self) -> Iterator[bytes]:
        default, first = "text/plain", True
        while first or self._source.more():
            head = self._head(default, first)
            first = False
            within = yield from self._part(head)
            if not within:
                default = (yield from self._to_next_part()) or "text/plain"

    def _head(self, default: str, first: bool) -> Head:
        """Read a header up to its empty line, or to where its part ends without one."""
        head = Head(default)
        size = 0
        while self._within():
            line = self._source.peek()
            folded = size and line[:1] in (b" ", b"\t")
            mailbox = first and not size and line.startswith(b"From ")
            if not line.strip(b"\r\n"):
                head.end = self._source.next()
                break
            if not (folded or mailbox or (FIELD.match(line) and self._is_harmless(line))):
                # Some programs go on behind such a line, for others the body begins: now for all.
                head.found.append("malformed header")
                head.end = head.line_end()
                break
            size += len(self._source.next())
            if not line.strip():
                head.found.append("malformed header")  # some see an empty line
            elif size > HEADER_BYTES:
                head.found.append("overlong header")
            elif folded:
                head.fields[-1] += line
            else:
                head.fields.append(line)
        cut = [_shortened(one, self._rules.field_bytes) for one in head.fields]
        head.found += ["overlong header"] if cut != head.fields else []
        head.fields = cut
        return head

    def _part(self, head: Head) -> Generator[bytes, None, bool]:
        """Yield a part; return whether what follows is the header of a message within."""
        mime = head.mime()
        if not self._is_clear(head, mime):
            _show_as_text(head, mime, AS_TEXT)
        elif self._is_dangerous(mime):
            name = f"{shown(next(iter(mime.names), ''))}.defanged"
            kind = f'application/octet-stream; name="{name}"'
            head.replace("dangerous attachment name", kind, mime.coding, name)
        elif self._rules.html and (
            mime.kind in PAGES or any(ending_of(name) in PAGE_ENDINGS for name in mime.names)
        ):
            yield from self._page(head, mime)
            return False
        elif mime.kind in MESSAGES and head.end:
            yield from head.written()
            return self._within()
        yield from head.written()
        yield from self._body(mime.kind.startswith("multipart/") and not mime.boundary)
        return False

    def _is_clear(self, head: Head, mime: Mime) -> bool:
        """Say whether a part can be read in one way only; if it has parts, enter them."""
        if not mime.is_readable or mime.kind in ELSEWHERE:
            return False
        if mime.kind in MESSAGES:
            return mime.coding not in ENCODED
        if not mime.kind.startswith("multipart/") or self._is_dangerous(mime):
            return True
        if mime.coding in ENCODED:
            return False
        default = "message/rfc822" if mime.kind == "multipart/digest" else "text/plain"
        return not mime.boundary or self._boundaries.enter(mime.boundary, default)

    def _is_dangerous(self, mime: Mime) -> bool:
        endings = self._rules.endings
        return (
            not mime.has_readable_names
            or ENDINGS_OF_TYPES.get(mime.kind) in endings
            or any(is_dangerous(name, endings) for name in mime.names)
        )

    def _to_next_part(self) -> Generator[bytes, None, str]:
        """Yield a delimiter, and what stands behind a last part; return the next one's type."""
        while self._source.more():
            line = self._source.next()
            bare = line.rstrip(b"\r\n")
            yield bare.rstrip(b" \t") + line[len(bare) :]
            if default := self._boundaries.leave(line):
                return default
            yield from self._body()
        return ""

    def _body(self, has_no_boundary: bool = False) -> Iterator[bytes]:
        """Yield lines up to a delimiter."""
        while self._within():
            line = self._disarmed(self._boundaries.harmless(self._source.next()))
            # Without a boundary some programs guess one.
            yield b" " + line if has_no_boundary and line.startswith(b"--") else line

    def _disarmed(self, line: bytes) -> bytes:
        """Return a line of text with another ending for a dangerous file that begins there."""
        named = UUENCODED.fullmatch(line) if line.startswith(b"begin") else None
        if named and is_dangerous(named[1].decode("utf-8", "replace"), self._rules.endings):
            return line.rstrip() + b".defanged" + line[len(line.rstrip()) :]
        return line

    def _page(self, head: Head, mime: Mime) -> Iterator[bytes]:
        """Yield a part of HTML without what is active in it; as text, where that can't be known."""
        held: list[bytes] = []
        size = 0
        while self._within() and size <= PAGE_BYTES:
            held.append(self._boundaries.harmless(self._source.next()))
            size += len(held[-1])
        body = b"".join(held)
        clean = cleaned(body, mime, self._budget) if size <= PAGE_BYTES else None
        if clean is None:
            _show_as_text(head, mime, "HTML shown as text")
        elif clean != body:
            head.found.append("active HTML removed")
        yield from head.written()
        yield from map(self._disarmed, held) if clean is None else (clean,)
        yield from self._body()

    def _within(self) -> bool:
        return self._source.more() and not self._boundaries.delimits(self._source.peek())

    def _is_harmless(self, line: bytes) -> bool:
        return self._boundaries.harmless(line) == line


def _show_as_text(head: Head, mime: Mime, why: str) -> None:
    kind = f"text/plain; charset={mime.charset}" if mime.charset else "text/plain"
    name = f"{shown(next(iter(mime.names), ''))}.txt" if mime.is_file else ""
    head.replace(why, kind, mime.coding, name)


def _shortened(one: bytes, most: int) -> bytes:
    """Cut a field between two of its lines, or within the first one."""
    if len(one) <= most:
        return one
    whole = one.rfind(b"\n", 0, most) + 1
    ending = b"\r\n" if one.endswith(b"\r\n") else b"\n"
    return one[:whole] if whole else one[:most] + ending
