"""Looking at the mailboxes: in order only when nothing is to be done or said."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._cyrus.administration import in_order
from ansible_collections.postern.mail.tests.unit.imap_admin import SECRET, serving

ALICE = {"name": "alice@example.org", "quota_kib": 1024}


@pytest.mark.parametrize(
    ("wanted", "there", "expected"),
    [
        ([ALICE], {"alice@example.org": 1024}, True),
        ([ALICE], {}, False),
        ([ALICE], {"alice@example.org": 5}, False),
        ([ALICE], {"alice@example.org": 1024, "gone@example.org": None}, False),
        ([{"name": "no name"}], {}, False),
    ],
)
def test_mailboxes_are_in_order_when_they_are_as_wanted(
    tmp_path: Path, wanted: list[dict[str, Any]], there: dict[str, int | None], expected: bool
) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    with serving(tmp_path / "admin") as store:
        store.quotas = dict(there)
        paths = str(tmp_path / "admin"), "cyrus-admin", str(tmp_path / "secret")
        assert in_order(wanted, *paths) is expected
        assert store.quotas == there


def test_nobody_can_tell_while_cyrus_is_away(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    paths = str(tmp_path / "nobody"), "cyrus-admin", str(tmp_path / "secret")
    assert not in_order([ALICE], *paths)
    assert not in_order([ALICE], paths[0], paths[1], str(tmp_path / "none"))
