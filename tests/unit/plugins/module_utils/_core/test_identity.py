"""Behaviour of acting as another user: no right is kept meanwhile, and all are back after."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused, put
from ansible_collections.postern.mail.plugins.module_utils._core.identity import (
    as_user,
    foreign_link,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File

OTHER = 54321


def rights() -> tuple[int, int, list[int]]:
    return os.geteuid(), os.getegid(), os.getgroups()


def test_who_is_that_user_already_goes_on() -> None:
    before = rights()
    with as_user(os.geteuid(), os.getegid()):
        assert rights() == before
    assert rights() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become others")
def test_the_rights_are_the_others_alone_and_return_after_a_failure_too() -> None:
    before = rights()
    with pytest.raises(KeyError), as_user(OTHER, OTHER):
        assert rights() == (OTHER, OTHER, [])
        raise KeyError
    assert rights() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_nothing_is_written_through_a_link_that_another_user_laid(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    link = tmp_path / "link"
    link.symlink_to("target")
    assert foreign_link(link) is None
    os.chown(link, OTHER, OTHER, follow_symlinks=False)
    for folder in (link, link / "below"):
        assert foreign_link(folder) == link
        with pytest.raises(Refused, match="is a link of another user's"):
            put(str(folder / "a"), File(b""))
    assert list((tmp_path / "target").iterdir()) == []
