"""Who leaves, who can't, and that a queue is taken over in an order that loses nothing."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._handover import collect as collecting
from ansible_collections.postern.mail.plugins.module_utils._handover.agents import (
    NULLMAILER,
    POSTFIX,
)
from ansible_collections.postern.mail.plugins.module_utils._handover.parcel import Parcel, parse
from ansible_collections.postern.mail.plugins.module_utils._handover.sources import Source
from ansible_collections.postern.mail.plugins.module_utils._handover.store import Store
from ansible_collections.postern.mail.plugins.module_utils._queue.model import Message


class Queue:
    """A queue in memory that can break off, and a note of what happened in which order."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.calls: list[str] = []
        self.breaks_at = ""

    def keys(self) -> set[str]:
        return {f"nullmailer-{name}" for name in self.names}

    def parcels(self) -> Iterator[Parcel]:
        for name in self.names:
            self.note(f"read {name}")
            yield Parcel("nullmailer", name, "a@b", ("c@d",), name.encode())

    def remove(self, keys: Collection[str]) -> None:
        for name in list(self.names):
            if f"nullmailer-{name}" in keys:
                self.note(f"remove {name}")
                self.names.remove(name)

    def messages(self, _agent: str) -> list[Message]:
        return [Message("nullmailer", n, "queue", "waiting", "", ("x",), 1, 1) for n in self.names]

    def note(self, call: str) -> None:
        if call == self.breaks_at:
            raise OSError("the power went")
        self.calls.append(call)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    found = Queue("1", "2", "3")
    source = Source(found.keys, found.parcels, found.remove)
    monkeypatch.setattr(collecting, "source", lambda _agent: source)
    monkeypatch.setattr(collecting, "stop", lambda _agent: found.note("stop"))
    monkeypatch.setattr(collecting, "_settle_submissions", lambda _agent: found.note("settle"))
    monkeypatch.setattr(collecting, "_runs", lambda _agent: True)
    monkeypatch.setattr(collecting.host, "read_queue", found.messages)
    monkeypatch.setattr(
        collecting.host, "empty_within", lambda _agent, _seconds: found.note("flush")
    )
    monkeypatch.setattr(collecting.doors, "is_open", lambda _agent: True)
    monkeypatch.setattr(collecting.doors, "close", lambda _agent: found.note("close"))
    monkeypatch.setattr(collecting.swap, "install", lambda _text, _drop: found.note("stand in"))
    return found


def ids(store: Store) -> list[str]:
    return [parse(path.read_bytes()).id for path in store.ready()]


def test_mail_stops_coming_before_the_queue_is_read(queue: Queue, tmp_path: Path) -> None:
    lines = collecting.collect(NULLMAILER, Store(str(tmp_path)), "text", 5)
    steps = ["close", "flush", "stand in", "settle", "stop", "read 1"]
    assert queue.calls[: len(steps)] == steps
    assert len(lines) == 3
    assert ids(Store(str(tmp_path))) == ["1", "2", "3"]
    assert queue.names == []


BREAKS = ["close", "flush", "stand in", "stop", "read 1", "read 3", "remove 1", "remove 3"]


@pytest.mark.parametrize("moment", BREAKS)
def test_interrupted_and_called_again_each_message_is_there_once(
    queue: Queue, tmp_path: Path, moment: str
) -> None:
    store = Store(str(tmp_path))
    queue.breaks_at = moment
    with pytest.raises(OSError, match="power"):
        collecting.collect(NULLMAILER, store, "text", 5)
    queue.breaks_at = ""
    collecting.collect(NULLMAILER, store, "text", 5)
    assert sorted(ids(store)) == ["1", "2", "3"]


def test_messages_that_stay_in_the_queue_stop_the_change(
    queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(queue.keys, queue.parcels, lambda _keys: None)
    monkeypatch.setattr(collecting, "source", lambda _agent: source)
    with pytest.raises(Refused, match="3 messages stay"):
        collecting.collect(NULLMAILER, Store(str(tmp_path)), "text", 0)
    assert ids(Store(str(tmp_path))) == []


def installed(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    said = "".join(f"{name} installed\n" for name in packages) + "dma config-files\n"
    monkeypatch.setattr(collecting, "run", lambda argv: Outcome(tuple(argv), 1, said, ""))


def test_all_agents_but_the_wanted_one_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, "postfix", "nullmailer")
    assert [agent.name for agent in collecting.leaving("nullmailer").agents] == ["postfix"]
    assert collecting.leaving("postfix").agents == (NULLMAILER,)


def test_a_foreign_agent_with_mail_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installed(monkeypatch, "exim4-daemon-light")
    monkeypatch.setitem(collecting.FOREIGN, "exim4-daemon-light", ("", str(tmp_path)))
    assert collecting.leaving("postfix").problems == ()
    (tmp_path / "1-D").write_text("mail")
    (found,) = collecting.leaving("postfix").problems
    assert "exim4-daemon-light is installed and has mail in its queue" in str(found)


def test_a_foreign_agent_that_gets_mail_at_the_last_moment_stops_the_change(
    queue: Queue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = Store(str(tmp_path / "store"))
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setitem(collecting.FOREIGN, "ssmtp", ("", str(spool)))
    assert collecting.replace_foreign("ssmtp", store, "text") == []
    assert queue.calls == ["stand in"]
    assert store.pending
    (spool / "1-D").write_text("mail")
    assert len(collecting.replace_foreign("ssmtp", store, "text")) == 1


def test_each_unit_stops_and_stays_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, ...]] = []

    def run(argv: Sequence[str], **_more: Any) -> Outcome:
        calls.append(tuple(argv))
        return Outcome(tuple(argv), 0, "", "")

    monkeypatch.setattr(collecting, "run", run)
    monkeypatch.setattr(collecting.processes, "await_end", lambda _find, _seconds: 0)
    collecting.stop(NULLMAILER)
    assert [words[1] for words in calls] == ["stop", "disable"]
    calls.clear()
    collecting.stop(POSTFIX)
    socket = "postern-submission-limit.socket"
    assert ("systemctl", "disable", "--quiet", socket) in calls
    stops = [words[2] for words in calls if words[1] == "stop"]
    assert stops.index("postfix.service") < stops.index(socket)
    assert f"/etc/systemd/system/{socket}" in POSTFIX.traces
