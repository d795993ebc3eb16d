"""Behaviour of reading: bytes, mode and names as they are; what is no file is none."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.files import (
    described,
    files_below,
    lines_of,
    read_foreign,
    read_present,
    stored,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import (
    File,
    digest_of,
    make_plan,
)


def test_a_file_is_read_with_its_mode_and_owner(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"\x00text\xff")
    path.chmod(0o640)
    file = read_present([str(path)])[str(path)]
    assert file is not None
    assert (file.content, file.mode) == (b"\x00text\xff", 0o640)
    assert file.owner == path.owner()
    assert file.group == path.group()
    assert not file.secret


def test_what_is_missing_is_none_also_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    paths = [str(tmp_path / "b"), str(tmp_path / "a" / "below"), str(tmp_path / "c" / "d")]
    assert read_present(paths) == dict.fromkeys(paths)


def test_folders_links_and_pipes_are_no_files_and_hold_nobody_up(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    os.mkfifo(tmp_path / "pipe")
    paths = [str(tmp_path / name) for name in ("folder", "link", "pipe")]
    assert read_present(paths) == dict.fromkeys(paths)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_an_owner_without_a_name_is_a_number(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("x")
    os.chown(path, 54321, 54322)
    file = read_present([str(path)])[str(path)]
    assert file is not None
    assert (file.owner, file.group) == ("54321", "54322")


def test_files_below_a_folder_are_listed_in_order_without_folders(tmp_path: Path) -> None:
    for name in ("b.conf", "a.conf", "c.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / "d.conf").mkdir()
    assert files_below(str(tmp_path), "*.conf") == [
        str(tmp_path / "a.conf"),
        str(tmp_path / "b.conf"),
    ]
    assert files_below(str(tmp_path / "none")) == []


def test_a_file_of_more_than_so_many_bytes_stays_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one\ntwo\n")
    held, kept = (read_present([str(path)], limit)[str(path)] for limit in (8, 7))
    assert held is not None
    assert kept is not None
    assert (held.stored, held.content) == (None, b"one\ntwo\n")
    assert (kept.stored, kept.content) == (stored(str(path)), b"")
    assert kept.size == held.size
    assert digest_of(held) == digest_of(kept)
    assert list(lines_of(held)) == list(lines_of(kept)) == [b"one\n", b"two\n"]


def test_a_described_file_is_not_looked_into_and_the_same_as_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"text")
    found = described(str(path))
    assert found is not None
    assert found.size == 4
    assert make_plan({"a": found}, {"a": found}).changed
    assert make_plan({"a": File(b"text", found.mode, found.owner, found.group)}, {"a": found})
    assert described(str(tmp_path / "b")) is None


def test_in_a_folder_of_others_only_a_small_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert read_foreign(str(path), 9) is None
    path.write_text("123456789")
    assert read_foreign(str(path), 9) == read_present([str(path)])[str(path)]
    assert read_foreign(str(path), 8) is None
    (tmp_path / "link").symlink_to(path)
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", "."):
        assert read_foreign(str(tmp_path / name), 9) is None
