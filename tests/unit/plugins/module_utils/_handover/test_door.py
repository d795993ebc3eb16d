"""Postfix is given what is settled by a door that is there for that moment alone."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._handover import door
from ansible_collections.postern.mail.plugins.module_utils._handover.parcel import Parcel

PARCEL = Parcel(
    "sendmail",
    "1",
    "",
    ("carol@example.org", "keeper@example.org"),
    b"Subject: x\n\n.\nends without a line",
    settled=("carol@example.org", "keeper@example.org"),
    quiet=("keeper@example.org",),
)


class Postfix:
    """The server behind the door: what was said to it, and what it answers to a command."""

    def __init__(self, path: Path) -> None:
        self.said: list[str] = []
        self.answers: dict[str, str] = {}
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        try:
            connection, _peer = self.listener.accept()
        except OSError:
            return  # nobody came
        with connection, connection.makefile("rwb", buffering=0) as stream:
            stream.write(b"220 here\r\n")
            data = False
            while line := stream.readline().decode("utf-8"):
                self.said.append(line)
                if data and line != ".\r\n":
                    continue
                word = "." if data else line[:4].strip()
                data = not data and word == "data"
                answer = self.answers.get(word, "354 go on" if data else "250 yes")
                stream.write(f"{answer}\r\n".encode())


@pytest.fixture
def postfix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postfix]:
    monkeypatch.setattr(door, "SOCKET", str(tmp_path / "door"))
    found = Postfix(tmp_path / "door")
    yield found
    found.listener.close()


def test_a_message_is_given_as_it_is_and_copies_are_quiet(postfix: Postfix) -> None:
    assert door.give(PARCEL) == (0, "")
    assert postfix.said[1:] == [
        "MAIL FROM:<>\r\n",
        "RCPT TO:<carol@example.org>\r\n",
        "RCPT TO:<keeper@example.org> NOTIFY=NEVER\r\n",
        "data\r\n",
        "Subject: x\r\n",
        "\r\n",
        "..\r\n",
        "ends without a line\r\n",
        ".\r\n",
    ]


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "data", "."])
@pytest.mark.parametrize(("answer", "code"), [("451 not now", 75), ("550 never", 65)])
def test_a_refusal_is_told_as_a_program_would(
    postfix: Postfix, step: str, answer: str, code: int
) -> None:
    postfix.answers[step] = answer
    assert door.give(PARCEL) == (code, answer[4:])


def test_without_an_answer_it_is_for_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "SOCKET", str(tmp_path / "none"))
    assert door.give(PARCEL)[0] == door.TEMPORARY


def test_an_address_that_nobody_can_say_is_kept(postfix: Postfix) -> None:
    assert door.give(Parcel("sendmail", "1", "", ("\udcff@x",), b"x"))[0] == door.FINAL


def noted(monkeypatch: pytest.MonkeyPatch, code: int = 0) -> list[tuple[str, ...]]:
    calls: list[tuple[str, ...]] = []

    def run(argv: Sequence[str], **_more: Any) -> Outcome:
        calls.append(tuple(argv))
        return Outcome(tuple(argv), code, "", "words")

    monkeypatch.setattr(door, "run", run)
    monkeypatch.setattr(door, "read_again", lambda: run(("postfix", "reload")))
    return calls


def test_the_door_is_closed_whatever_happens(
    postfix: Postfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = noted(monkeypatch)
    with pytest.raises(OSError, match="power"), door.opened():
        assert "no_address_mappings" in calls[0][2]
        assert "-o content_filter= " in calls[0][2]
        raise OSError("the power went")
    assert calls[-2:] == [("postconf", "-MX", door.SERVICE), ("postfix", "reload")]


def test_a_postfix_that_opens_no_door_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    noted(monkeypatch, 1)
    with pytest.raises(Refused, match="postconf refused: words"), door.opened():
        pass
