"""Take the edge off a message on its way into a mailbox: from standard input to standard output.

Names of attachments that a computer would run get another ending, active parts of HTML go, and
overlong fields of headers are cut. A message with nothing of it passes byte for byte. It is read
line by line and held in part only. Any failure ends with EX_TEMPFAIL, so that mail waits.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import binascii
import email
import email.header
import email.message
import email.utils
import quopri
import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field

from sanitize_page import BLANKS, inactive

MARK = b"X-Postern-Sanitized: "
HEADER_BYTES = 1 << 20  # of all fields of one header; no mail that people write comes near
PAGE_BYTES = 4 << 20  # a larger page is shown as text
DEPTH = 100  # of parts in parts

# Character sets in which a byte below 128 is always the character of ASCII.
PLAIN_CHARSETS = re.compile(r"us-ascii|ascii|utf-?8|iso-8859-\d+|windows-125\d|cp125\d|koi8-[ru]")
BLANK_COLON = re.compile(rb"^([a-zA-Z-]+)[ \t]+:")
UUENCODED = re.compile(rb"begin(?:-base64)? [0-7]{3,4} (.+?)\s*")

Boundaries = list[tuple[bytes, str]]  # each with the type that its parts have by default


@dataclass(frozen=True)
class Rules:
    """What is done: endings of names in small letters, HTML or not, bytes of a field."""

    endings: frozenset[str]
    html: bool = True
    field_bytes: int = 32768


@dataclass
class Head:
    """The header of a message or a part, its fields with their line ends and folds."""

    fields: list[bytes] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    end: bytes = b""
    default: str = "text/plain"

    def parsed(self) -> email.message.Message:
        """Return it as the library understands it: fields of MIME alone."""
        ours = [
            BLANK_COLON.sub(rb"\1:", one) for one in self.fields if one[:8].lower() == b"content-"
        ]
        message = email.message_from_bytes(b"".join(ours) + b"\n")
        message.set_default_type(self.default)
        return message

    def written(self) -> Iterator[bytes]:
        """Yield its lines, with what was done at the end."""
        yield from self.fields
        for words in self.found:
            yield MARK + words.encode() + self.line_end()
        if self.end:
            yield self.end

    def line_end(self) -> bytes:
        """Return the line end that the message has."""
        first = self.fields[0] if self.fields else self.end
        return b"\r\n" if first.endswith(b"\r\n") else b"\n"

    def replace(self, *fields: tuple[str, str]) -> None:
        """Put fields of MIME in the place of those of the same name."""
        for name, value in fields:
            start = f"{name}:".lower().encode()
            kept = [
                one for one in self.fields if not one.lower().replace(b" ", b"").startswith(start)
            ]
            self.fields = [*kept, f"{name}: {value}".encode("ascii", "replace") + self.line_end()]


def sanitized(lines: Iterable[bytes], rules: Rules) -> Iterator[bytes]:
    """Yield the message as it may go into a mailbox."""
    source = _Lines(lines)
    boundaries: Boundaries = []
    default, first = "text/plain", True
    while first or source.more():
        first = False
        head = _read_head(source, boundaries, default, rules)
        within = yield from _part(source, boundaries, head, rules)
        if not within:
            default = (yield from _to_next_part(source, boundaries, rules)) or "text/plain"


def _part(
    source: _Lines, boundaries: Boundaries, head: Head, rules: Rules
) -> Generator[bytes, None, bool]:
    """Yield a part; return whether what follows is the header of a message within."""
    message = head.parsed()
    kind = message.get_content_type()
    name_dangerous_files(head, message, rules)
    if rules.html and kind in ("text/html", "application/xhtml+xml"):
        yield from _page(source, boundaries, head, message)
        return False
    yield from head.written()
    if kind == "message/rfc822" and head.end and not _is_encoded(message):
        return source.more() and not _delimits(source.peek(), boundaries)
    if kind.startswith("multipart/"):
        _enter(message, kind, boundaries)
    yield from _body(source, boundaries, rules)
    return False


def _to_next_part(
    source: _Lines, boundaries: Boundaries, rules: Rules
) -> Generator[bytes, None, str]:
    """Yield a delimiter, and what stands behind a last part; return the next one's type."""
    while source.more():
        line = source.next()
        yield line
        if default := _leave(line, boundaries):
            return default
        yield from _body(source, boundaries, rules)
    return ""


class _Lines:
    """Lines with a look at the next one; a line without an end comes in pieces."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._kept: list[bytes] = []

    def more(self) -> bool:
        if not self._kept:
            self._kept = [line for line in [next(self._lines, b"")] if line]
        return bool(self._kept)

    def peek(self) -> bytes:
        return self._kept[0] if self.more() else b""

    def next(self) -> bytes:
        self.more()
        return self._kept.pop()


def _read_head(source: _Lines, boundaries: Boundaries, default: str, rules: Rules) -> Head:
    """Read a header up to its empty line, or to where its part ends without one."""
    head = Head(default=default)
    size, torn = 0, False
    while source.more() and not _delimits(source.peek(), boundaries):
        line = source.next()
        if not line.strip(b"\r\n") and not torn:
            head.end = line
            break
        if head.fields and (torn or line[:1] in b" \t"):
            head.fields[-1] += line if size < HEADER_BYTES else b""
        elif size < HEADER_BYTES:
            head.fields.append(line)
        torn = not line.endswith(b"\n")
        size += len(line)
    cut = [_shortened(one, rules.field_bytes) for one in head.fields]
    if cut != head.fields or size > HEADER_BYTES:
        head.fields = cut
        head.found.append("overlong header")
    return head


def _shortened(one: bytes, most: int) -> bytes:
    """Cut a field between two of its lines, or within the first one."""
    if len(one) <= most:
        return one
    whole = one.rfind(b"\n", 0, most) + 1
    ending = b"\r\n" if one.endswith(b"\r\n") else b"\n"
    return one[:whole] if whole else one[:most] + ending


def _is_encoded(message: email.message.Message) -> bool:
    coding = str(message.get("Content-Transfer-Encoding", "7bit")).strip().lower()
    return coding in ("base64", "quoted-printable")


def _enter(message: email.message.Message, kind: str, boundaries: Boundaries) -> None:
    boundary = message.get_boundary("")
    if len(boundaries) >= DEPTH:
        raise ValueError(f"parts in parts, more than {DEPTH} deep")
    if boundary:
        default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        boundaries.append((b"--" + boundary.encode("utf-8", "surrogateescape"), default))


def _delimits(line: bytes, boundaries: Boundaries) -> bool:
    if not line.startswith(b"--"):
        return False
    bare = line.rstrip()
    return any(bare in (mark, mark + b"--") for mark, _default in boundaries)


def _leave(line: bytes, boundaries: Boundaries) -> str:
    """Forget the parts that a delimiter ends; return what the next part is by default, if any."""
    bare = line.rstrip()
    while boundaries:
        mark, default = boundaries[-1]
        if bare == mark:
            return default
        boundaries.pop()
        if bare == mark + b"--":
            return ""
    return ""


def _body(source: _Lines, boundaries: Boundaries, rules: Rules) -> Iterator[bytes]:
    """Yield lines up to a delimiter."""
    while source.more() and not _delimits(source.peek(), boundaries):
        line = source.next()
        named = UUENCODED.fullmatch(line) if line.startswith(b"begin") else None
        if named and is_dangerous(named[1].decode("utf-8", "replace"), rules):
            yield line.rstrip() + b".defanged" + line[len(line.rstrip()) :]
        else:
            yield line


def _page(
    source: _Lines,
    boundaries: Boundaries,
    head: Head,
    message: email.message.Message,
) -> Iterator[bytes]:
    """Yield a part of HTML without what is active in it; as text, where that can't be known."""
    held: list[bytes] = []
    size = 0
    while source.more() and size <= PAGE_BYTES and not _delimits(source.peek(), boundaries):
        held.append(source.next())
        size += len(held[-1])
    body = b"".join(held)
    charset = str(message.get_param("charset", "us-ascii") or "us-ascii").lower()
    clean: bytes | None = None
    if size <= PAGE_BYTES and PLAIN_CHARSETS.fullmatch(charset):
        clean = _cleaned(body, str(message.get("Content-Transfer-Encoding", "")).strip().lower())
    if clean is None:
        head.found.append("HTML shown as text")
        head.replace(("Content-Type", "text/plain"))
    elif clean != body:
        head.found.append("active HTML removed")
    yield from head.written()
    yield body if clean is None else clean
    while source.more() and not _delimits(source.peek(), boundaries):
        yield source.next()


def _cleaned(body: bytes, coding: str) -> bytes | None:
    """Return a body without active HTML, the same bytes where it has none; None if unreadable."""
    try:
        if coding == "base64":
            page = binascii.a2b_base64(body)
        else:
            page = quopri.decodestring(body) if coding == "quoted-printable" else body
        clean = inactive(page)
    except (ValueError, AssertionError, RecursionError):
        return None
    if clean is None:
        return body
    ending = b"\r\n" if b"\r\n" in body else b"\n"
    if coding == "base64":
        pieces = (clean[place : place + 57] for place in range(0, len(clean), 57))
        return b"".join(binascii.b2a_base64(one, newline=False) + ending for one in pieces)
    if coding == "quoted-printable":
        clean = quopri.encodestring(clean.replace(b"\r\n", b"\n"))
        return clean.replace(b"\n", ending) if ending == b"\r\n" else clean
    return clean if clean.endswith(b"\n") or not body.endswith(b"\n") else clean + ending


def name_dangerous_files(head: Head, message: email.message.Message, rules: Rules) -> None:
    """Give a part whose name is dangerous another one, and no type of its own."""
    name = next((one for one in names_of(message) if is_dangerous(one, rules)), None)
    if name is None:
        return
    shown = re.sub(r'[\x00-\x1f\x7f"\\/\r\n]', "_", name)[-100:].encode("ascii", "replace").decode()
    shown = f"{shown.replace('?', '_')}.defanged"
    kind = f'application/octet-stream; name="{shown}"'
    head.replace(("Content-Type", kind), ("Content-Disposition", f'attachment; filename="{shown}"'))
    head.found.append("dangerous attachment name")


def names_of(message: email.message.Message) -> Iterator[str]:
    """Yield every name that some program may give to the part."""
    for header in message.get_all("Content-Disposition", []) + message.get_all("Content-Type", []):
        one = email.message.Message()
        one["Content-Type"] = _unfolded(header)
        for key, value in one.get_params([], unquote=True):
            if key.lower().rstrip("*0123456789") in ("name", "filename"):
                yield from _readings(email.utils.collapse_rfc2231_value(value))
        # Programs read what is none of the grammar: whatever follows a name's equals sign.
        for loose in re.findall(
            r"name\*?\d*\*?\s*=\s*(\"[^\"]*\"?|[^;]*)", str(_unfolded(header)), re.IGNORECASE
        ):
            yield from _readings(loose.strip(" \"'"))


def _unfolded(header: object) -> str:
    return re.sub(r"[\r\n]+[ \t]*", " ", str(header))


def _readings(name: str) -> Iterator[str]:
    yield name
    if "=?" in name:
        try:
            yield str(email.header.make_header(email.header.decode_header(name)))
        except (ValueError, LookupError, email.header.HeaderParseError):
            yield name.replace("?=", "")
    if "%" in name:
        yield email.utils.unquote(
            re.sub(r"%([0-9A-Fa-f]{2})", lambda hit: chr(int(hit[1], 16)), name)
        )


def is_dangerous(name: str, rules: Rules) -> bool:
    """Say whether a computer would run what has this name; blanks and dots at its end are none."""
    bare = BLANKS.sub("", name).rstrip(".\"'?=;:").lower()
    bare = bare.split(":", 1)[0] if re.search(r":\$?data$|:.*:", bare) else bare
    ending = bare.rpartition(".")[2] if "." in bare else ""
    return ending in rules.endings or bool(re.search(r"\.\{[0-9a-f-]{36}\}?$", bare))
