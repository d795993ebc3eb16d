"""Archives hold what was put in, are the same each time, and a bomb has its bounds."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import io
import lzma
import struct
import tarfile
import zipfile
import zlib

import pytest
from dialogues.archives import bomb, locked_zip, nested, seven_zip, tar_gz, zipped
from hypothesis import given
from hypothesis import strategies as st

BYTES = st.binary(min_size=1, max_size=2000)


def unzipped(content: bytes, password: bytes | None = None) -> tuple[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = archive.namelist()
        return name, archive.read(name, password)


@given(BYTES)
def test_a_zip_gives_back_what_was_put_in(content: bytes) -> None:
    assert unzipped(zipped("a.com", content)) == ("a.com", content)


@given(BYTES)
def test_a_locked_zip_opens_with_its_password(content: bytes) -> None:
    assert unzipped(locked_zip("a.com", content, b"infected"), b"infected") == ("a.com", content)


def test_a_locked_zip_opens_with_no_other_password() -> None:
    with pytest.raises(RuntimeError, match="password required"):
        unzipped(locked_zip("a.com", b"words", b"infected"))
    with pytest.raises((RuntimeError, zipfile.BadZipFile)):
        unzipped(locked_zip("a.com", b"words" * 9, b"infected"), b"healthy")


def test_five_zips_lie_in_one_another() -> None:
    content = nested("a.com", b"words", 5)
    names = []
    while content.startswith(b"PK"):
        name, content = unzipped(content)
        names.append(name)
    assert names == ["level4.zip", "level3.zip", "level2.zip", "level1.zip", "a.com"]
    assert content == b"words"


def test_a_tar_gz_gives_back_what_was_put_in() -> None:
    with tarfile.open(fileobj=io.BytesIO(tar_gz("a.com", b"words"))) as archive:
        file = archive.extractfile("a.com")
        assert file is not None
        assert file.read() == b"words"


@given(BYTES)
def test_a_7z_holds_its_file_packed_and_its_sums_are_right(content: bytes) -> None:
    archive = seven_zip("a.com", content)
    offset, length, total, check = struct.unpack("<QQII", archive[12:32] + archive[8:12])
    assert zlib.crc32(archive[12:32]) == check
    packed, header = archive[32 : 32 + offset], archive[32 + offset :]
    assert (len(header), zlib.crc32(header)) == (length, total)
    assert "a.com".encode("utf-16-le") in header
    how = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}]
    assert lzma.decompress(packed, lzma.FORMAT_RAW, filters=how) == content


@pytest.mark.parametrize("build", [zipped, tar_gz, seven_zip])
def test_an_archive_is_the_same_each_time(build: object) -> None:
    assert callable(build)
    assert build("a.com", b"words") == build("a.com", b"words")


def test_a_bomb_is_small_and_holds_as_much_as_was_said() -> None:
    content = bomb(16)
    assert len(content) < 4096
    _name, inner = unzipped(content)
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        assert archive.infolist()[0].file_size == 16 << 20


@pytest.mark.parametrize("size", [0, -1, 513])
def test_a_bomb_out_of_bounds_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        bomb(size)
