"""A host with Courier, in memory but for its Maildirs, which are below a folder."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import os
from collections.abc import Container, Iterable
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._accounts import processes
from ansible_collections.postern.mail.plugins.module_utils._accounts.processes import Session
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._courier import (
    change,
    inside,
    service,
    tree,
)
from ansible_collections.postern.mail.plugins.module_utils._courier.service import Unit
from ansible_collections.postern.mail.tests.unit.memory_host import MemoryHost

CREDENTIALS = "/etc/postern/accounts.passwd"
HASH = "$6$s$h"


class CourierHost(MemoryHost):
    """Files, units, the owner of all mail, and sessions."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.know("alice@example.org", "carol@example.org")
        self.running: set[str] = set()
        self.owner, self.stale, self.refuses = False, True, False
        self.sessions: dict[int, str] = {}
        self._into(monkeypatch)

    def know(self, *logins: str) -> None:
        """Let these have a credential."""
        text = "".join(f"{login}:{HASH}\n" for login in logins)
        self.files[CREDENTIALS] = File(text.encode(), 0o600)

    def _into(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(change, "read_present", self.read_present)
        monkeypatch.setattr(change, "apply", self.apply)
        monkeypatch.setattr(change, "owner_exists", lambda _tree: self.owner)
        monkeypatch.setattr(change, "owner_problems", lambda _tree: [])
        monkeypatch.setattr(change, "make_owner", self._make_owner)
        monkeypatch.setattr(change.units, "read_units_again", lambda _unit: self._did("units"))
        monkeypatch.setattr(change.units, "demand", lambda unit, *_words: self._did(unit))
        monkeypatch.setattr(change, "Path", self._path)
        monkeypatch.setattr(service, "present_units", self._units)
        monkeypatch.setattr(service, "databases_stale", lambda: self.stale)
        monkeypatch.setattr(service, "compile_logins", self._compile)
        monkeypatch.setattr(service, "take", self._take)
        monkeypatch.setattr(processes, "without_right", self._without_right)
        monkeypatch.setattr(processes, "end", self._end)
        monkeypatch.setattr(tree, "_set_quota", self._set_quota)
        monkeypatch.setattr(tree, "as_owner", contextlib.nullcontext)
        monkeypatch.setattr(inside, "read_files", lambda _tree, paths: self.read_present(paths))
        monkeypatch.setattr(inside, "write_files", lambda _tree, plan: self.apply(plan))
        monkeypatch.setattr(tree, "ROOT", (os.geteuid(), os.getegid()))
        monkeypatch.setattr(os, "chown", lambda *_words, **_more: None)

    def _did(self, what: str) -> None:
        self.calls.append(what)

    def _make_owner(self, _tree: object) -> None:
        self.owner = True

    def _path(self, path: str) -> object:
        return (
            type("Known", (), {"exists": lambda _self: True})()
            if path == change.USERDB
            else Path(path)
        )

    def _units(self, names: list[str]) -> dict[str, Unit]:
        return {name: Unit(name, name in self.running, name in self.running) for name in names}

    def _compile(self) -> None:
        self.stale = False
        self.calls.append("compile")

    def _take(self, _courier: object, deeds: list[service.Deed], login: str) -> None:
        self.calls.append(f"know {login}")
        if self.refuses:
            raise Refused("Courier's own words")
        for deed in deeds:
            (self.running.add if deed.words == "restart" else self.running.discard)(deed.unit)

    def _without_right(self, enabled: Container[str]) -> list[Session]:
        found = self.sessions.items()
        return [Session(login, "imapd", pid) for pid, login in found if login not in enabled]

    def _end(self, sessions: Iterable[Session]) -> None:
        for session in sessions:
            del self.sessions[session.pid]

    @staticmethod
    def _set_quota(_tree: object, maildir: Path, limit: int | None) -> None:
        if limit is None:
            (maildir / "maildirsize").unlink(missing_ok=True)
        else:
            (maildir / "maildirsize").write_text(f"{limit * 1024}S\n")
