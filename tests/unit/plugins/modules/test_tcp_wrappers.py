"""Behaviour of the tcp_wrappers module: check mode, libwrap's judgement, silence, and leaving."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._tcp_wrappers import rehearsal
from ansible_collections.postern.mail.plugins.modules import tcp_wrappers
from ansible_collections.postern.mail.tests.unit.memory_host import MemoryHost, run_module

ALLOW = tcp_wrappers.ALLOW
OPEN = [{"name": "imaps", "sources": ["10.0.0.0/8"]}]
Runner = Callable[..., dict[str, Any]]


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> MemoryHost:
    made = MemoryHost()
    made.files[ALLOW] = File(b"sshd: ALL\n", 0o640)
    monkeypatch.setattr(tcp_wrappers, "read_present", made.read_present)
    monkeypatch.setattr(tcp_wrappers, "apply", made.apply)
    monkeypatch.setattr(rehearsal, "is_installed", lambda: True)
    monkeypatch.setattr(rehearsal, "rehearse", lambda _rules, _files: [])
    return made


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Runner:
    def call(check: bool = False, **options: Any) -> dict[str, Any]:
        return run_module(tcp_wrappers, capsys, check, **{"openings": OPEN, **options})

    return call


def test_the_part_stands_in_front_with_the_files_own_rights(host: MemoryHost, run: Runner) -> None:
    assert run(ignored_by=["Postfix"])["changed"]
    file = host.files[ALLOW]
    assert file is not None
    assert file.mode == 0o640
    assert file.content.startswith(b"# BEGIN postern.mail")
    assert file.content.endswith(b"# END postern.mail\nsshd: ALL\n")


@pytest.mark.usefixtures("host")
def test_a_second_run_is_silent_and_says_who_ignores_it(
    run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(tcp_wrappers.AnsibleModule, "warn", lambda _self, text: said.append(text))
    run(ignored_by=["Postfix", "popa3d"])
    assert said == [
        "Postfix and popa3d on this host: no TCP wrappers there, the firewall alone decides"
    ]
    second = run(ignored_by=["Postfix", "popa3d"])
    assert not second["changed"]
    assert len(said) == 1
    assert second["ignored_by"] == ["Postfix", "popa3d"]


def test_a_check_run_changes_nothing(host: MemoryHost, run: Runner) -> None:
    before = dict(host.files)
    assert run(check=True)["changed"]
    assert host.files == before


def test_without_openings_the_part_leaves(host: MemoryHost, run: Runner) -> None:
    before = dict(host.files)
    run()
    assert run(openings=[])["changed"]
    assert host.files == before
    host.files[ALLOW] = None
    assert not run(openings=[])["changed"]


def test_what_libwrap_judges_otherwise_stays_away(
    host: MemoryHost, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dict(host.files)
    wrong = [Problem("hosts.allow", "imaps lets in 192.0.2.1, says libwrap")]
    monkeypatch.setattr(rehearsal, "rehearse", lambda _rules, _files: wrong)
    assert "imaps lets in 192.0.2.1" in run()["msg"]
    assert host.files == before


def test_problems_of_the_options_come_first(host: MemoryHost, run: Runner) -> None:
    said = run(openings=[{"name": "a b", "sources": "x"}])["msg"]
    assert said.startswith("2 problems, nothing was changed:")
    assert host.files[ALLOW] == File(b"sshd: ALL\n", 0o640)
