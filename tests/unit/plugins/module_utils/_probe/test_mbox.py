"""The probe's message is found in an mbox, and removed without touching anybody's mail."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe.mbox import Mbox
from hypothesis import given
from hypothesis import strategies as st


def text(token: str, body: str = "hi") -> str:
    return f"From a@x Mon Nov 23 08:00:00 2026\nMessage-ID: <{token}@x>\n\n{body}\n\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alice"


def test_a_user_without_mail_has_nothing(path: Path) -> None:
    assert Mbox(path).find("postern") == []
    Mbox(path).remove(["0"])
    assert not path.exists()


def test_a_place_without_mailboxes_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Mbox(tmp_path / "none" / "alice").find("postern")


def test_a_message_is_found_by_its_header_alone(path: Path) -> None:
    path.write_text(text("one", "postern.2") + text("postern.2"))
    (handle,) = Mbox(path).find("postern.2")
    assert Mbox(path).message_id(handle) == "<postern.2@x>"
    assert Mbox(path).fetch_text(handle).decode() == text("postern.2")


def test_the_last_messages_are_cut_off_and_the_others_stay_as_they_are(path: Path) -> None:
    path.write_text(text("one") + text("postern.2") + text("postern.3"))
    inode = path.stat().st_ino
    Mbox(path).remove(Mbox(path).find("postern."))
    assert path.read_text() == text("one")
    assert path.stat().st_ino == inode


def test_what_somebody_elses_mail_has_followed_stays(path: Path) -> None:
    path.write_text(text("postern.1") + text("two"))
    Mbox(path).remove(Mbox(path).find("postern.1"))
    assert path.read_text() == text("postern.1") + text("two")


def test_a_mailbox_that_is_locked_is_left_alone(path: Path) -> None:
    path.write_text(text("postern.1"))
    (path.parent / "alice.lock").write_text("")
    with pytest.raises(mailbox.ExternalClashError):
        Mbox(path).remove(["0"])
    assert path.read_text() == text("postern.1")


@given(st.lists(st.sampled_from(["own", "other"]), max_size=6), st.sampled_from(["", ">From x"]))
def test_no_mail_of_others_is_ever_lost(
    tmp_path_factory: pytest.TempPathFactory, owners: list[str], body: str
) -> None:
    path = tmp_path_factory.mktemp("box") / "alice"
    path.write_text("".join(text(f"{who}.{at}", body) for at, who in enumerate(owners)))
    Mbox(path).remove(Mbox(path).find("own."))
    others = [f"<other.{at}@x>" for at, who in enumerate(owners) if who == "other"]
    left = [str(message["Message-ID"]) for message in mailbox.mbox(path)]
    assert [one for one in left if "other" in one] == others
    assert left[-1:] == others[-1:]
