"""A Sendmail in memory: its programs answer as told, nothing runs, and nobody need be root."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._sendmail import (
    building,
    change,
    host,
    rehearsal,
    staging,
)
from ansible_collections.postern.mail.plugins.module_utils._sendmail.known import Known
from ansible_collections.postern.mail.plugins.module_utils._sendmail.m4 import (
    Call,
    Section,
    parse_m4,
)
from ansible_collections.postern.mail.plugins.module_utils._sendmail.render import (
    database_path,
    source_path,
)
from ansible_collections.postern.mail.plugins.module_utils._sendmail.service import Running
from ansible_collections.postern.mail.tests.unit.memory_host import MemoryHost

FEATURES = (
    "access_db authinfo blocklist_recipients delay_checks domaintable enhdnsbl genericstable"
    " greet_pause mailertable msp no_default_msa use_ct_file use_cw_file virtusertable"
)
OPTIONS = {
    "confMAX_MESSAGE_SIZE": "MaxMessageSize",
    "confPRIVACY_FLAGS": "PrivacyOptions",
    "confTO_IDENT": "Timeout.ident",
}
KNOWN = Known(
    files={
        "ostype": frozenset(["debian"]),
        "domain": frozenset(["debian-mta", "debian-msp"]),
        "feature": frozenset(FEATURES.split()),
        "mailer": frozenset(["local", "smtp", "procmail"]),
    },
    macros=frozenset(
        [
            *OPTIONS,
            "SMART_HOST",
            "RELAY_MAILER_ARGS",
            "confHOST_STATUS_DIRECTORY",
            "confSERVER_CERT",
        ]
    ),
    options=OPTIONS,
)


class FakeSendmail(MemoryHost):
    """What Sendmail's programs were asked, and what they answer."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.says: dict[str, str] = {}  # by a word of the command
        self.staged: list[str] = []
        self.live: list[str] = []
        self.amiss: list[str] = []
        self.settled: list[tuple[frozenset[str], bool]] = []
        self.returned = 0
        self.refusal = ""
        self.installed = True

    def run(self, argv: Sequence[str], stdin: str = "", **_more: Any) -> Outcome:
        self.asked.append(" ".join(argv))
        words = next((said for word, said in self.says.items() if word in argv), "")
        if argv[0] == "m4":
            return Outcome(tuple(argv), 0, made(stdin), words)
        for path in Path(argv[-1]), *_staged_aliases(argv):
            if not words and path.suffix == "" and path.is_file():
                path.with_name(path.name + ".db").write_bytes(b"compiled")
        return Outcome(tuple(argv), 70 if words else 0, "", words)

    def settle(self, _units: Collection[str], changed: Iterable[str], reload_needed: bool) -> None:
        self.settled.append((frozenset(changed), reload_needed))
        if self.refusal:
            raise Refused(self.refusal)
        self.amiss = []

    def settle_again(self, _changed: Iterable[str]) -> None:
        self.returned += 1

    def into(self, monkeypatch: pytest.MonkeyPatch, *modules: Any) -> None:
        monkeypatch.setattr(host, "read_present", lambda paths, _most: self.read_present(paths))
        monkeypatch.setattr(host, "described", self._described)
        monkeypatch.setattr(host, "apply", self.apply)
        monkeypatch.setattr(host, "is_installed", lambda: self.installed)
        monkeypatch.setattr(host, "_is_stale", self._is_stale)
        monkeypatch.setattr(host, "settle", self.settle)
        monkeypatch.setattr(host, "settle_again", self.settle_again)
        monkeypatch.setattr(host, "_wrong_answers", lambda: self.live)
        monkeypatch.setattr(change, "read_known", lambda: KNOWN)
        monkeypatch.setattr(change, "read_running", self._running)
        for module in (building, rehearsal, staging):
            monkeypatch.setattr(module, "run", self.run)
        monkeypatch.setattr(rehearsal, "try_staged", lambda *_: (self.staged, {"starttls"}))
        monkeypatch.setattr(rehearsal, "log_words", lambda *_: [])
        for module in modules:
            monkeypatch.setattr(module, "in_service", lambda _units: not self.amiss)

    def text(self, path: str) -> str:
        file = self.files[path]
        assert file is not None
        return file.content.decode()

    def _described(self, path: str) -> Any:
        return self.files.get(path)

    def _running(self) -> Running:
        fake = self

        class Seen(Running):
            def amiss(self, _wanted: Iterable[str]) -> list[str]:
                return fake.amiss

        return Seen()

    def _is_stale(self, table: Any, plan: Any) -> bool:
        source, database = source_path(table.name), database_path(table.name)
        return source in plan.paths or self.files.get(database) is None

    def apply(self, plan: Any, accept: Any = None, undo: Any = None) -> None:
        for change_ in plan.changes:
            if change_.after is not None and change_.after.stored is not None:
                assert Path(change_.after.stored.path).is_file(), change_.path
        super().apply(plan, accept, undo)
        self.files = {path: file for path, file in self.files.items() if file is not None}


def _staged_aliases(argv: Sequence[str]) -> list[Path]:
    return [Path(argv[2]).with_name("aliases")] if "-bi" in argv else []


def made(mc: str) -> str:
    """Return what the real macros would make of an mc file, as far as anybody looks at it."""
    lines: list[str] = []
    for statement in parse_m4(mc):
        if isinstance(statement, Section):
            lines += statement.lines
        elif statement.name == "define" and statement.arguments[0] in OPTIONS:
            lines.append(f"O {OPTIONS[statement.arguments[0]]}={statement.arguments[1]}")
        else:
            lines += _line(statement)
    return "".join(f"{line}\n" for line in lines)


def _line(call: Call) -> list[str]:
    first = call.arguments[0]
    found = {
        "DAEMON_OPTIONS": f"O DaemonPortOptions={first}",
        "CLIENT_OPTIONS": f"O ClientPortOptions={first}",
        "TRUST_AUTH_MECH": f"C{{TrustAuthMech}}{first}",
        "INPUT_MAIL_FILTER": f"X{', '.join(call.arguments)}",
        "MASQUERADE_AS": f"DM{first}",
        "MASQUERADE_DOMAIN": f"C{{M}}{first}",
        "MASQUERADE_EXCEPTION": f"C{{N}}{first}",
        "EXPOSED_USER": f"C{{E}}{first}",
        "MAILER": f"M{'esmtp' if first == 'smtp' else first}, P=x",
    }
    return [found[call.name]] if call.name in found else []
