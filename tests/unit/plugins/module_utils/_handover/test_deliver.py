"""The new agent is given each message once; what it does not take is kept."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._handover import deliver as delivering
from ansible_collections.postern.mail.plugins.module_utils._handover import sources
from ansible_collections.postern.mail.plugins.module_utils._handover.agents import NULLMAILER
from ansible_collections.postern.mail.plugins.module_utils._handover.parcel import Parcel, parse
from ansible_collections.postern.mail.plugins.module_utils._handover.store import Store


class Agent:
    """A new agent in memory: what it has accepted, and how it answers."""

    def __init__(self) -> None:
        self.messages: list[tuple[list[str], bytes]] = []
        self.codes: dict[bytes, int] = {}
        self.breaks = False

    def give(self, argv: list[str], given: bytes) -> tuple[int, str]:
        if self.breaks:
            raise OSError("the power went")
        code = self.codes.get(given, 0)
        if code == 0:
            self.messages.append((argv, given))
        return code, "said so" if code else ""

    def call(self, argv: list[str], stdin: int, _user: Any) -> tuple[int, str]:
        return self.give(argv, os.read(stdin, 1000))


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Agent:
    found = Agent()
    monkeypatch.setattr(delivering, "_give", found.give)
    monkeypatch.setattr(delivering, "_call", found.call)
    monkeypatch.setattr(delivering.swap, "remove", lambda: True)
    monkeypatch.setattr(delivering, "AGENTS", {})
    monkeypatch.setattr(delivering, "_ROOT", -1)
    no_queue = sources.Source(set, lambda: iter(()), lambda _keys: None)
    monkeypatch.setattr(delivering.sources, "source", lambda _agent: no_queue)
    return found


@pytest.fixture
def store(tmp_path: Path) -> Store:
    found = Store(str(tmp_path))
    found.open()
    found.drop.mkdir()
    for name, state in (("1", "waiting"), ("2", "waiting"), ("3", "held")):
        found.prepare(Parcel("nullmailer", name, "a@b", ("c@d",), name.encode(), state))
    found.settle(set())
    return found


def test_each_message_is_given_once(agent: Agent, store: Store) -> None:
    account = delivering.deliver("postfix", store, held=False)
    assert [given for _, given in agent.messages] == [b"1", b"2"]
    assert len(account.delivered) == 2
    delivering.deliver("postfix", store, held=False)
    assert len(agent.messages) == 2


def test_of_a_message_in_parts_only_what_was_taken_leaves(
    agent: Agent, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    doors: list[str] = []
    through: list[tuple[str, ...]] = []

    @contextlib.contextmanager
    def opened() -> Iterator[None]:
        doors.append("open")
        yield
        doors.append("closed")

    def give(part: Parcel) -> tuple[int, str]:
        through.append(part.recipients)
        return 0, ""

    monkeypatch.setattr(delivering.door, "opened", opened)
    monkeypatch.setattr(delivering.door, "give", give)
    agent.codes[b"both"] = 75
    store.prepare(Parcel("sendmail", "4", "a@b", ("c@d", "e@f"), b"both", settled=("e@f",)))
    store.settle(set())
    delivering.deliver("postfix", store, held=False)
    assert through == [("e@f",)]
    assert doors == ["open", "closed"]
    (path,) = store.ready()
    assert parse(path.read_bytes()).recipients == ("c@d",)
    agent.codes.clear()
    delivering.deliver("postfix", store, held=False)
    assert store.ready() == []
    assert len(through) == len(doors) // 2 == 1


def test_sendmail_is_given_the_inner_form_of_mailboxes_that_are_settled(
    agent: Agent, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "domains_of_mailboxes", lambda: frozenset({"example.org"}))
    both = ("carol@example.org", "bob@example.com")
    store.prepare(Parcel("postfix", "4", "a@b", both, b"both", settled=both))
    store.settle(set())
    delivering.deliver("sendmail", store, held=False)
    (argv,) = (argv for argv, given in agent.messages if given == b"both")
    assert argv[-2:] == ["carol@example.org.postern-store", "bob@example.com"]


def test_what_was_held_is_sent_when_asked_for(agent: Agent, store: Store) -> None:
    delivering.deliver("postfix", store, held=True)
    assert [given for _, given in agent.messages] == [b"1", b"2", b"3"]
    assert store.held() == []


def test_what_is_not_taken_yet_stays(agent: Agent, store: Store) -> None:
    agent.codes[b"1"] = 75
    account = delivering.deliver("postfix", store, held=False)
    assert len(account.refused) == 1
    assert [parse(path.read_bytes()).id for path in store.ready()] == ["1"]


def test_what_is_refused_for_good_is_kept_aside(agent: Agent, store: Store) -> None:
    agent.codes[b"1"] = 67
    account = delivering.deliver("postfix", store, held=False)
    assert "said so" in account.kept[0]
    assert store.ready() == []
    states = {parse(path.read_bytes()).state for path in store.kept.iterdir()}
    assert states == {"held", "failed"}


def test_interrupted_it_goes_on_with_the_next(agent: Agent, store: Store) -> None:
    agent.breaks = True
    with pytest.raises(OSError, match="power"):
        delivering.deliver("postfix", store, held=False)
    agent.breaks = False
    delivering.deliver("postfix", store, held=False)
    assert [given for _, given in agent.messages] == [b"1", b"2"]


def kept(store: Store, words: object, message: bytes = b"Subject: x\n") -> Path:
    path = store.drop / "1.mail"
    path.write_bytes(json.dumps(words).encode() + b"\n" + message)
    path.chmod(0o600)
    return path


def test_a_kept_call_is_made_as_it_was(agent: Agent, store: Store) -> None:
    path = kept(store, ["-t", "-i"])
    delivering.deliver("postfix", store, held=False)
    assert (["/usr/sbin/sendmail", "-t", "-i"], b"Subject: x\n") in agent.messages
    assert not path.exists()


@pytest.mark.parametrize(("code", "there"), [(75, True), (67, False)])
def test_a_kept_call_that_fails_is_tried_again_or_kept_aside(
    agent: Agent, store: Store, code: int, there: bool
) -> None:
    path = kept(store, ["nobody"])
    agent.codes[b"Subject: x\n"] = code
    account = delivering.deliver("postfix", store, held=False)
    assert path.exists() == there
    assert bool(account.refused) == there
    assert bool(account.kept) != there


@pytest.mark.parametrize("words", [{}, "x", 1, [1], ["a\0b"], ["\ud800"]])
def test_what_the_stand_in_did_not_write_is_nobodys_call(
    agent: Agent, store: Store, words: object
) -> None:
    path = kept(store, words)
    delivering.deliver("postfix", store, held=False)
    assert [given for _, given in agent.messages] == [b"1", b"2"]
    assert not path.exists()


@pytest.mark.parametrize("line", [b"[" * 100_000, b'["' + b"\xff" * 9])
def test_words_that_nobody_can_read_hinder_nothing(agent: Agent, store: Store, line: bytes) -> None:
    path = kept(store, [])
    path.write_bytes(line + b"\n")
    delivering.deliver("postfix", store, held=False)
    assert [given for _, given in agent.messages] == [b"1", b"2"]


def test_a_call_of_too_many_words_ends_by_itself(tmp_path: Path) -> None:
    with (tmp_path / "x").open("w+b") as file:
        user = delivering._User(os.getuid(), os.getgid())
        code, said = delivering._call(["/bin/true", "x" * 1_000_000], file.fileno(), user)
    assert code in delivering.FINAL
    assert "too long" in said


def test_a_file_that_others_may_read_is_nobodys_call(agent: Agent, store: Store) -> None:
    kept(store, ["x"]).chmod(0o640)
    delivering.deliver("postfix", store, held=False)
    assert len(agent.messages) == 2


def test_roots_file_is_a_call_only_where_root_alone_could_leave_it(
    agent: Agent, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "_ROOT", os.getuid())
    kept(store, ["moved here"])
    (store.dropped / "1.mail").write_bytes(b'["root"]\nx')
    (store.dropped / "1.mail").chmod(0o600)
    delivering.deliver("postfix", store, held=False)
    calls = [argv[1:] for argv, _ in agent.messages if argv[0].endswith("sendmail")]
    assert ["root"] in calls
    assert ["moved here"] not in calls


def test_what_was_taken_before_the_change_was_called_off_is_sent(
    agent: Agent, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = sources.Source(lambda: {"nullmailer-8"}, lambda: iter(()), lambda _keys: None)
    monkeypatch.setattr(delivering.sources, "source", lambda _agent: there)
    for name in ("8", "9"):
        store.prepare(Parcel("nullmailer", name, "a@b", ("c@d",), name.encode(), "waiting"))
    delivering.deliver("nullmailer", store, held=False)
    given = [given for _, given in agent.messages]
    assert [content for content in given if content.endswith(b"9")]
    assert not [content for content in given if content.endswith(b"8")]
    assert not (store.root / "prepared").exists()


def test_a_long_name_hinders_nothing(agent: Agent, store: Store) -> None:
    path = kept(store, ["nobody"])
    path = path.rename(path.with_name(f"{'x' * 249}.mail"))
    agent.codes[b"Subject: x\n"] = 64
    account = delivering.deliver("postfix", store, held=False)
    assert account.kept
    assert not path.exists()


def test_a_message_to_more_than_a_call_takes_does_not_keep_others_back(store: Store) -> None:
    code, said = delivering._give(["/bin/true", "x" * 1_000_000], b"")
    assert code not in {0, *delivering.FINAL}
    assert "too long" in said


def test_what_leads_away_or_blocks_does_not_hinder_others(
    agent: Agent, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_bytes(b'["x"]\nsecret')
    (store.drop / "0.mail").symlink_to(tmp_path / "secret")
    os.mkfifo(store.drop / "2.mail")
    (store.drop / "3.mail").mkdir()
    kept(store, ["y"])
    delivering.deliver("postfix", store, held=False)
    assert next(argv[1:] for argv, _ in agent.messages if "sendmail" in argv[0]) == ["y"]
    assert b"secret" not in [given for _, given in agent.messages]
    assert not store.drop.exists()


def test_another_users_file_can_not_be_sent_by_a_second_name(
    agent: Agent, store: Store, tmp_path: Path
) -> None:
    path = kept(store, ["x"])
    os.link(path, tmp_path / "second")
    delivering.deliver("postfix", store, held=False)
    assert len(agent.messages) == 2


def test_what_came_late_into_an_old_queue_is_swept(
    agent: Agent, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = tmp_path / "spool" / "queue"
    spool.mkdir(parents=True)
    (spool / "1.1").write_bytes(b"a@b\nc@d\n\nlate")
    (spool / "1.2").write_bytes(b"half")
    monkeypatch.setattr(delivering.sources.nullmailer, "SPOOL", str(spool.parent))
    monkeypatch.setattr(delivering.sources, "source", lambda _agent: sources._NULLMAILER)
    monkeypatch.setattr(delivering, "AGENTS", {"nullmailer": NULLMAILER})
    monkeypatch.setattr(delivering.sources, "left_behind", lambda _spools: list(spool.iterdir()))
    delivering.deliver("postfix", store, held=False)
    assert b"late" in [given for _, given in agent.messages]
    assert not list(spool.iterdir())


def test_traces_go_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("x")
    (tmp_path / "unit").symlink_to("/dev/null")
    (tmp_path / "other").write_text("x")
    names = ("folder", "unit", "missing")
    delivering.clear([str(tmp_path / name) for name in names])
    assert [path.name for path in tmp_path.iterdir()] == ["other"]
