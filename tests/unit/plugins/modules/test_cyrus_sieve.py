"""Behaviour of the cyrus_sieve module, with a compiler and a store of a few lines."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._cyrus.scripts import Link, Person
from ansible_collections.postern.mail.plugins.modules import cyrus_sieve
from ansible_collections.postern.mail.tests.unit.memory_host import MemoryHost, run_module

PEOPLE = ["alice@x", "carol@x"]
Runner = Callable[..., dict[str, Any]]


@pytest.fixture
def people() -> dict[str, Person]:
    return {name: Person(f"/scripts/uuid/a/b/{name}") for name in PEOPLE}


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, people: dict[str, Person]) -> MemoryHost:
    found = MemoryHost()
    monkeypatch.setattr(cyrus_sieve, "read_present", found.read_present)
    monkeypatch.setattr(cyrus_sieve, "apply", found.apply)

    def compile_all(texts: Mapping[str, str]) -> tuple[dict[str, bytes], list[Problem]]:
        refused = [
            Problem(f"the script {name}", text) for name, text in texts.items() if "?" in text
        ]
        return {name: text.upper().encode() for name, text in texts.items()}, refused

    def swing(links: Iterable[Link]) -> None:
        for link in links:
            people[link.person] = Person(people[link.person].folder, link.target or "")

    def present_files(directory: str) -> list[str]:
        paths = (path for path, file in found.files.items() if file)
        return [path.removeprefix(f"{directory}/postern/") for path in paths]

    monkeypatch.setattr(cyrus_sieve, "compile_all", compile_all)
    monkeypatch.setattr(
        cyrus_sieve, "present_people", lambda names: {n: people[n] for n in names if n in people}
    )
    monkeypatch.setattr(cyrus_sieve, "present_files", present_files)
    monkeypatch.setattr(cyrus_sieve, "as_cyrus", contextlib.nullcontext)
    monkeypatch.setattr(cyrus_sieve, "own_folder", lambda _directory: None)
    monkeypatch.setattr(cyrus_sieve, "swing", swing)
    return found


@pytest.fixture
def run(host: MemoryHost, capsys: pytest.CaptureFixture[str]) -> Runner:
    def call(check: bool = False, **options: Any) -> dict[str, Any]:
        options = {"people": PEOPLE, "directory": "/scripts", "site_script": "keep;", **options}
        return run_module(cyrus_sieve, capsys, check, **options)

    return call


def test_a_second_run_is_silent(run: Runner, people: dict[str, Person]) -> None:
    assert run(scripts={"carol@x": "stop;"})["changed"]
    assert people["alice@x"].active.endswith("/postern/site.bc")
    assert people["carol@x"].active.endswith("/postern/carol@x.bc")
    again = run(scripts={"carol@x": "stop;"})
    assert (again["changed"], again["diff"]) == (False, [])


def test_a_check_run_says_what_a_real_run_does(host: MemoryHost, run: Runner) -> None:
    checked = run(check=True)
    assert {path: file for path, file in host.files.items() if file} == {}
    assert run()["diff"] == checked["diff"]


def test_a_check_run_counts_who_gets_a_mailbox_in_the_same_run(
    run: Runner, people: dict[str, Person]
) -> None:
    checked = run(people=[*PEOPLE, "erin@x"], check=True)
    people["erin@x"] = Person("/scripts/uuid/a/b/erin@x")  # made by then
    assert run(people=[*PEOPLE, "erin@x"])["diff"] == checked["diff"]


def test_a_script_that_cyrus_refuses_changes_nothing(host: MemoryHost, run: Runner) -> None:
    run()
    before = dict(host.files)
    answer = run(site_script="keep?", scripts={"carol@x": "what?"})
    assert "2 problems, nothing was changed" in answer["msg"]
    assert "the script site: keep?" in answer["msg"]
    assert host.files == before


def test_what_leaves_the_inventory_leaves_the_host(
    host: MemoryHost, run: Runner, people: dict[str, Person]
) -> None:
    run(scripts={"carol@x": "stop;"})
    run(site_script="")
    assert [path for path, file in host.files.items() if file] == []
    assert [person.active for person in people.values()] == ["", ""]
