"""A Postfix in a folder: its programs answer as told, nothing runs, and nobody need be root."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.commands import (
    NOT_FOUND,
    Outcome,
)
from ansible_collections.postern.mail.plugins.module_utils._core.files import (
    described,
    read_present,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._postfix import host, master, rehearsal

DEFAULTS = """biff = yes
myhostname = here
relayhost =
inet_interfaces = all
inet_protocols = ipv4
queue_directory = {queue}
smtp_tls_CApath =
smtpd_tls_CApath =
alias_maps = hash:/etc/aliases
alias_database = $alias_maps
"""
TYPES = ("btree", "cdb", "cidr", "hash", "inline", "lmdb", "pcre", "regexp", "static", "texthash")
ENDINGS = {"lmdb": ".lmdb", "hash": ".db", "btree": ".db", "cdb": ".cdb"}


class FakePostfix:
    """What Postfix's programs were asked, and what they answer."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder / "postfix")
        self.queue = folder / "queue"
        self.asked: list[tuple[str, ...]] = []
        self.answers: dict[str, Outcome] = {}
        self.live: list[str] = []
        self.staged: list[str] = []
        self.complaints: list[str] = []
        self.types = TYPES
        self._owners: dict[int, tuple[str, str]] = {}
        self._proc = folder / "proc"
        Path(self.folder).mkdir()

    def start(self) -> None:
        """Let it look as if it ran."""
        (self.queue / "pid").mkdir(parents=True)
        (self.queue / "pid/master.pid").write_text(" 1\n", encoding="ascii")
        (self._proc / "1").mkdir(parents=True)
        (self._proc / "1/comm").write_text("master\n", encoding="ascii")

    def text(self, name: str) -> str:
        return Path(self.folder, name).read_text(encoding="utf-8")

    def answer(self, program: str, rc: int, err: str = "") -> None:
        self.answers[program] = Outcome((program,), rc, "", err)

    def missing(self) -> None:
        self.answer("postconf", NOT_FOUND)

    def commands(self, *names: str) -> list[str]:
        """Return what was asked of some programs, in their order."""
        return [" ".join(argv) for argv in self.asked if Path(argv[0]).name in names]

    def run(self, argv: Sequence[str], **_more: Any) -> Outcome:
        self.asked.append(tuple(argv))
        name = Path(argv[0]).name
        out = ""
        if name in self.answers:
            return self.answers[name]
        if name == "postconf" and "-d" in argv:
            out = DEFAULTS.format(queue=self.queue)
        if name == "postconf" and "-xh" in argv:
            out = "all\nexample.org\nmail.example.org\n"
        if name == "postconf" and "-m" in argv:
            out = "\n".join(self.types)
        if name == "postmap" and "-q" not in argv:
            kind, _colon, source = argv[-1].partition(":")
            Path(source + ENDINGS[kind]).write_bytes(b"compiled")
        return Outcome(tuple(argv), 0, out, "")

    def into(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(host, "run", self.run)
        monkeypatch.setattr(rehearsal, "run", self.run)
        monkeypatch.setattr(master, "run", self.run)
        monkeypatch.setattr(host, "log_words", lambda *_: self.complaints)
        monkeypatch.setattr(rehearsal, "log_words", lambda *_: self.complaints)
        monkeypatch.setattr(host, "try_listener", lambda *_: self.live)
        monkeypatch.setattr(rehearsal, "try_staged", self._staged)
        monkeypatch.setattr(host.time, "sleep", lambda _: None)
        monkeypatch.setattr(master, "PROC", self._proc)
        monkeypatch.setattr(host, "read_present", self._read_present)
        monkeypatch.setattr(host, "described", self._described)
        monkeypatch.setattr(shutil, "chown", self._chown)
        monkeypatch.setattr(Path, "owner", lambda path: self._owner(path)[0])
        monkeypatch.setattr(Path, "group", lambda path: self._owner(path)[1])

    def _staged(self, _program: str, _server: Any, folder: str, *_more: Any) -> list[str]:
        return [] if folder == self.folder else self.staged

    def _chown(self, path: Any, user: Any = None, group: Any = None) -> None:
        if isinstance(path, int):
            path = Path(f"/proc/self/fd/{path}").resolve()
        before = self._owner(Path(path))
        self._owners[Path(path).stat().st_ino] = (user or before[0], group or before[1])

    def _owner(self, path: Path) -> tuple[str, str]:
        return self._owners.get(path.stat().st_ino, ("root", "root"))

    def _read_present(
        self, paths: Iterable[str], held_bytes: int | None = None
    ) -> dict[str, File | None]:
        found = read_present(paths, held_bytes)
        return {path: self._owned(path, file) for path, file in found.items()}

    def _described(self, path: str) -> File | None:
        return self._owned(path, described(path))

    def _owned(self, path: str, file: File | None) -> File | None:
        if file is None:
            return None
        user, group = self._owner(Path(path))
        return replace(file, owner=user, group=group)
