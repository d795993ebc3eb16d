"""The lines of a long table's flat file: what each form means, and what is wrong with a line."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .spec import show

FORMS = ("aliases", "keys", "pairs")
LONGEST_KEY = 511  # what LMDB takes at most
BLOCK_BYTES = 1 << 20

_PRINTABLE = bytes(range(0x21, 0x7F))
_KEY_BYTES = _PRINTABLE.translate(None, b'#"') + b"\n"
_LINE_BYTES = _PRINTABLE + b" \n"
_ODD_STARTS = (b" ", b"#", b'"')
_GAP = re.compile(r"[ \t]+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NAME = r"[^\s@,:;\"|/\\<>()\[\]]+"
_DOMAIN = r"(?:[^\s@,:;\"|/\\<>()\[\]]+|\[[0-9A-Za-z.:]+\])"
_ADDRESS = re.compile(rf"{_NAME}(?:@{_DOMAIN})?\Z")
_PLAIN = rb"[A-Za-z0-9._+=-]+(?:@[A-Za-z0-9.-]+)?"
_ODD_KEY = re.compile(rb"^[^:\n@ ]*[@ ]", re.MULTILINE)
_PLAIN_ALIAS = re.compile(
    rb"^" + _PLAIN + rb" *: *" + _PLAIN + rb"(?:, *" + _PLAIN + rb")*\n", re.MULTILINE
)


@dataclass(frozen=True)
class Source:
    """One flat file: how messages call it, what its lines mean, and where it lies if elsewhere.

    form: `aliases` has aliases(5) lines, whose bare keys hold in every one of `domains` and whose
    bare targets get `origin` (without those they stay bare); `keys` has one key a line, each with
    `value` and, where it has no `@`, in every one of `domains`; `pairs` has a key and its value.
    only:  `networks` takes keys with a slash alone, `names` those without one.
    leads: of aliases, takes those alone that lead to one of these addresses, with its value.
    """

    name: str
    form: str
    origin: str = ""
    domains: tuple[str, ...] = ()
    value: str = ""
    path: str = ""
    only: str = ""
    leads: tuple[tuple[str, str], ...] = ()


class Unsound(ValueError):
    """A line that cannot be taken: what is wrong with it, and what is expected."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


def blocks(data: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (number of the first line, whole logical lines) in blocks of about a mebibyte."""
    number, kept, size = 1, list[bytes](), 0
    for piece in data:
        kept.append(piece)
        size += len(piece)
        if size < BLOCK_BYTES:
            continue
        held = b"".join(kept)
        cut = _cut(held)
        if cut:
            yield number, held[:cut].replace(b"\r\n", b"\n")
            number += held.count(b"\n", 0, cut)
        kept, size = [held[cut:]], len(held) - cut
    rest = b"".join(kept).replace(b"\r\n", b"\n")
    if rest:
        yield number, rest if rest.endswith(b"\n") else rest + b"\n"


def _cut(held: bytes) -> int:
    """Return where the last line begins that continues no other line."""
    end = held.rfind(b"\n", 0, len(held) - 1)
    while end >= 0 and held[end + 1] in b" \t\r\n#":
        end = held.rfind(b"\n", 0, end)
    return end + 1


def plain_entries(source: Source, block: bytes, fold: bool) -> list[bytes] | None:
    """Return the entries of a block whose lines are all simple, or None: then look at each.

    An entry is `key value`, or a bare key where the value is empty. Almost every line of a long
    list is simple, and looking at whole blocks costs a tenth of looking at lines.
    """
    if source.form == "keys":
        keys = _plain_keys(source, block, fold)
        return None if keys is None or _has_long_key(keys := _chosen(source, keys)) else keys
    strange = block.startswith(_ODD_STARTS) or block.translate(None, _LINE_BYTES)
    if strange or any(b"\n" + start in block for start in _ODD_STARTS) or b" \n" in block:
        return None
    found = (_plain_pairs if source.form == "pairs" else _plain_aliases)(source, block, fold)
    return None if found is None or _has_long_key(found) else _chosen(source, found)


def _chosen(source: Source, entries: list[bytes]) -> list[bytes]:
    """Return what a source takes of its entries, in the domains that it is for."""
    if source.form == "keys" and source.domains:
        ends = [f"@{domain}".encode() for domain in source.domains]
        pairs = (entry.partition(b" ") for entry in entries)
        entries = [
            key + end + gap + value
            for key, gap, value in pairs
            for end in ([b""] if b"@" in key else ends)
        ]
    if source.only:
        wanted = source.only == "networks"
        entries = [entry for entry in entries if (b"/" in entry.partition(b" ")[0]) is wanted]
    if source.leads:
        leads = {target.lower().encode(): value.encode() for target, value in source.leads}
        entries = [found for entry in entries if (found := _led(entry, leads))]
    return entries


def _led(entry: bytes, leads: Mapping[bytes, bytes]) -> bytes:
    key, gap, targets = entry.partition(b" ")
    values = (leads[t] for t in targets.lower().split(b", ") if t in leads)
    value = next(values, b"")
    return key + gap + value if value else b""


def _plain_keys(source: Source, block: bytes, fold: bool) -> list[bytes] | None:
    if block.translate(None, _KEY_BYTES):
        return None
    tail = f" {source.value}".rstrip().encode()
    found = [key + tail for key in (block.lower() if fold else block).split(b"\n") if key]
    return None if max(map(len, found), default=0) > LONGEST_KEY + len(tail) else found


def _plain_pairs(_source: Source, block: bytes, fold: bool) -> list[bytes] | None:
    lines = [line for line in block.split(b"\n") if line]
    pairs = (line.partition(b" ") for line in lines)
    if fold:
        found = [key.lower() + b" " + value.lstrip() for key, _gap, value in pairs if value]
    else:
        found = [key + b" " + value.lstrip() for key, _gap, value in pairs if value]
    return found if len(found) == len(lines) else None


def _plain_aliases(source: Source, block: bytes, fold: bool) -> list[bytes] | None:
    if _PLAIN_ALIAS.sub(b"", block):
        return None
    origin = f"@{source.origin}".encode() if source.origin else b""
    ends = [f"@{domain} ".encode() for domain in source.domains] or [b" "]
    pairs = [line.partition(b":") for line in block.split(b"\n")[:-1]]
    # Many aliases lead to the same few people.
    values = {part: _with_origin(part, origin) for part in {pair[2] for pair in pairs}}
    if len(ends) == 1 and not _ODD_KEY.search(block) and (block.islower() or not fold):
        return [key + ends[0] + values[targets] for key, _colon, targets in pairs]
    found: list[bytes] = []
    for key, _colon, targets in pairs:
        name = key.rstrip().lower() if fold else key.rstrip()
        at = [b" "] if b"@" in name else ends
        found += [name + end + values[targets] for end in at]
    return found


def _with_origin(targets: bytes, origin: bytes) -> bytes:
    names = targets.replace(b" ", b"").split(b",")
    return b", ".join([name if b"@" in name else name + origin for name in names])


def _has_long_key(entries: list[bytes]) -> bool:
    if max(map(len, entries), default=0) <= LONGEST_KEY:
        return False
    return any(entry.find(b" ") > LONGEST_KEY for entry in entries)


def logical_lines(form: str, first: int, block: bytes) -> Iterator[tuple[int, str | Unsound]]:
    """Yield (number, line) of a block: comments left out, continued lines joined."""
    number, pieces, broken = 0, list[str](), False
    for count, raw in enumerate(block.split(b"\n"), first):
        words = raw.removeprefix(b"\xef\xbb\xbf" if count == 1 else b"").strip(b" \t\r")
        if not words or words.startswith(b"#"):
            continue
        line = _text(words)
        if raw[:1] in b" \t" and form != "keys":
            if isinstance(line, Unsound):
                yield count, line
                pieces, broken = [], True
            elif pieces:
                pieces.append(line)
            elif not broken:
                yield count, Unsound("begins with a space and continues no line")
            continue
        if pieces:
            yield number, " ".join(pieces)
        number, pieces, broken = count, [], isinstance(line, Unsound)
        if isinstance(line, Unsound):
            yield count, line
        else:
            pieces = [line]
    if pieces:
        yield number, " ".join(pieces)


def _text(raw: bytes) -> str | Unsound:
    try:
        line = raw.decode()
    except UnicodeDecodeError:
        return Unsound("is not UTF-8")
    return Unsound("has a control character") if _UNPRINTABLE.search(line) else line


def entries_of(source: Source, line: str, fold: bool) -> list[bytes]:
    """Return the entries of one logical line; raises Unsound."""
    if source.form == "keys":
        pairs = [(_only_word(line), source.value)]
    elif source.form == "pairs":
        pairs = [_pair(line)]
    else:
        pairs = _alias(source, line)
    found = [_entry(key.lower() if fold else key, value) for key, value in pairs]
    return _chosen(source, found)


def _entry(key: str, value: str) -> bytes:
    if key.startswith('"'):
        raise Unsound(f"{show(key)} can't be a key", "write it without quotes")
    if any(character.isspace() for character in key):
        raise Unsound(f"{show(key)} can't be a key", "it has a space that is not a plain one")
    if len(key.encode()) > LONGEST_KEY:
        raise Unsound(f"{show(key)} is too long for a key", f"at most {LONGEST_KEY} bytes")
    return (f"{key} {value}" if value else key).encode()


def _words(line: str) -> list[str]:
    return _GAP.split(line, maxsplit=1)


def _only_word(line: str) -> str:
    words = _words(line)
    if len(words) > 1 and not words[1].startswith("#"):
        raise Unsound(f"{show(line)} is more than one key", "one key a line")
    return words[0]


def _pair(line: str) -> tuple[str, str]:
    words = _words(line)
    if len(words) < 2:
        raise Unsound(f"{show(line)} has no value", "write it like `key value`")
    return words[0], words[1]


def _alias(source: Source, line: str) -> list[tuple[str, str]]:
    left, colon, right = line.partition(":")
    key = _unquoted(left.strip(" \t"))
    if not colon:
        raise Unsound(f"{show(line)} has no colon", "write it like `name: target, target`")
    if not _ADDRESS.match(key):
        raise Unsound(f"{show(key)} can't be the name of an alias")
    if not right.strip():
        raise Unsound(f"{show(key)} leads nowhere", "write it like `name: target, target`")
    value = ", ".join(_target(source, part) for part in _split(right))
    if "@" in key or not source.domains:
        return [(key, value)]
    return [(f"{key}@{domain}", value) for domain in source.domains]


def _split(text: str) -> list[str]:
    """Return what stands between commas, those in quotes left alone."""
    parts, start, quoted = [], 0, False
    for place, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            parts.append(text[start:place])
            start = place + 1
    return [part.strip(" \t") for part in (*parts, text[start:])]


def _target(source: Source, part: str) -> str:
    target = _unquoted(part)
    if not target:
        raise Unsound("has an empty target", "one comma between two targets, none at the end")
    for start, what in (("|", "a command"), ("/", "a file"), (":include:", "a list in a file")):
        if target.startswith(start):
            raise Unsound(f"{show(target)} is {what}, not an address")
    if not _ADDRESS.match(target):
        hint = "put commas between targets" if re.search(r"\s", target) else ""
        raise Unsound(f"{show(target)} is no address", hint)
    return target if "@" in target or not source.origin else f"{target}@{source.origin}"


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text.startswith('"') and text.endswith('"')
    return text[1:-1] if quoted else text
