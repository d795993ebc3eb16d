"""Behaviour of archives: for root alone, whole or not there."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._courier.archive import archive


def test_it_holds_all_under_the_mailbox_name_and_root_alone_reads_it(tmp_path: Path) -> None:
    (tmp_path / "home/new").mkdir(parents=True)
    (tmp_path / "home/new/1").write_text("mail")
    path = Path(archive(tmp_path / "home", "a@example.org", str(tmp_path / "archives")))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    with tarfile.open(path) as tar:
        assert tar.getnames() == ["a@example.org", "a@example.org/new", "a@example.org/new/1"]


def test_half_an_archive_is_never_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_words: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "add", full)
    with pytest.raises(OSError, match="No space"):
        archive(tmp_path, "a@example.org", str(tmp_path / "archives"))
    assert list((tmp_path / "archives").iterdir()) == []
