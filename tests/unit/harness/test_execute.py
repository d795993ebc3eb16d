"""The runner runs all parts, judges what they said, and always cleans up."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest
from harness import parts, report
from harness.execute import Pool
from harness.parts import Part, Step, nothing_changed

SILENT = "PLAY RECAP ***\nmail   : ok=3    changed=0    unreachable=0\n"
NOISY = (
    "TASK [postern.mail.postfix : Converge Postfix] ***\nchanged: [mail]\n"
    "PLAY RECAP ***\nmail   : ok=3    changed=1    unreachable=0\n"
)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "STATE", tmp_path)


def step(name: str, code: str, **options: object) -> Step:
    return Step(name, (sys.executable, "-c", code), **options)  # type: ignore[arg-type]


def run(*wanted: Part) -> tuple[list[str], str]:
    said: list[str] = []
    results = Pool(2, os.environ, said.append).run(wanted)
    return said, report.closing(results)


def test_a_failure_stops_neither_the_others_nor_the_count() -> None:
    bad = Part("bad", (step("one", "raise SystemExit(3)"),))
    good = Part("good", (step("one", "print('fine')"),))
    said, count = run(bad, good)
    assert count == "1 passed, 1 failed"
    assert any(line.startswith("FAILED  bad") for line in said)
    assert "fine" in good.log.read_text()


def test_after_a_failed_step_only_clean_up_runs(tmp_path: Path) -> None:
    part = Part(
        "part",
        (
            step("fails", "raise SystemExit(1)"),
            step("skipped", f"open({str(tmp_path / 'skipped')!r}, 'w')"),
            step("cleans", f"open({str(tmp_path / 'cleaned')!r}, 'w')", always=True),
        ),
    )
    assert run(part)[1] == "0 passed, 1 failed"
    assert (tmp_path / "cleaned").exists()
    assert not (tmp_path / "skipped").exists()


def test_a_program_that_is_not_there_fails_its_part() -> None:
    assert run(Part("part", (Step("one", ("no-such-program",)),)))[1] == "0 passed, 1 failed"


def test_a_judge_reads_only_its_own_steps_output() -> None:
    noisy = step("first", f"print({NOISY!r})")
    silent = step("check", f"print({SILENT!r})", judge=nothing_changed)
    assert run(Part("silent", (noisy, silent)))[1] == "1 passed, 0 failed"
    judged = step("check", f"print({NOISY!r})", judge=nothing_changed)
    assert run(Part("noisy", (judged,)))[1] == "0 passed, 1 failed"


def test_stopping_ends_what_runs_and_still_cleans_up(tmp_path: Path) -> None:
    part = Part(
        "part",
        (
            step("sleeps", "import time; time.sleep(60)"),
            step("cleans", f"open({str(tmp_path / 'cleaned')!r}, 'w')", always=True),
        ),
    )
    pool = Pool(1, os.environ, lambda _: None)
    begin = time.monotonic()
    threading.Timer(1, pool.stop).start()
    results = pool.run([part])
    assert time.monotonic() - begin < 30
    assert not results[0].passed
    assert (tmp_path / "cleaned").exists()


def test_a_silent_check_run_passes_and_a_noisy_one_names_its_task() -> None:
    assert nothing_changed(SILENT) == ""
    assert "mail: postern.mail.postfix : Converge Postfix" in nothing_changed(NOISY)
    assert "no recap" in nothing_changed("ERROR! the playbook could not be found")


def test_the_tail_of_a_failure_is_shown(tmp_path: Path) -> None:
    part = Part("bad", (step("one", "print('the reason'); raise SystemExit(1)"),))
    results = Pool(1, os.environ, lambda _: None).run([part])
    assert "the reason" in report.tails(results, tmp_path)
    assert "bad" in report.table(results)


def test_what_is_told_of_a_failure_is_not_the_clean_up_that_follows(tmp_path: Path) -> None:
    part = Part(
        "bad",
        (
            step("fails", "print('the reason'); raise SystemExit(1)"),
            step("cleans", "print('clean\\n' * 100)", always=True),
        ),
    )
    told = report.tails(Pool(1, os.environ, [].append).run([part]), tmp_path)
    assert "the reason" in told
    assert "fails: ended with 1" in told
    assert "clean\n" not in told
