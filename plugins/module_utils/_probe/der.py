"""Reading of X.509 certificates without a library: the few fields that a probe judges."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_COMMON_NAME = bytes.fromhex("550403")
_ALTERNATIVE_NAME = bytes.fromhex("551d11")
_EXPLICIT_VERSION, _EXPLICIT_EXTENSIONS = 0xA0, 0xA3
_OID, _UTC_TIME, _OCTETS = 0x06, 0x17, 0x04
_DNS_NAME, _IP_ADDRESS = 0x82, 0x87


@dataclass(frozen=True)
class Certificate:
    """What a server's certificate says of itself."""

    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    names: tuple[str, ...]
    self_signed: bool


def read_certificate(der: bytes) -> Certificate:
    """Return the certificate's fields; ValueError when it is none."""
    try:
        return _read(der)
    except (IndexError, StopIteration, ValueError) as error:
        raise ValueError("not a readable certificate") from error


def _read(der: bytes) -> Certificate:
    signed = next(_items(next(_items(der))[1]))[1]
    fields = list(_items(signed))
    if fields[0][0] == _EXPLICIT_VERSION:
        fields = fields[1:]
    serial, _algorithm, issuer, validity, subject = (value for _tag, value in fields[:5])
    begins, ends = (_time(tag, value) for tag, value in _items(validity))
    return Certificate(
        subject=_common_name(subject),
        issuer=_common_name(issuer),
        serial=f"{int.from_bytes(serial, 'big'):X}",
        not_before=begins,
        not_after=ends,
        names=tuple(_names(fields[5:])),
        self_signed=issuer == subject,
    )


def _items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the (tag, content) pairs that stand one after the other."""
    at = 0
    while at < len(data):
        tag, length, at = data[at], data[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            length, at = int.from_bytes(data[at : at + size], "big"), at + size
        if at + length > len(data):
            raise ValueError("not a readable certificate")
        yield tag, data[at : at + length]
        at += length


def _time(tag: int, value: bytes) -> datetime:
    text = value.decode("ascii").rstrip("Z")
    if tag == _UTC_TIME:
        text = ("19" if int(text[:2]) >= 50 else "20") + text
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _common_name(name: bytes) -> str:
    """Return the common name, or the last part of a name that has none."""
    found = ""
    for _set, group in _items(name):
        for _sequence, pair in _items(group):
            (_oid_tag, oid), (_text_tag, value) = _items(pair)
            text = value.decode("utf-8", "replace")
            if oid == _COMMON_NAME:
                return text
            found = text
    return found


def _names(fields: list[tuple[int, bytes]]) -> Iterator[str]:
    for tag, value in fields:
        if tag != _EXPLICIT_EXTENSIONS:
            continue
        for _sequence, extension in _items(next(_items(value), (0, b""))[1]):
            parts = list(_items(extension))
            if parts[0] == (_OID, _ALTERNATIVE_NAME) and parts[-1][0] == _OCTETS:
                yield from _alternative_names(parts[-1][1])


def _alternative_names(value: bytes) -> Iterator[str]:
    for tag, name in _items(next(_items(value), (0, b""))[1]):
        if tag == _DNS_NAME:
            yield name.decode("ascii")
        elif tag == _IP_ADDRESS and len(name) == 4:
            yield ".".join(str(part) for part in name)
        elif tag == _IP_ADDRESS:
            yield ":".join(name[at : at + 2].hex() for at in range(0, len(name), 2))
