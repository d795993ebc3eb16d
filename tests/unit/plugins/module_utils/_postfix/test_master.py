"""A service that leaves takes its processes with it, and no other ends."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._postfix import master

MASTER = 4613
MASTER_CF = """
smtp inet n - y - - smtpd
  -o syslog_name=postfix/one
smtp unix - - y - - smtp
qmgr unix n - n 300 1 qmgr
"""
SMTP = "smtpd -n smtp -t inet -u -c -o smtpd_milters= -n x"
FILTERED = "smtpd -n filtered -t unix -u -c -o content_filter="


@dataclass
class Processes:
    """A host's processes in a folder like /proc, and what is sent to them."""

    proc: Path
    folder: Path
    off: str = ""
    rc: int = 0
    ended: list[int] = field(default_factory=list)

    def add(self, pid: int, command: str, parent: int = MASTER) -> None:
        entry = self.proc / str(pid)
        entry.mkdir(parents=True)
        (entry / "stat").write_text(f"{pid} (a (b) c) S {parent} 1 1 0\n")
        (entry / "cmdline").write_bytes(command.replace(" ", "\0").encode() + b"\0")

    def kill(self, pid: int, _signal: int) -> None:
        self.ended.append(pid)
        shutil.rmtree(self.proc / str(pid))

    def run(self, argv: Sequence[str]) -> Outcome:
        out = f"{self.folder}\n{self.off}\n" if argv[0] == "postconf" else ""
        return Outcome(tuple(argv), self.rc, out, "")


@pytest.fixture
def processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Processes:
    found = Processes(tmp_path / "proc", tmp_path)
    (tmp_path / "pid").mkdir()
    (tmp_path / "pid/master.pid").write_text(f"{MASTER:>20}\n")
    (tmp_path / "master.cf").write_text(MASTER_CF)
    found.add(1, "init", parent=0)
    found.add(MASTER, "/usr/lib/postfix/sbin/master -w", parent=1)
    (found.proc / str(MASTER) / "comm").write_text("master\n")
    monkeypatch.setattr(master, "run", found.run)
    monkeypatch.setattr(master.os, "kill", found.kill)
    monkeypatch.setattr(master, "_LOOK_SECONDS", 0)
    monkeypatch.setattr(master, "PROC", found.proc)
    return found


def test_what_has_left_ends_and_nothing_else(processes: Processes) -> None:
    processes.add(10, SMTP)
    processes.add(11, FILTERED)
    processes.add(12, "qmgr -l -t unix -u")
    processes.add(13, FILTERED, parent=99)  # another Postfix's
    assert master.read_again(str(processes.folder)).ok
    assert processes.ended == [11]


def test_a_service_of_one_type_is_not_that_of_another(processes: Processes) -> None:
    processes.add(10, "smtp -t unix -u -c")
    processes.add(11, "smtpd -n qmgr -t inet -u")
    assert master.read_again(str(processes.folder)).ok
    assert processes.ended == [11]


@pytest.mark.parametrize("off", ["inet", "smtp.inet", "x, smtp/inet"])
def test_what_is_switched_off_ends_too(processes: Processes, off: str) -> None:
    processes.off = off
    processes.add(10, SMTP)
    processes.add(11, "smtp -t unix -u -c")
    assert master.read_again(str(processes.folder)).ok
    assert processes.ended == [10]


def test_a_number_that_outlives_a_stop_is_nobodys(processes: Processes) -> None:
    assert master.running_master(str(processes.folder)) == MASTER
    (processes.proc / str(MASTER) / "comm").write_text("sshd\n")
    assert master.running_master(str(processes.folder)) is None


def test_where_postfix_reads_nothing_nothing_ends(processes: Processes) -> None:
    processes.add(11, FILTERED)
    processes.rc = 1
    assert not master.read_again(str(processes.folder)).ok
    processes.rc = 0
    (processes.folder / "pid/master.pid").unlink()
    assert master.read_again(str(processes.folder)).ok
    assert processes.ended == []
