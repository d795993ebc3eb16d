"""Behaviour of commands: their own words come back, and nothing that they do raises or hangs."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.commands import (
    NOT_FOUND,
    NOT_STARTED,
    TIMED_OUT,
    Outcome,
    run,
)


def sh(script: str, **more: float) -> Outcome:
    return run(["/bin/sh", "-c", script], timeout_seconds=more.get("timeout_seconds", 20))


def test_output_errors_and_return_code_come_back() -> None:
    done = sh("echo out; echo err >&2; exit 3")
    assert (done.rc, done.out, done.err, done.ok) == (3, "out\n", "err\n", False)
    assert done.words == "err\nout"


def test_input_is_given_and_is_empty_otherwise() -> None:
    assert run(["cat"], stdin="grüße\n").out == "grüße\n"
    assert run(["cat"]).out == ""


@pytest.mark.parametrize("size", [0, 1, 3_000_000])
def test_large_input_and_output_do_not_lock_up(size: int) -> None:
    assert run(["cat"], stdin="x" * size).out == "x" * size


def test_words_are_not_read_by_a_shell() -> None:
    assert run(["echo", "$HOME; true", "*"]).out == "$HOME; true *\n"


def test_the_locale_is_c_and_the_environment_can_be_added_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("POSTERN_KEPT", "kept")
    script = ["/bin/sh", "-c", "echo $LC_ALL $POSTERN_KEPT $POSTERN_NEW"]
    assert run(script, env={"POSTERN_NEW": "new"}).out == "C kept new\n"


def test_output_that_is_no_text_is_kept_readable() -> None:
    assert sh(r"printf 'a\377b'").out == "a�b"


def test_a_missing_program_is_told_by_name() -> None:
    done = run(["/nowhere/daemon", "-t"])
    assert (done.rc, done.words) == (NOT_FOUND, "/nowhere/daemon: not installed")


def test_a_program_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    path = tmp_path / "daemon"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o644)
    done = run([str(path)])
    assert done.rc == NOT_STARTED
    assert "Permission denied" in done.words


def test_a_program_without_an_end_is_ended_with_its_children() -> None:
    begin = time.monotonic()
    done = sh("echo said; sleep 60 & sleep 60", timeout_seconds=0.3)
    assert time.monotonic() - begin < 10
    assert done.rc == TIMED_OUT
    assert "no end after 0.3 s" in done.words
    assert done.out == "said\n"


def test_a_daemon_left_behind_does_not_hold_the_answer_up() -> None:
    begin = time.monotonic()
    done = sh("sleep 5 & echo started")
    assert time.monotonic() - begin < 4
    assert done.out == "started\n"
