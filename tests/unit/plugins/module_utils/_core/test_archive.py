"""An archive is whole before it has its name, root's alone, and holds what is mail."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.archive import archive


@pytest.fixture
def home(tmp_path: Path) -> Path:
    found = tmp_path / "home"
    (found / "new").mkdir(parents=True)
    (found / "new/1").write_text("mail")
    return found


def test_it_holds_all_under_the_mailbox_name_and_root_alone_reads_it(
    tmp_path: Path, home: Path
) -> None:
    path = archive("a@example.org", {"": home}, str(tmp_path / "archives"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    with tarfile.open(path) as tar:
        assert tar.getnames() == ["a@example.org", "a@example.org/new", "a@example.org/new/1"]


def test_each_part_has_its_name(tmp_path: Path, home: Path) -> None:
    path = archive("news/old@x", {"INBOX": home / "new", "Sent": home / "new"}, str(tmp_path))
    with tarfile.open(path) as tar:
        assert {"news_old@x/INBOX/1", "news_old@x/Sent/1"} <= set(tar.getnames())


def test_a_message_that_is_one_file_in_two_folders_is_kept_in_both(
    tmp_path: Path, home: Path
) -> None:
    (home / "cur").mkdir()
    os.link(home / "new/1", home / "cur/1")
    path = archive("a@x", {"": home}, str(tmp_path))
    with tarfile.open(path) as tar:
        for name in ("a@x/cur/1", "a@x/new/1"):
            found = tar.extractfile(name)
            assert found is not None
            assert tar.getmember(name).isreg()
            assert found.read() == b"mail"


def test_what_is_no_file_of_the_mailbox_is_left_out_and_never_waited_for(
    tmp_path: Path, home: Path
) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_text("secret")
    (home / "new/link").symlink_to(secret / "key")
    (home / "linked").symlink_to(secret)
    os.mkfifo(home / "new/fifo")
    path = archive("a@x", {"": home}, str(tmp_path))
    with tarfile.open(path) as tar:
        assert tar.getnames() == ["a@x", "a@x/new", "a@x/new/1"]


def test_what_cannot_be_finished_leaves_nothing(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    room = tmp_path / "archives"
    with pytest.raises(FileNotFoundError):
        archive("a@x", {"": tmp_path / "none"}, str(room))
    (tmp_path / "elsewhere").symlink_to(home)
    with pytest.raises(NotADirectoryError):
        archive("a@x", {"": tmp_path / "elsewhere"}, str(room))
    monkeypatch.setattr(tarfile.TarFile, "addfile", full)
    with pytest.raises(OSError, match="No space"):
        archive("a@x", {"": home}, str(room))
    assert list(room.iterdir()) == []
