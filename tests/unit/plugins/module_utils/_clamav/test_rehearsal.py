"""clamd and freshclam judge a staged copy, and what they refuse is told in their words."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._clamav import rehearsal as subject
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.tests.unit.clamavs import told

# A clamd that keeps what it was given, and then answers or refuses.
REFUSES = """#!/bin/sh
folder=$(dirname "${1#--config-file=}")
cp "$folder/clamd.conf" "$folder/../seen.conf"
ls "$folder/databases" > "$folder/../seen.list"
echo "Limits: noise"
echo "LibClamAV Error: Can't load $folder/databases/postern-local.ndb: Malformed database"
exit 1
"""
ANSWERS = "#!/bin/sh\nexec sleep 60\n"


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "staged"
    folder.mkdir()

    @contextlib.contextmanager
    def workspace(_disk: str) -> Iterator[str]:
        yield str(folder)

    clamd = tmp_path / "clamd"
    clamd.write_text(REFUSES, encoding="utf-8")
    clamd.chmod(0o755)
    monkeypatch.setattr(subject, "workspace", workspace)
    monkeypatch.setattr(subject, "CLAMD", str(clamd))
    monkeypatch.setattr(subject.shutil, "chown", lambda _path, _user: None)
    monkeypatch.setattr(subject, "run", lambda argv: Outcome(tuple(argv), 0, "", ""))
    return tmp_path


def test_a_broken_signature_is_told_by_the_name_that_the_site_gave_it(top: Path) -> None:
    with pytest.raises(Refused) as refused:
        subject.rehearse(told())
    assert str(refused.value) == (
        "clamd does not take the new files:\n"
        "LibClamAV Error: Can't load local.ndb: Malformed database"
    )
    assert (top / "seen.list").read_text().split() == ["postern-local.ndb", "rehearsal.ndb"]


def test_the_trial_has_a_socket_and_signatures_of_its_own_and_no_log(top: Path) -> None:
    with pytest.raises(Refused):
        subject.rehearse(told())
    staged = (top / "seen.conf").read_text()
    assert f"LocalSocket {top}/staged/socket\n" in staged
    assert f"DatabaseDirectory {top}/staged/databases\n" in staged
    assert "/run/clamav" not in staged
    assert "LogFile " not in staged
    assert "MaxThreads 2\n" in staged


def test_a_clamd_that_answers_is_believed_and_ended(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (top / "clamd").write_text(ANSWERS, encoding="utf-8")
    monkeypatch.setattr(subject, "scans", lambda _path: True)
    subject.rehearse(told())


def test_what_freshclam_refuses_is_told(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = f"ERROR: Parse error at {top}/staged/freshclam.conf:4: Unknown option Check"
    monkeypatch.setattr(subject, "run", lambda argv: Outcome(tuple(argv), 2, "", words))
    with pytest.raises(Refused, match=r"new files:\nERROR: Parse error at freshclam\.conf:4"):
        subject.rehearse(told())


def test_names_are_asked_of_the_installed_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(argv: list[str]) -> Outcome:
        return Outcome(tuple(argv), 0, f"#Of{argv[-1].partition('.')[0].title()} x\n", "")

    monkeypatch.setattr(subject, "run", run)
    assert subject.known_settings() == {
        "settings": {"OfClamd"},
        "freshclam_settings": {"OfFreshclam"},
    }
