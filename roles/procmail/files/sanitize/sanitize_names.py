"""Names of files: what a computer would run, however a name is written."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import email.header
import re
import unicodedata
from collections.abc import Iterator, Mapping

MOST_SHOWN = 100
# What a type alone says, for programs that make up a name by it.
ENDINGS_OF_TYPES = {
    "application/hta": "hta",
    "application/java-archive": "jar",
    "application/javascript": "js",
    "application/vnd.microsoft.portable-executable": "exe",
    "application/x-javascript": "js",
    "application/x-ms-shortcut": "lnk",
    "application/x-msdos-program": "com",
    "application/x-msdownload": "exe",
    "application/x-msi": "msi",
    "application/x-sh": "sh",
    "application/x-shellscript": "sh",
    "image/svg+xml": "svg",
    "text/javascript": "js",
    "text/vbscript": "vbs",
}
PAGE_ENDINGS = frozenset(("htm", "html", "shtml", "xhtml"))
_STARRED = re.compile(r"(name|filename)(?:\*(\d{1,2}))?(\*?)")
_PIECE = (
    r"=\?[A-Za-z0-9_.:+-]+\?(?:[bB]\?[A-Za-z0-9+/]*={0,2}|[qQ]\?(?:[^?\s=]|=[0-9A-Fa-f]{2})*)\?="
)
_WORD = re.compile(_PIECE)
_OCTET = re.compile(r"%([0-9A-Fa-f]{2})")


class UnreadableError(ValueError):
    """A name that two programs may read in two ways."""


def names_in(params: Mapping[str, str]) -> Iterator[str]:
    """Yield each name among a field's parameters, in every way a program may read it."""
    pieces: dict[str, list[tuple[int, str, bool]]] = {}
    for key, value in params.items():
        if key in ("name", "filename"):
            yield from readings(_as_text(value))
        elif key.startswith(("name*", "filename*")):
            match = _STARRED.fullmatch(key)
            if match is None:
                raise UnreadableError(key)
            piece = (int(match[2] or 0), value, bool(match[3]))
            pieces.setdefault(match[1] if match[2] else f"{match[1]}*", []).append(piece)
    for found in pieces.values():
        yield from readings(_joined(sorted(found)))


def _as_text(value: str) -> str:
    """Return what came byte by byte as UTF-8, where it is."""
    content = value.encode("latin-1")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return value


def _joined(pieces: list[tuple[int, str, bool]]) -> str:
    """Return a name by RFC 2231, from its numbered pieces."""
    if [number for number, _value, _encoded in pieces] != [*range(len(pieces))]:
        raise UnreadableError("pieces are missing")
    charset = "us-ascii"
    content = b""
    for number, value, encoded in pieces:
        text = value
        if encoded and number == 0:
            charset, *rest = value.split("'", 2)
            if len(rest) != 2:
                raise UnreadableError(value)
            text = rest[1]
        octets = _OCTET.sub(lambda hit: chr(int(hit[1], 16)), text) if encoded else text
        content += octets.encode("latin-1")
    return _decoded(content, charset)


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset)
    except (LookupError, ValueError) as error:
        raise UnreadableError(charset) from error


def readings(name: str) -> Iterator[str]:
    """Yield what a program may take for the name: as it stands, by RFC 2047, and as in a URL."""
    forms = [name]
    if "=?" in name or "?=" in name:
        if re.search(r"=\?|\?=", _WORD.sub(" ", name)):
            raise UnreadableError(name)
        words = email.header.decode_header(re.sub(r"\?=\s+=\?", "?==?", name))
        joined = "".join(
            one if isinstance(one, str) else _decoded(one, charset or "utf-8")
            for one, charset in words
        )
        if "=?" in joined:
            raise UnreadableError(name)
        forms.append(joined)
    for one in forms:
        yield one
        yield _OCTET.sub(lambda hit: chr(int(hit[1], 16)), one)


def is_dangerous(name: str, endings: frozenset[str]) -> bool:
    """Say whether a computer would run what has this name; blanks and dots at its end are none."""
    if any(unicodedata.category(one) == "Cc" and one != "\t" for one in name):
        return True
    ending = ending_of(name)
    return ending in endings or bool(re.fullmatch(r"\{[0-9a-f-]{36}\}?", ending))


def ending_of(name: str) -> str:
    """Return the ending of a name in small letters, without what systems leave out."""
    wide = unicodedata.normalize("NFKC", name)
    bare = "".join(one for one in wide if unicodedata.category(one)[0] not in "CZ").lower()
    # What stands behind a colon names a stream of the file, not the file.
    bare = bare.split(":", 1)[0] if re.search(r":\$?data$|:.*:", bare) else bare
    bare = bare.rstrip(".\"'?=;:/\\")
    return bare.rpartition(".")[2] if "." in bare else ""


def shown(name: str) -> str:
    """Return a name that a field can hold in quotes, and any file system."""
    wide = unicodedata.normalize("NFKC", name)
    plain = re.sub(r"[^A-Za-z0-9 ._+@()-]", "_", wide).strip(" .")
    return plain[-MOST_SHOWN:] or "part"
