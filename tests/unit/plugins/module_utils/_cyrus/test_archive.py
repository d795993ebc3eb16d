"""An archive is whole before it has its name, and root's alone."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._cyrus.archive import archive, places_of
from ansible_collections.postern.mail.plugins.module_utils._cyrus.names import Names


def test_all_that_belongs_to_a_mailbox_is_named() -> None:
    names = Names({"a@x": {"Sent"}}, {"news@x", "news/old@x", "newsy@x", "news/old@y"})
    assert places_of("a@x", names) == {"INBOX": "user/a@x", "Sent": "user/a/Sent@x"}
    assert places_of("news@x", names) == {"news": "news@x", "news/old": "news/old@x"}


def test_every_file_is_kept_and_nobody_else_reads_it(tmp_path: Path) -> None:
    for folder in ("inbox", "sent"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "1.").write_text(f"Subject: {folder}\n")

    def find(places: Sequence[str]) -> list[str]:
        assert list(places) == ["user/a@x", "user/a/Sent@x"]
        return [str(tmp_path / "inbox"), str(tmp_path / "sent")]

    places = {"INBOX": "user/a@x", "Sent": "user/a/Sent@x"}
    made = archive("a@x", places, find, str(tmp_path / "archive"))
    assert (made.stat().st_mode & 0o777, made.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    with tarfile.open(made) as tar:
        assert {"a@x/INBOX/1.", "a@x/Sent/1."} <= set(tar.getnames())


def test_what_cannot_be_finished_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        archive("a@x", {"INBOX": "user/a@x"}, lambda _p: [str(tmp_path / "none")], str(tmp_path))
    assert list(tmp_path.iterdir()) == []
