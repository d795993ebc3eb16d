"""Processes are known by what they run, and are asked to end only after a while."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._handover import processes

SLEEPER = "import time\ntime.sleep(60)\n"


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    script = tmp_path / "sendmail"
    script.write_text(SLEEPER)
    process = subprocess.Popen([sys.executable, "-IS", str(script), "-t"])
    yield process
    process.kill()
    process.wait()


def test_a_program_is_known_after_its_file_was_replaced() -> None:
    assert processes.runs("/usr/sbin/sendmail (deleted)", ("/usr/sbin/sendmail",))
    assert processes.runs("/usr/lib/postfix/sbin/master", ("/usr/lib/postfix/",))
    assert not processes.runs("/usr/bin/python3.11", ("/usr/sbin/sendmail",))


def test_a_running_program_is_found_by_its_path(sleeper: subprocess.Popen[bytes]) -> None:
    program = os.path.realpath(sys.executable)
    wait(lambda: sleeper.pid in processes.running((program,)))
    assert os.getpid() not in processes.running((program,))


def test_the_stand_in_is_found_by_its_script(
    sleeper: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    wait(lambda: processes.stand_ins((str(tmp_path / "sendmail"),)) == [sleeper.pid])
    assert processes.stand_ins((str(tmp_path / "other"),)) == []


def test_what_does_not_end_is_ended(sleeper: subprocess.Popen[bytes]) -> None:
    def find() -> list[int]:
        return [] if sleeper.poll() is not None else [sleeper.pid]

    assert processes.await_end(find, 0.2) == 1
    assert sleeper.poll() is not None


def test_nobody_is_ended_who_ends_in_time() -> None:
    answers = [[1], [1], []]
    assert processes.await_end(lambda: answers.pop(0) if answers else [], 5) == 0


def test_one_that_begins_between_two_looks_may_finish(
    sleeper: subprocess.Popen[bytes],
) -> None:
    answers = [[], [sleeper.pid], [sleeper.pid]]
    assert processes.await_end(lambda: answers.pop(0) if answers else [], 5) == 0
    assert sleeper.poll() is None


def wait(ready: object) -> None:
    end = time.monotonic() + 10
    while not ready():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)
