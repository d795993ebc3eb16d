"""The stand-in keeps a whole message or fails visibly; what is no message it passes on."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._handover import stand_in
from hypothesis import given
from hypothesis import strategies as st

SENDMAIL = "/usr/sbin/sendmail"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["bob@example.com"],
        ["-t", "-i"],
        ["-bm", "-f", "a@b", "--", "-bs@c"],
        ["-f", "-bs", "bob"],
        ["-oi", "-F", "-q", "bob"],
        ["-fa@b", "bob", "-bp"],
        ["-", "bob"],
    ],
)
def test_a_message_is_known(words: list[str]) -> None:
    assert stand_in.submits(SENDMAIL, words)


@pytest.mark.parametrize(
    "words",
    [["-bp"], ["-q"], ["-q15m"], ["-Am", "-bs"], ["-bD"], ["-bi"], ["-I"], ["-fa", "-bv"]],
)
def test_what_is_no_message_is_the_agents_business(words: list[str]) -> None:
    assert not stand_in.submits(SENDMAIL, words)


@pytest.mark.parametrize("name", ["/usr/bin/mailq", "/usr/bin/newaliases"])
def test_by_other_names_it_takes_no_message(name: str) -> None:
    assert not stand_in.submits(name, [])


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (["x"], b"a\n"),
        (["-i", "x"], b"a\n.\nb\n"),
        (["-oi"], b"a\n.\nb\n"),
        (["-ti"], b"a\n.\nb\n"),
        (["-i", "-", "x"], b"a\n.\nb\n"),
        (["-"], b"a\n"),
    ],
)
def test_a_dot_alone_ends_a_message_unless_asked_not_to(
    tmp_path: Path, words: list[str], kept: bytes
) -> None:
    stand_in.keep(words, io.BytesIO(b"a\n.\nb\n"), str(tmp_path))
    (path,) = tmp_path.iterdir()
    assert path.read_bytes() == json.dumps(words).encode() + b"\n" + kept


@given(st.binary())
def test_any_message_is_kept_to_the_last_byte(content: bytes) -> None:
    target = io.BytesIO()
    stand_in.copy(io.BytesIO(content), target, to_dot=False)
    assert target.getvalue() == content


def test_only_the_sender_reads_what_is_kept(tmp_path: Path) -> None:
    stand_in.keep(["x"], io.BytesIO(b"a"), str(tmp_path))
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.suffix == ".mail"


def test_a_sender_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def readline(self, *_size: object) -> bytes:
            raise OSError("gone")

        def __next__(self) -> bytes:
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        stand_in.keep(["x"], Broken(), str(tmp_path))
    assert not list(tmp_path.iterdir())


def call(tmp_path: Path, *words: str) -> subprocess.Popen[bytes]:
    text = Path(stand_in.__file__).read_text()
    for folder in (stand_in.DROP, stand_in.DROP_OF_ROOT):
        text = text.replace(f'"{folder}"', repr(str(tmp_path / "drop")))
    for program in stand_in.REAL:
        text = text.replace(program, str(tmp_path / "real"))
    script = tmp_path / "sendmail"
    script.write_text(text)
    pipe = subprocess.PIPE
    argv = [sys.executable, "-IS", str(script), *words]
    return subprocess.Popen(argv, stdin=pipe, stdout=pipe, stderr=pipe)


def test_a_caller_sees_that_nothing_could_be_kept(tmp_path: Path) -> None:
    process = call(tmp_path, "bob@example.com")
    _, said = process.communicate(b"Subject: x\n\n", timeout=20)
    assert process.returncode == stand_in.TEMPORARY_FAILURE
    assert b"try again in a few minutes" in said


def test_a_caller_of_a_killed_stand_in_sees_a_temporary_failure(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    process = call(tmp_path, "bob@example.com")
    end = time.monotonic() + 20
    while not list((tmp_path / "drop").iterdir()):
        assert time.monotonic() < end
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == stand_in.TEMPORARY_FAILURE
    assert not list((tmp_path / "drop").iterdir())


def test_an_smtp_session_without_an_agent_is_put_off(tmp_path: Path) -> None:
    process = call(tmp_path, "-bs")
    said, _ = process.communicate(b"", timeout=20)
    assert process.returncode == stand_in.TEMPORARY_FAILURE
    assert said.startswith(b"421 ")


def test_an_agent_that_leaves_takes_no_session_any_more(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_text("#!/bin/sh\necho 250 taken\n")
    real.chmod(0o755)
    said, _ = call(tmp_path, "-bs").communicate(b"", timeout=20)
    assert said.startswith(b"421 ")
    said, _ = call(tmp_path, "-Am", "-bs").communicate(b"", timeout=20)
    assert said == b"250 taken\n"


def test_roots_mail_lies_where_nobody_else_leaves_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, user in (("DROP", 1000), ("DROP_OF_ROOT", 0)):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.setattr(stand_in, name, str(folder))
        monkeypatch.setattr(stand_in.os, "geteuid", lambda user=user: user)
        monkeypatch.setattr(stand_in.sys, "argv", [SENDMAIL, "bob@example.com"])
        monkeypatch.setattr(stand_in.sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x\n")))
        monkeypatch.setattr(stand_in.signal, "signal", lambda *_given: None)
        assert stand_in.main() == 0
        assert len(list(folder.iterdir())) == 1


def test_a_daemon_starts_as_the_new_agents_own_program(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_text('#!/bin/sh\necho "real $*"\n')
    real.chmod(0o755)
    said, _ = call(tmp_path, "-Am", "-q15m").communicate(b"", timeout=20)
    assert said == b"real -Am -q15m\n"
