"""Behaviour of shared folders: rights as the site says them, and nobody else's."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._courier.shared import (
    SharedFolder,
    render_index,
    render_rights,
    shared_of,
)

TEAM = SharedFolder("team", ("everyone", "bob@example.org"), ("alice@example.org",))


def test_readers_read_and_writers_change_and_nobody_gives_rights_away() -> None:
    assert render_rights(TEAM).splitlines() == [
        "owner aceilrstwx",
        "anyone lrs",
        "user=alice@example.org ceilrstwx",
        "user=bob@example.org lrs",
    ]


def test_who_is_named_in_both_may_change() -> None:
    both = SharedFolder("team", ("a@example.org",), ("a@example.org",))
    assert "user=a@example.org ceilrstwx\n" in render_rights(both)


def test_the_index_says_where_and_as_whom_each_is_opened() -> None:
    index = render_index([TEAM, SharedFolder("all")], "/srv/vmail", 5000)
    assert index.splitlines() == [
        "all\t5000\t5000\t/srv/vmail/shared/all\tMaildir",
        "team\t5000\t5000\t/srv/vmail/shared/team\tMaildir",
    ]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ([{"name": "a b"}], 'shared_folders[0].name: "a b" is no name of a folder'),
        ([{"name": "team"}, {"name": "Team"}], "stands here twice"),
        ([{"name": "t", "readers": ["bob"]}], 'shared_folders[0].readers[0]: "bob" is no login'),
        ([{"name": "t", "writers": ["a@b c"]}], "is no login"),
    ],
)
def test_what_can_not_be_is_refused(raw: list[dict[str, object]], said: str) -> None:
    assert said in "\n".join(str(problem) for problem in shared_of(raw).problems)
