"""Rules are tried out before they go live: what is said of a program that does not deliver."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROLE = Path(__file__).parents[4] / "roles" / "procmail"
FILE = ROLE / "files" / "check_delivery.py"


@pytest.fixture
def checker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The checker, as whoever runs the tests, with a program that the test writes."""
    spec = importlib.util.spec_from_file_location("check_delivery", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    real = module.subprocess.run

    def run(argv: list[str], **options: Any) -> Any:
        for name in ("user", "group", "extra_groups"):
            options.pop(name)
        return real([str(tmp_path / "program"), *argv[1:]], **options)

    monkeypatch.setattr(module.subprocess, "run", run)
    monkeypatch.setattr(module.shutil, "chown", lambda *_words: None)
    return module


@pytest.fixture
def judged(checker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """What the checker returns about a program that the test writes."""

    def judge(script: str) -> int:
        program = tmp_path / "program"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        (tmp_path / "rules").write_text('DEFAULT="/var/mail/$LOGNAME"\n')
        monkeypatch.setattr(sys, "argv", ["check", "maildrop", str(tmp_path / "rules")])
        code: int = checker.main()
        return code

    return judge


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("cat > box", ""),
        ('eval "$(grep DEFAULT rc)"; cat > $DEFAULT', ""),
        ("mkdir -p Maildir/new; cat > Maildir/new/1", ""),
        ("cat > box; echo oops >&2", "oops"),
        ("cat > box; echo oops > log", "oops"),
        ("cat > box; exit 75", "return code 75"),
        ("cat > /dev/null", "the probe is in 0 mailboxes"),
        ("tee box > copy", "the probe is in 2 mailboxes"),
    ],
)
def test_rules_are_good_when_the_probe_arrives_once_and_nothing_is_said(
    judged: Callable[[str], int],
    capsys: pytest.CaptureFixture[str],
    script: str,
    said: str,
) -> None:
    assert judged(script) == (1 if said else 0)
    words = capsys.readouterr().err
    assert said in words
    assert bool(words) == bool(said)


def test_the_folder_goes_afterwards(judged: Callable[[str], int], tmp_path: Path) -> None:
    judged(f"cat > box; pwd > {tmp_path}/where")
    assert not os.path.lexists((tmp_path / "where").read_text().strip())
