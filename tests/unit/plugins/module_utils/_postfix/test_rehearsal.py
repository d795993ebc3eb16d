"""Whom the rehearsal asks, about what, and that it leaves nothing behind."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import workspace
from ansible_collections.postern.mail.plugins.module_utils._core.commands import NOT_FOUND
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._postfix import host, rehearsal
from ansible_collections.postern.mail.plugins.module_utils._postfix.model import configuration
from ansible_collections.postern.mail.plugins.module_utils._postfix.rehearsal import rehearse
from ansible_collections.postern.mail.tests.unit.plugins.module_utils._postfix.fake_postfix import (
    FakePostfix,
)


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakePostfix:
    found = FakePostfix(tmp_path)
    found.into(monkeypatch)
    return found


def rehearsed(daemon: FakePostfix, spec: Mapping[str, Any]) -> tuple[set[str], list[Problem]]:
    wanted = configuration(spec)
    found = host.read_host(daemon.folder)
    assert found is not None
    plan = host.plan_files(wanted, daemon.folder, host.own_files(daemon.folder))
    stale = host.to_compile(wanted, plan, daemon.folder)
    with workspace() as work:
        compiled, problems = rehearse(wanted, plan, found, stale, work)
    return {Path(path).name for path in compiled}, problems


def test_every_daemon_is_asked_with_its_own_options_and_limit(daemon: FakePostfix) -> None:
    server = {"name": "submission", "type": "inet", "command": "smtpd", "options": {"a": "b c"}}
    assert rehearsed(daemon, {"services": [server]}) == (set(), [])
    asked = daemon.commands("smtpd", "qmgr", "cleanup", "virtual")
    assert any("smtpd -n submission -o a=b c -o syslog_name=postern-" in line for line in asked)
    assert any("qmgr -n qmgr -l " in line for line in asked)
    assert any("cleanup -n cleanup -z " in line for line in asked)
    assert not any("virtual" in line for line in asked)  # it cannot start without a folder


def test_a_program_that_is_not_there_is_told(daemon: FakePostfix) -> None:
    daemon.answer("smtpq", NOT_FOUND)
    server = {"name": "x", "type": "unix", "command": "smtpq"}
    _compiled, problems = rehearsed(daemon, {"services": [server]})
    assert [str(problem) for problem in problems] == ['services[x/unix]: no program "smtpq"']


def test_tables_are_compiled_from_the_staged_source_and_tried(daemon: FakePostfix) -> None:
    maps = [{"name": "a", "entries": {"k": "v"}}, {"name": "c", "type": "cidr"}]
    spec = {"parameters": {"alias_maps": "hash:/etc/aliases"}, "maps": maps}
    assert rehearsed(daemon, spec) == ({"a.lmdb"}, [])
    asked = " ".join(daemon.commands("postmap"))
    for table in ("lmdb:", "cidr:", "hash:/etc/aliases"):
        assert table in asked
    assert daemon.folder not in asked
    assert not any(Path(argv[2]).exists() for argv in daemon.asked if argv[0] == "postmap")


def test_what_postmap_says_is_told_with_the_table(daemon: FakePostfix) -> None:
    daemon.answer("postmap", 0, "postmap: warning: duplicate entry")
    compiled, problems = rehearsed(daemon, {"maps": [{"name": "a", "entries": {"k": "v"}}]})
    assert compiled == set()
    assert {problem.where for problem in problems} == {"maps[a]"}


def test_nobody_is_spoken_to_while_postfix_does_not_run(daemon: FakePostfix) -> None:
    daemon.staged = ["451 4.3.5 no"]
    assert rehearsed(daemon, {}) == (set(), [])
    daemon.start()
    assert rehearsed(daemon, {})[1] == [
        Problem("services[smtp/inet]", "Postfix says: 451 4.3.5 no")
    ]


def test_a_running_postfix_that_is_at_fault_itself_does_not_hinder_its_mending(
    daemon: FakePostfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon.start()
    daemon.staged = ["no answer"]
    monkeypatch.setattr(
        "ansible_collections.postern.mail.plugins.module_utils._postfix.rehearsal.try_staged",
        lambda *_: ["no answer"],
    )
    assert rehearsed(daemon, {}) == (set(), [])


def test_staged_tables_are_opened_without_proxymap_and_the_live_ones_behind_it(
    daemon: FakePostfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon.start()
    seen: list[tuple[str, dict[str, str]]] = []

    def note(_program: str, server: Any, folder: str, *_more: Any) -> list[str]:
        seen.append(
            (Path(folder, "main.cf").read_text(encoding="utf-8"), dict(server.options))
            if folder != daemon.folder
            else ("", {})
        )
        return []

    monkeypatch.setattr(rehearsal, "try_staged", note)
    server = {
        "name": "smtp",
        "type": "inet",
        "options": {"local_recipient_maps": "proxy:unix:passwd.byname"},
    }
    value = "proxy:lmdb:$config_directory/maps/a, !proxy:static:b xproxy:c"
    spec = {
        "parameters": {"virtual_alias_maps": value},
        "services": [server],
        "maps": [{"name": "a", "entries": {"k": "v"}}],
    }
    assert rehearsed(daemon, spec)[1] == []
    main, options = seen[-1]
    assert "    lmdb:$config_directory/maps/a,\n    !static:b xproxy:c\n" in main
    assert options == {"local_recipient_maps": "unix:passwd.byname"}


def test_tables_that_stay_are_neither_copied_nor_given_away(
    daemon: FakePostfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = {"maps": [{"name": "a", "entries": {"k": "v"}}]}
    maps = Path(daemon.folder, "maps")
    maps.mkdir()
    (maps / "README").write_text("x", encoding="utf-8")
    (maps / "a").write_text("old\n", encoding="utf-8")
    (maps / "a.lmdb").write_bytes(b"old")
    (maps / "other").write_text("x y\n", encoding="utf-8")
    (maps / "other").chmod(0o640)
    links: list[str] = []
    original = daemon.run

    def look(argv: Any, **more: Any) -> Any:
        if Path(argv[0]).name == "postmap" and "-q" not in argv:
            staged = Path(argv[-1].partition(":")[2]).parent
            links.extend(sorted(path.name for path in staged.iterdir() if path.is_symlink()))
        return original(argv, **more)

    monkeypatch.setattr(rehearsal, "run", look)
    wanted = configuration(spec)
    found = host.read_host(daemon.folder)
    assert found is not None
    plan = host.plan_files(wanted, daemon.folder, [])
    with workspace() as work:
        rehearsal.rehearse(wanted, plan, found, host.to_compile(wanted, plan, daemon.folder), work)
    assert links == ["other"]
    assert (maps / "a.lmdb").read_bytes() == b"old"
    assert (maps / "other").group() == "root"
