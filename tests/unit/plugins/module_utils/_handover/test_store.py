"""Whatever is interrupted, a message is in the queue or in the store, and sent once."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._handover.parcel import Parcel, parse
from ansible_collections.postern.mail.plugins.module_utils._handover.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    found = Store(str(tmp_path))
    found.open()
    return found


def parcel(name: str, state: str = "waiting", content: bytes = b"x") -> Parcel:
    return Parcel("postfix", name, "a@b", ("c@d",), content, state)


def names(store: Store) -> list[str]:
    return [parse(path.read_bytes()).id for path in store.ready()]


def test_a_copy_is_ours_when_the_original_is_gone(store: Store) -> None:
    store.prepare(parcel("1"))
    assert names(store) == []
    store.settle(set())
    assert names(store) == ["1"]


def test_the_original_counts_as_long_as_it_is_there(store: Store) -> None:
    store.prepare(parcel("1"))
    store.settle({"postfix-1"})
    assert names(store) == []
    assert not list((store.root / "prepared").iterdir())


def test_interrupted_before_the_original_is_removed_it_is_copied_again(store: Store) -> None:
    store.prepare(parcel("1", content=b"to two recipients"))
    store.prepare(parcel("1", content=b"to the one that is left"))
    store.settle(set())
    (path,) = store.ready()
    assert parse(path.read_bytes()).content == b"to the one that is left"


def test_interrupted_after_the_original_is_removed_it_is_not_forgotten(store: Store) -> None:
    store.prepare(parcel("1"))
    again = Store(store.top)
    again.open()
    again.prepare(parcel("2"))
    again.settle(set())
    assert names(again) == ["1", "2"]


def test_two_messages_of_one_id_are_two(store: Store) -> None:
    for content in (b"one", b"two"):
        store.prepare(parcel("1", content=content))
        store.settle(set())
    assert len(store.ready()) == 2


def test_held_and_failed_ones_are_kept_aside(store: Store) -> None:
    store.prepare(parcel("1", "held"))
    store.prepare(parcel("2", "failed"))
    store.settle(set())
    assert names(store) == []
    assert [parse(path.read_bytes()).id for path in store.held()] == ["1"]
    assert len(list(store.kept.iterdir())) == 2


def test_a_file_that_was_half_written_is_none(store: Store) -> None:
    (store.root / "ready" / ".half").write_bytes(b"{")
    assert store.ready() == []


def test_what_was_half_written_hinders_no_end(store: Store) -> None:
    for folder in (store.root / "prepared", store.root / "ready", store.kept):
        (folder / ".half").write_bytes(b"{")
    (store.dropped / "1.part").write_bytes(b"[")
    store.close()
    assert not list(store.root.iterdir())
    assert not store.kept.exists()


def test_a_call_of_roots_is_not_forgotten(store: Store) -> None:
    (store.dropped / "1.mail").write_bytes(b"[]\n")
    store.close()
    assert [path.name for path in store.calls()] == ["1.mail"]


def test_root_alone_reads_the_mail(store: Store) -> None:
    folders = (store.root, store.root / "ready", store.root / "prepared", store.dropped, store.kept)
    for folder in folders:
        assert folder.stat().st_mode & 0o777 == 0o700


def test_closing_removes_no_mail(store: Store) -> None:
    store.prepare(parcel("1"))
    store.settle(set())
    store.drop.mkdir()
    (store.drop / "1.part").write_bytes(b"")
    store.close()
    assert names(store) == ["1"]
    assert store.pending
    assert not store.drop.exists()
    assert not store.kept.exists()
