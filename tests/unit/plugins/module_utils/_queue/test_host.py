"""Queues are read from the agents' own files and programs, and changed there."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import fcntl
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._queue import host, nullmailer
from ansible_collections.postern.mail.plugins.module_utils._queue.actions import Choice, choose
from ansible_collections.postern.mail.plugins.module_utils._queue.model import Message, Pattern

CONTROL = b"V8\nT5\nSa@b\nRPFD:c@d\nH??Subject: x\n.\n"


class Programs:
    """Programs that note their calls and say what a test wants."""

    def __init__(self) -> None:
        self.calls: list[tuple[tuple[str, ...], str]] = []
        self.says: dict[str, Outcome] = {}

    def run(self, argv: Sequence[str], *, stdin: str = "", **_more: Any) -> Outcome:
        self.calls.append((tuple(argv), stdin))
        return self.says.get(argv[0], Outcome(tuple(argv), 0, "", ""))


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Programs:
    found = Programs()
    monkeypatch.setattr(host, "run", found.run)
    monkeypatch.setattr(host, "_start", lambda commands: [found.run(one) for one in commands])
    return found


@pytest.fixture
def queues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("mqueue", "mqueue-client", "nullmailer/queue", "nullmailer/failed"):
        (tmp_path / name).mkdir(parents=True)
    places = (str(tmp_path / "mqueue"), str(tmp_path / "mqueue-client"))
    monkeypatch.setattr(host, "SENDMAIL_QUEUES", places)
    monkeypatch.setattr(nullmailer, "SPOOL", str(tmp_path / "nullmailer"))
    monkeypatch.setattr(nullmailer, "TRIGGER", str(tmp_path / "nullmailer/trigger"))
    return tmp_path


def chosen(agent: str, action: str, pattern: Pattern | None = None) -> Choice:
    return choose(host.read_queue(agent), action, pattern or Pattern(), 10)


def test_agents_are_those_whose_packages_are_installed(programs: Programs) -> None:
    said = "postfix config-files\nnullmailer installed\n"
    programs.says["dpkg-query"] = Outcome((), 1, said, "no packages found matching sendmail-bin")
    assert host.installed_agents() == ["nullmailer"]


def test_postfix_that_does_not_answer_is_named(programs: Programs) -> None:
    programs.says["postqueue"] = Outcome((), 69, "", "postqueue: fatal: no")
    with pytest.raises(Refused, match="fatal: no"):
        host.read_queue("postfix")


def test_both_queues_of_sendmail_are_read(queues: Path) -> None:
    (queues / "mqueue" / "qf1").write_bytes(CONTROL)
    (queues / "mqueue" / "df1").write_bytes(b"body")
    (queues / "mqueue-client" / "hf2").write_bytes(CONTROL)
    (queues / "mqueue-client" / "df2").write_bytes(b"")
    (queues / "mqueue" / "qf3").write_bytes(b"V8\nhalf")
    found = {message.id: message for message in host.read_queue("sendmail")}
    assert {name: one.state for name, one in found.items()} == {"1": "waiting", "2": "held"}
    assert found["1"].size == len("Subject: x\n") + 4
    assert found["2"].queue.endswith("mqueue-client")


def test_a_queue_with_a_folder_for_each_kind_is_read_too(queues: Path) -> None:
    for kind in ("qf", "df"):
        (queues / "mqueue" / kind).mkdir()
    (queues / "mqueue/qf/qf1").write_bytes(CONTROL)
    (queues / "mqueue/df/df1").write_bytes(b"body")
    assert [message.id for message in host.read_queue("sendmail")] == ["1"]


def test_sendmail_deletes_all_files_of_a_message(queues: Path, programs: Programs) -> None:
    for name in ("qf1", "df1", "xf1", "qf2", "df2"):
        content = CONTROL if name.startswith("q") else b""
        (queues / "mqueue" / name).write_bytes(content)
    assert host.act("sendmail", chosen("sendmail", "delete", Pattern(ids=("1",)))) == []
    assert sorted(path.name for path in (queues / "mqueue").iterdir()) == ["df2", "qf2"]


def test_what_is_being_delivered_is_left_alone(queues: Path, programs: Programs) -> None:
    path = queues / "mqueue" / "qf1"
    path.write_bytes(CONTROL)
    (queues / "mqueue" / "df1").write_bytes(b"")
    choice = chosen("sendmail", "delete", Pattern(sender="*"))
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert host.act("sendmail", choice) == ["1"]
    assert path.exists()


def test_ten_thousand_messages_are_deleted_with_one_look_at_the_spool(
    queues: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10_000):
        (queues / "mqueue" / f"qf{number}").write_bytes(CONTROL)
        (queues / "mqueue" / f"df{number}").write_bytes(b"")
    choice = chosen("sendmail", "delete", Pattern(sender="*"))
    looks = []
    files = host.control_files
    monkeypatch.setattr(host, "control_files", lambda: looks.append(1) or files())
    assert host.act("sendmail", choice) == []
    assert len(looks) == 1
    assert host.read_queue("sendmail") == []


def test_sendmail_holds_what_is_named_and_flushes_at_once(queues: Path, programs: Programs) -> None:
    (queues / "mqueue" / "qf1").write_bytes(CONTROL)
    (queues / "mqueue" / "df1").write_bytes(b"")
    host.act("sendmail", chosen("sendmail", "hold"))
    assert [argv[-1] for argv, _ in programs.calls] == ["-qI1"]
    host.act("sendmail", chosen("sendmail", "flush"))
    assert [argv[-1] for argv, _ in programs.calls[1:]] == ["-q", "-q"]


def test_postfix_gets_all_ids_in_one_call(programs: Programs) -> None:
    messages = tuple(Message("postfix", str(n), "hold", "held", "", ("x",), 1, 1) for n in (1, 2))
    host.act("postfix", Choice("release", messages, False))
    assert programs.calls == [(("postsuper", "-H", "-"), "1\n2\n")]


def test_a_program_that_refuses_is_quoted(programs: Programs) -> None:
    programs.says["postsuper"] = Outcome(
        ("postsuper",), 1, "", "postsuper: fatal: use of this command"
    )
    one = Message("postfix", "1", "hold", "held", "", ("x",), 1, 1)
    with pytest.raises(Refused, match="use of this command"):
        host.act("postfix", Choice("delete", (one,), False))


def test_nullmailer_requeues_and_deletes_files(queues: Path) -> None:
    (queues / "nullmailer/failed/1.1").write_bytes(b"a@b\nc@d\n\nx")
    host.act("nullmailer", chosen("nullmailer", "requeue"))
    assert (queues / "nullmailer/queue/1.1").exists()
    assert host.act("nullmailer", chosen("nullmailer", "delete", Pattern(sender="a@b"))) == []
    assert host.read_queue("nullmailer") == []


def test_what_nullmailer_is_sending_is_left_alone(queues: Path) -> None:
    for name in ("1.1", "1.2"):
        (queues / "nullmailer/queue" / name).write_bytes(b"a@b\nc@d\n\nx")
    choice = chosen("nullmailer", "delete", Pattern(sender="a@b"))
    with (queues / "nullmailer/queue/1.1").open("rb"):
        assert host.act("nullmailer", choice) == ["1.1"]
    assert [one.id for one in host.read_queue("nullmailer")] == ["1.1"]


def test_what_was_opened_at_the_last_moment_is_not_told_as_deleted(
    queues: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = queues / "nullmailer/queue/1.1"
    path.write_bytes(b"a@b\nc@d\n\nx")
    choice = chosen("nullmailer", "delete", Pattern(sender="a@b"))
    looks = iter((set(), {f"{path} (deleted)"}))
    monkeypatch.setattr(host, "open_files", lambda: next(looks))
    assert host.act("nullmailer", choice) == ["1.1"]


def test_to_show_is_to_touch_nothing(queues: Path, programs: Programs) -> None:
    (queues / "nullmailer/queue/1.1").write_bytes(b"a@b\nc@d\n\nx")
    assert host.act("nullmailer", chosen("nullmailer", "show")) == []
    assert programs.calls == []


def waiting(*lengths: int) -> Callable[[str], list[Message]]:
    """Return a reader of a queue that has fewer messages each time it is asked."""
    rest = list(lengths)

    def read(_agent: str) -> list[Message]:
        count = rest.pop(0) if len(rest) > 1 else rest[0]
        return [Message("postfix", str(n), "d", "waiting", "", ("x",), 1, 1) for n in range(count)]

    return read


def test_a_queue_is_tried_until_it_is_empty(
    monkeypatch: pytest.MonkeyPatch, programs: Programs
) -> None:
    monkeypatch.setattr(host, "read_queue", waiting(2, 1, 0))
    monkeypatch.setattr(host.time, "sleep", lambda _seconds: None)
    assert host.empty_within("postfix", 60) == []
    assert programs.calls[0][0] == ("postqueue", "-f")


def test_what_does_not_leave_is_not_waited_for_forever(
    monkeypatch: pytest.MonkeyPatch, programs: Programs
) -> None:
    monkeypatch.setattr(host, "read_queue", waiting(2))
    assert len(host.empty_within("postfix", 60, quiet_seconds=0.1)) == 2


def test_an_empty_queue_needs_no_run(monkeypatch: pytest.MonkeyPatch, programs: Programs) -> None:
    monkeypatch.setattr(host, "read_queue", waiting(0))
    assert host.empty_within("sendmail", 60) == []
    assert programs.calls == []
