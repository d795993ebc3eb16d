"""Behaviour of the administrator's connection."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._cyrus.imap import (
    Administrator,
    Refusal,
    listed_name,
    storage_limit,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.mailboxes import Mailbox, Step
from ansible_collections.postern.mail.tests.unit.imap_admin import SECRET, serving


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (rb'(\HasNoChildren) "/" user/a.b+c@example.org', "a.b+c@example.org"),
        (rb'(\HasChildren) "/" "user/alice@example.org"', "alice@example.org"),
        (rb'(\Noselect) "/" shared/news', None),
        (b"rubbish", None),
    ],
)
def test_names_are_read_from_a_list(line: bytes, name: str | None) -> None:
    assert listed_name(line) == name


def test_limits_are_read_and_no_limit_is_none() -> None:
    assert storage_limit([b"user/a@x (STORAGE 7 51200 MESSAGE 1 2)"]) == 51200
    assert storage_limit([b"user/a@x ()"]) is None


def test_what_is_made_is_there(tmp_path: Path) -> None:
    alice, carol = Mailbox("alice@example.org", 1024), Mailbox("carol@example.org")
    with serving(tmp_path / "admin") as store:
        with Administrator(str(tmp_path / "admin"), "cyrus-admin", SECRET) as administrator:
            for mailbox in (alice, carol):
                administrator.do(Step(mailbox, create=True, set_quota=bool(mailbox.quota_kib)))
            names = administrator.names()
            assert administrator.present(names) == {alice.name: alice, carol.name: carol}
        assert store.said[-1] == "LOGOUT"


def test_a_wrong_secret_is_refused_in_cyrus_words(tmp_path: Path) -> None:
    path = tmp_path / "admin"
    with (
        serving(path),
        pytest.raises(Refusal, match="authentication failure") as caught,
        Administrator(str(path), "cyrus-admin", "wrong-secret"),
    ):
        pass
    assert "wrong-secret" not in str(caught.value)


def test_a_socket_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no login"), Administrator(str(tmp_path / "x"), "a", "b"):
        pass


def test_what_cyrus_does_not_do_is_told_with_its_words(tmp_path: Path) -> None:
    path = tmp_path / "admin"
    with (
        serving(path),
        Administrator(str(path), "cyrus-admin", SECRET) as administrator,
        pytest.raises(Refusal, match="CREATE denied@x: Permission denied"),
    ):
        administrator.do(Step(Mailbox("denied@x"), create=True, set_quota=False))
