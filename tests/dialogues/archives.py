"""Archives made in memory, byte for byte the same each time, with nothing but the standard library.

7z and encrypted zip are written here, since the library writes neither.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

_TIME = (2026, 1, 1, 12, 0, 0)
_DOS_DATE = (2026 - 1980) << 9 | 1 << 5 | 1
_DOS_TIME = 12 << 11


def zipped(name: str, content: bytes) -> bytes:
    """Return a zip with one file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(name, _TIME)
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, content)
    return target.getvalue()


def nested(name: str, content: bytes, depth: int) -> bytes:
    """Return a zip in a zip in a zip …, `depth` of them."""
    for level in range(depth):
        content = zipped(name, content)
        name = f"level{level + 1}.zip"
    return content


def tar_gz(name: str, content: bytes) -> bytes:
    """Return a tar.gz with one file."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(target.getvalue(), mtime=0)


def seven_zip(name: str, content: bytes) -> bytes:
    """Return a 7z with one file, by LZMA."""
    size = 1 << 16
    chosen = {"id": lzma.FILTER_LZMA1, "dict_size": size, "lc": 3, "lp": 0, "pb": 2}
    packed = lzma.compress(content, lzma.FORMAT_RAW, filters=[chosen])
    properties = bytes([3 + 9 * (0 + 5 * 2)]) + struct.pack("<I", size)
    names = b"\x00" + name.encode("utf-16-le") + b"\x00\x00"
    header = (
        # header, its streams: where the packed one lies, and its length
        b"\x01\x04\x06\x00\x01\x09" + _number(len(packed)) + b"\x00"
        # one folder of one coder, LZMA, with properties; what comes out, and its checksum
        + b"\x07\x0b\x01\x00\x01\x23\x03\x01\x01\x05" + properties
        + b"\x0c" + _number(len(content))
        + b"\x0a\x01" + struct.pack("<I", zlib.crc32(content)) + b"\x00"
        + b"\x08\x00\x00"
        # one file
        + b"\x05\x01\x11" + _number(len(names)) + names + b"\x00\x00"
    )  # fmt: skip
    start = struct.pack("<QQI", len(packed), len(header), zlib.crc32(header))
    magic = b"7z\xbc\xaf\x27\x1c\x00\x04"
    return magic + struct.pack("<I", zlib.crc32(start)) + start + packed + header


def locked_zip(name: str, content: bytes, password: bytes) -> bytes:
    """Return a zip that wants a password, by the cipher that every program knows."""
    check = zlib.crc32(content)
    plain = bytes(11) + bytes([check >> 24]) + content
    body = _enciphered(plain, password)
    label = name.encode()
    common = struct.pack(
        "<HHHHHIIIHH",
        *(20, 1, 0, _DOS_TIME, _DOS_DATE, check, len(body), len(content), len(label), 0),
    )
    local = b"PK\x03\x04" + common + label + body
    entry = b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + label
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)
    return local + entry + b"PK\x05\x06" + end


def bomb(mebibytes: int, depth: int = 2) -> bytes:
    """Return a small archive of so many MiB of zeroes. Bounded: it fills no disk by itself."""
    if not 0 < mebibytes <= 512:
        raise ValueError(f"{mebibytes} MiB is out of bounds: from 1 to 512")
    return nested("zeroes.bin", bytes(mebibytes << 20), depth)


def _number(value: int) -> bytes:
    """Write a number as 7z does: short ones in a byte, others in eight behind a mark."""
    return bytes([value]) if value < 0x80 else b"\xff" + struct.pack("<Q", value)


def _enciphered(plain: bytes, password: bytes) -> bytes:
    """Encipher as PKWARE's first cipher does."""
    keys = [0x12345678, 0x23456789, 0x34567890]
    for byte in password:
        _turn(keys, byte)
    out = bytearray()
    for byte in plain:
        mask = (keys[2] | 2) & 0xFFFF
        out.append(byte ^ (mask * (mask ^ 1) >> 8 & 0xFF))
        _turn(keys, byte)
    return bytes(out)


def _turn(keys: list[int], byte: int) -> None:
    keys[0] = _step(keys[0], byte)
    keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
    keys[2] = _step(keys[2], keys[1] >> 24)


def _step(value: int, byte: int) -> int:
    """One step of CRC-32 without the inversions that zlib puts around it."""
    return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
