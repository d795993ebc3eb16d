"""Behaviour of the administrator's connection."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._cyrus.imap import (
    Administrator,
    Refusal,
)
from ansible_collections.postern.mail.tests.unit.imap_admin import SECRET, Box, Store, serving


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with serving(tmp_path / "admin") as found:
        yield found


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "admin")


def test_many_commands_are_answered_in_their_order(store: Store, path: str) -> None:
    names = [f"user/p{number}@x" for number in range(250)]
    store.boxes = {name: Box(number) for number, name in enumerate(names)}
    with Administrator(path, "cyrus-admin", SECRET) as administrator:
        told = administrator.ask(f'GETQUOTA "{name}"' for name in names)
    assert told == [[f"QUOTA x (STORAGE 0 {number})".encode()] for number in range(250)]
    assert store.said[-1] == "LOGOUT"


def test_what_is_announced_by_its_length_stands_within_quotes(store: Store, path: str) -> None:
    key = "/shared/comment"
    store.boxes = {"news@x": Box(notes={key: "a) b"})}
    with Administrator(path, "cyrus-admin", SECRET) as administrator:
        told = administrator.ask([f'GETMETADATA "news@x" ({key})'])
    assert told == [[b'METADATA x ("/shared/comment" "a) b")']]


def test_a_wrong_secret_is_refused_in_cyrus_words(store: Store, path: str) -> None:
    with (
        pytest.raises(Refusal, match="authentication failure") as caught,
        Administrator(path, "cyrus-admin", "wrong-secret"),
    ):
        pass
    assert "wrong-secret" not in str(caught.value)
    assert "LOGOUT" not in store.said


def test_a_socket_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no login"), Administrator(str(tmp_path / "x"), "a", "b"):
        pass


def test_the_first_refusal_is_told_and_the_rest_is_done(store: Store, path: str) -> None:
    with Administrator(path, "cyrus-admin", SECRET) as administrator:
        with pytest.raises(Refusal, match='CREATE "denied@x": Permission denied'):
            administrator.ask(['CREATE "denied@x"', 'CREATE "a@x"', 'CREATE "denied2@x"'])
        assert administrator.ask(['GETQUOTA "a@x"'], b"does not exist") == [[]]
    assert list(store.boxes) == ["a@x"]


def test_a_cyrus_that_dies_over_a_command_is_told(store: Store, path: str) -> None:
    with (
        pytest.raises(Refusal, match="hang-up"),
        Administrator(path, "cyrus-admin", SECRET) as administrator,
    ):
        administrator.ask(['SETMETADATA "hang-up@x" (/shared/comment "x")'])
    assert "LOGOUT" not in store.said
