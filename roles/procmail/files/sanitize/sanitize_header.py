"""The header of a message or a part, read strictly.

What two programs may read in two ways is unreadable.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sanitize_names import UnreadableError, names_in

MARK = b"X-Postern-Sanitized: "
ENCODED = frozenset(("base64", "quoted-printable"))
CODINGS = ENCODED | {"7bit", "8bit", "binary"}
FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_TOKEN = r"[!#$%&'*+.^_`{|}~0-9A-Za-z-]+"  # noqa: S105 (a word of the grammar)
_TYPE = re.compile(rf"[ \t]*({_TOKEN}/{_TOKEN})")
_DISPOSITION = re.compile(rf"[ \t]*({_TOKEN})")
# More than RFC 2045 allows without quotes, as programs write it; never what hides something.
_PARAMETER = re.compile(
    rf"[ \t]*;[ \t]*({_TOKEN})[ \t]*=[ \t]*"
    r'(?:"([^"\\\x00-\x08\x0a-\x1f\x7f]*)"|([!#-\'*+./0-:=?-Z^-~-]+))'
)
_END = re.compile(r"[ \t]*;?[ \t]*")
_BOUNDARY = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?")
_LOOSE_NAME = re.compile(r"name\*?\d*\*?\s*=\s*\"?([^\";]+)", re.IGNORECASE)
_CHARSET = re.compile(r"[0-9A-Za-z._:+-]{1,40}")
_OURS = (b"content-type", b"content-transfer-encoding", b"content-disposition")


@dataclass(frozen=True)
class Mime:
    """What a header says about a part."""

    kind: str
    params: Mapping[str, str]
    coding: str  # empty where it is none that everybody knows
    names: tuple[str, ...]
    is_readable: bool  # its type, its coding and its boundary
    has_readable_names: bool
    is_file: bool  # as some programs show it

    @property
    def boundary(self) -> str:
        """What stands between its parts; empty where none is named."""
        return self.params.get("boundary", "")

    @property
    def charset(self) -> str:
        """The character set, as a parameter can hold it; empty where none is named."""
        charset = self.params.get("charset", "").lower()
        return charset if _CHARSET.fullmatch(charset) else ""


@dataclass
class Head:
    """The header of a message or a part, its fields with their line ends and folds."""

    default: str = "text/plain"
    fields: list[bytes] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    end: bytes = b""

    def written(self) -> Iterator[bytes]:
        """Yield its lines, with what was done at the end."""
        yield from self.fields
        if self.found and self.fields and not self.fields[-1].endswith(b"\n"):
            yield self.line_end()
        for words in dict.fromkeys(self.found):
            yield MARK + words.encode() + self.line_end()
        yield self.end

    def line_end(self) -> bytes:
        """Return the line end that the message has."""
        first = self.fields[0] if self.fields else self.end
        return b"\r\n" if first.endswith(b"\r\n") else b"\n"

    def replace(self, why: str, kind: str, coding: str, name: str = "") -> None:
        """Say anew what the part is, and why."""
        self.found.append(why)
        lines = [f"Content-Type: {kind}"]
        lines += [f"Content-Transfer-Encoding: {coding}"] if coding else []
        lines += [f'Content-Disposition: attachment; filename="{name}"'] if name else []
        kept = [one for one in self.fields if _key(one) not in _OURS]
        if kept and not kept[-1].endswith(b"\n"):
            kept[-1] += self.line_end()
        self.fields = [*kept, *(line.encode("ascii") + self.line_end() for line in lines)]

    def mime(self) -> Mime:
        """Read what it says of the part."""
        given: dict[bytes, list[str]] = {}
        is_plain = True
        for one in self.fields:
            name, _colon, value = one.partition(b":")
            key = name.strip().lower()
            if key in _OURS:
                is_plain = is_plain and name == name.strip()
                given.setdefault(key, []).append(_unfolded(value))
        is_plain = is_plain and all(len(values) == 1 for values in given.values())
        kind, params = _read(_TYPE, given.get(_OURS[0], [self.default])[0])
        coding = given.get(_OURS[1], ["7bit"])[0].strip(" \t").lower()
        shape, words = _read(_DISPOSITION, given.get(_OURS[2], ["inline"])[0])
        names, are_readable = _names(params, words)
        are_readable = are_readable and bool(shape)
        if not (kind and are_readable):
            # Good for showing alone.
            names += tuple(
                _LOOSE_NAME.findall(" ".join(" ".join(values) for values in given.values()))
            )
        return Mime(
            kind.lower(),
            params,
            coding if coding in CODINGS else "",
            names,
            is_plain and bool(kind) and coding in CODINGS and _is_plain(params),
            are_readable,
            bool(names) or shape.lower() == "attachment" or not are_readable,
        )


def _key(one: bytes) -> bytes:
    return one.partition(b":")[0].strip().lower()


def _unfolded(value: bytes) -> str:
    return re.sub(r"\r?\n", "", value.decode("latin-1"))


def _read(first: re.Pattern[str], value: str) -> tuple[str, dict[str, str]]:
    """Return a field's first word and its parameters; nothing unless all of it is plain."""
    match = first.match(value)
    if match is None:
        return "", {}
    word, place, params = match[1], match.end(), {}
    while found := _PARAMETER.match(value, place):
        name, quoted, bare = found.groups()
        if name.lower() in params:
            return "", {}
        params[name.lower()] = bare if quoted is None else quoted
        place = found.end()
    return (word, params) if _END.fullmatch(value, place) else ("", {})


def _is_plain(params: Mapping[str, str]) -> bool:
    """Say whether what changes how a part is read stands there once, and as ASCII."""
    if any(name.startswith(("boundary*", "charset*")) for name in params):
        return False
    return _BOUNDARY.fullmatch(params.get("boundary", "a")) is not None


def _names(*fields: Mapping[str, str]) -> tuple[tuple[str, ...], bool]:
    names: list[str] = []
    try:
        for params in fields:
            names += names_in(params)
    except UnreadableError:
        return tuple(names), False
    return tuple(names), True
