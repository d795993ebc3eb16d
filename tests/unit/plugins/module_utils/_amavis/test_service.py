"""amavis reads a staged copy first, and is believed when its sockets take calls."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._amavis import service as subject
from ansible_collections.postern.mail.plugins.module_utils._amavis.render import CONFIGURATION
from ansible_collections.postern.mail.plugins.module_utils._amavis.wanted import (
    AMAVIS,
    EXPIRY_TIMER,
    FILTERED,
    FOLDER,
    MILTER,
)
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Change, File, Plan

PLAN = Plan((Change(CONFIGURATION, None, File(b"use strict;\n1;\n")),))


def test_a_quarantine_of_empty_folders_holds_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(subject, "QUARANTINE", str(tmp_path / "virusmails"))
    assert not subject.holds_messages()
    (tmp_path / "virusmails" / "K").mkdir(parents=True)
    assert not subject.holds_messages()
    (tmp_path / "virusmails" / "K" / "virus-K7mPq2xYzAbC").touch()
    assert subject.holds_messages()


class Systemd:
    """A systemd that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def systemctl(self, *words: str) -> Outcome:
        self.told.append(" ".join(words))
        return Outcome(words, 0, "", "")

    def demand(self, unit: str, *words: str) -> None:
        self.told.append(" ".join([*words, unit]))

    def read_units_again(self, _unit: str) -> None:
        self.told.append("daemon-reload")

    def log_of(self, unit: str, lines: int) -> str:
        return f"{lines} lines of {unit}"


class Programs:
    """Programs that note how they are called, and say this."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.code, self.words = 0, ""
        self.read = b""

    def run(self, argv: list[str]) -> Outcome:
        self.calls.append(argv)
        if argv[-1] == "test-config":
            self.read = Path(argv[2]).read_bytes()
        return Outcome(tuple(argv), self.code, "", self.words.replace("HERE", argv[2]))


@pytest.fixture
def systemd(monkeypatch: pytest.MonkeyPatch) -> Systemd:
    made = Systemd()
    monkeypatch.setattr(subject, "units", made)
    monkeypatch.setattr(subject, "_WAIT_SECONDS", 0.0)
    return made


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Programs:
    made = Programs()

    @contextmanager
    def workspace() -> Iterator[str]:
        yield str(tmp_path)

    def put(path: str, file: File | None) -> None:
        Path(path).write_bytes(file.content if file else b"")

    monkeypatch.setattr(subject, "run", made.run)
    monkeypatch.setattr(subject, "workspace", workspace)
    monkeypatch.setattr(subject, "put", put)
    return made


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Return the path of a socket of this name that takes calls."""
    servers = []

    def listen(name: str) -> str:
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(tmp_path / name))
        server.listen()
        servers.append(server)
        return str(tmp_path / name)

    yield listen
    for server in servers:
        server.close()


def test_amavis_reads_a_copy_as_its_own_user(programs: Programs, tmp_path: Path) -> None:
    subject.judge(PLAN)
    [argv] = programs.calls
    assert [argv[0], argv[1], argv[3]] == ["/usr/sbin/amavisd", "-c", "test-config"]
    assert programs.read == b"use strict;\n1;\n"
    assert tmp_path.stat().st_mode & 0o777 == 0o711


def test_amavis_own_words_are_told_with_the_files_own_place(programs: Programs) -> None:
    programs.code, programs.words = 1, "Error in config file HERE: syntax error"
    with pytest.raises(Refused, match=r"config file /etc/amavis/postern\.conf: syntax"):
        subject.judge(PLAN)


def test_nothing_is_judged_where_the_configuration_stays(programs: Programs) -> None:
    subject.judge(Plan())
    subject.judge(Plan((Change(FOLDER, None, File(b"")),)))
    subject.judge(Plan((Change(CONFIGURATION, File(b"1;"), None),)))
    assert programs.calls == []


def test_units_start_in_their_order(
    systemd: Systemd, programs: Programs, listening: Callable[[str], str]
) -> None:
    subject.take(PLAN, [AMAVIS, MILTER], [listening("a"), listening("b")])
    assert systemd.told == [
        "daemon-reload",
        *(
            words
            for unit in (AMAVIS, MILTER)
            for words in (
                f"reset-failed {unit}",
                f"enable --quiet {unit}",
                f"restart {unit}",
            )
        ),
    ]
    assert programs.calls == []


def test_a_new_folder_is_made_at_once(
    systemd: Systemd, programs: Programs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "folder.conf"
    monkeypatch.setattr(subject, "FOLDER", str(folder))
    plan = Plan((Change(str(folder), None, File(b"")),))
    subject.take(plan, [], [])
    assert programs.calls == []
    folder.touch()
    subject.take(plan, [], [])
    assert programs.calls == [["systemd-tmpfiles", "--create", str(folder)]]
    programs.code, programs.words = 65, "bad line"
    with pytest.raises(Refused, match=r"does not take .*:\nbad line"):
        subject.take(plan, [], [])
    assert systemd.told[-1] == "daemon-reload"


def test_a_socket_that_takes_no_call_is_refused_with_the_log(
    systemd: Systemd, listening: Callable[[str], str]
) -> None:
    with pytest.raises(Refused, match=r"answer: /nowhere: .*\n15 lines of amavis\.service"):
        subject.take(PLAN, [AMAVIS], [listening("a"), "/nowhere"])
    assert systemd.told[-1] == f"restart {AMAVIS}"


@pytest.mark.parametrize(("stands", "word"), [(True, "restart"), (False, "stop")])
def test_the_old_files_run_again_where_there_were_some(
    systemd: Systemd, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stands: bool, word: str
) -> None:
    monkeypatch.setattr(subject, "CONFIGURATION", str(tmp_path if stands else tmp_path / "none"))
    subject.take_again([AMAVIS], [])
    assert systemd.told == ["daemon-reload", f"{word} {AMAVIS}"]


def test_what_was_stopped_for_the_new_files_starts_again_the_milter_last(
    systemd: Systemd, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(subject, "CONFIGURATION", str(tmp_path))
    subject.take_again([AMAVIS], [unit for unit in subject.ALL if unit in (MILTER, FILTERED)])
    assert systemd.told[1:] == [
        f"restart {AMAVIS}",
        f"enable --now {FILTERED}",
        f"enable --now {MILTER}",
    ]


def test_units_stop_from_those_that_ask_to_those_that_are_asked(systemd: Systemd) -> None:
    subject.stop(subject.ALL)
    assert systemd.told == [
        f"disable --now {unit}" for unit in (EXPIRY_TIMER, MILTER, AMAVIS, FILTERED)
    ]


def test_what_is_gone_is_forgotten(systemd: Systemd) -> None:
    subject.forget()
    assert systemd.told == ["daemon-reload"]


def test_amavis_is_there_when_its_program_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(subject, "PROGRAM", str(tmp_path / "amavisd"))
    assert not subject.is_installed()
    (tmp_path / "amavisd").touch()
    assert subject.is_installed()
