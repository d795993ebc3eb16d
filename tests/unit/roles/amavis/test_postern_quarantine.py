"""The quarantine is listed, released and expired, and no name leads out of it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

ROLE = Path(__file__).parents[4] / "roles" / "amavis"
FILE = ROLE / "files" / "postern_quarantine.py"
DAY = 86400
ORIGINAL = (
    b"Received: from a.example by b.example; Mon, 1 Jun 2026 10:00:00 +0000\n"
    b"From: Bob <bob@example.com>\nSubject: hello\nX-Spam-Flag: NO\n\nWords.\n\n\xff\x00 end"
)


def _loaded() -> Any:
    spec = importlib.util.spec_from_file_location("postern_quarantine", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look for it there
    spec.loader.exec_module(module)
    return module


quarantine = _loaded()


def put_on(head: dict[str, str]) -> bytes:
    """Return the lines that amavis puts in front of a message."""
    return "".join(f"{name}: {value}\n" for name, value in head.items()).encode()


def hold(folder: Path, name: str, when: int = 1000, content: bytes = ORIGINAL, **said: str) -> Path:
    """Put a message into quarantine as amavis does."""
    head = {
        "Return-Path": "<>",
        "Delivered-To": "virus-quarantine",
        "X-Envelope-From": said.get("sender", "<bob@example.com>"),
        "X-Envelope-To": said.get("to", "<alice@example.org>,\n <carol@example.org>"),
        "X-Quarantine-ID": f"<{name.partition('-')[2]}>",
        "X-Amavis-Alert": said.get("alert", "INFECTED, message contains virus:\n\tEicar"),
    }
    path = folder / name.partition("-")[2][0] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(put_on(head) + content)
    os.utime(path, (when, when))
    return path


class Programs:
    """Programs that note how they are called, and what they are given to read."""

    def __init__(self) -> None:
        self.calls: list[tuple[list[str], bytes | None]] = []
        self.code, self.out, self.err = 0, "250 2.0.0 Ok", ""

    def run(self, argv: list[str], **options: Any) -> subprocess.CompletedProcess[Any]:
        self.calls.append((argv, options.get("input")))
        if options.get("text"):
            return subprocess.CompletedProcess(argv, self.code, self.out, self.err)
        out, err = self.out.encode(), self.err.encode()
        return subprocess.CompletedProcess(argv, self.code, out, err)


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Programs:
    made = Programs()
    monkeypatch.setattr(quarantine.subprocess, "run", made.run)
    return made


@pytest.fixture
def asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., tuple[int, bytes, bytes]]:
    """What a command line returns and says, of the quarantine in this test's folder."""
    monkeypatch.setattr(quarantine, "FOLDER", tmp_path)
    monkeypatch.setattr(quarantine, "become", lambda _user: None)

    def ask(*words: str) -> tuple[int, bytes, bytes]:
        code = quarantine.main([*words])
        sys.stdout.flush()
        return (code, *capfdbinary.readouterr())

    return ask


def test_each_message_is_told_with_its_envelope_and_its_reason(tmp_path: Path) -> None:
    path = hold(tmp_path, "virus-Ab3dEfGhIjKl", when=1234)
    [found] = quarantine.held(tmp_path)
    assert found == quarantine.Held(
        name="virus-Ab3dEfGhIjKl",
        why="virus",
        when=1234,
        size=path.stat().st_size,
        sender="bob@example.com",
        recipients=["alice@example.org", "carol@example.org"],
        subject="hello",
        alert=found.alert,
    )
    assert found.alert.startswith("INFECTED, message contains virus:")


def test_the_oldest_is_told_first_and_names_decide_between_equals(tmp_path: Path) -> None:
    for name, when in (("spam-b23456789012", 5), ("virus-a23456789012", 9)):
        hold(tmp_path, name, when)
    hold(tmp_path, "attachment-c23456789012", 5)
    hold(tmp_path, "unchecked-d23456789012", 1)
    assert [one.name for one in quarantine.held(tmp_path)] == [
        "unchecked-d23456789012",
        "attachment-c23456789012",
        "spam-b23456789012",
        "virus-a23456789012",
    ]


def test_what_amavis_has_not_named_is_no_message(tmp_path: Path) -> None:
    hold(tmp_path, "notes-a23456789012")
    hold(tmp_path, "virus-a23456789012.gz")
    (tmp_path / "a" / "virus-b23456789012").mkdir()
    assert quarantine.held(tmp_path) == []
    assert quarantine.held(tmp_path / "none") == []


@pytest.mark.parametrize(
    "header", ["Subject", "X-Envelope-From", "X-Envelope-To", "X-Amavis-Alert"]
)
def test_nothing_that_works_on_a_terminal_is_told(tmp_path: Path, header: str) -> None:
    evil = "<a\x1b]0;title\x07b\x9b2J\u202ec@example.org>"
    name = "spam-a23456789012"
    path = hold(tmp_path, name)
    rest = b"".join(
        line
        for line in path.read_bytes().splitlines(keepends=True)
        if not line.startswith((header.encode(), b" <", b"\t"))
    )
    path.write_bytes(put_on({header: evil}) + rest)
    [found] = quarantine.held(tmp_path)
    told = "".join([found.sender, found.subject, found.alert, *found.recipients])
    assert told.isprintable()
    assert "title" in told


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quarantine with something worth reading around it."""
    around = tmp_path_factory.mktemp("around")
    folder = around / "virusmails"
    hold(folder, "virus-Ab3dEfGhIjKl")
    hold(folder, "spam-Ab3d_fGh-jKl")
    hold(around, "virus-x23456789012")
    (around / "x").joinpath("secret").touch()
    (folder / "secret").touch()
    return folder


@given(
    st.text()
    | st.from_regex(r"(virus|spam)-[A-Za-z0-9./_-]{1,20}", fullmatch=True)
    | st.sampled_from(["virus-Ab3dEfGhIjKl", "spam-Ab3d_fGh-jKl"])
)
@example("../x/virus-x23456789012")
@example("../x/secret")
@example("secret")
@example("/etc/passwd")
@example("virus-..")
@example("virus-../../x/secret")
@example("virus-Ab3dEfGhIjKl\n")
@example("virus-Ab3dEfGhIjKl\0")
@example("virus-Ab3dEfGhIjKl/../virus-Ab3dEfGhIjKl")
@example("A/virus-Ab3dEfGhIjKl")
@example("virus-\u0661b3dEfGhIjKl")
@example("")
def test_only_what_lies_in_quarantine_is_found_by_its_own_name(kept: Path, name: str) -> None:
    if name in ("virus-Ab3dEfGhIjKl", "spam-Ab3d_fGh-jKl"):
        assert quarantine.path_of(kept, name) == kept / "A" / name
        return
    with pytest.raises(quarantine.Failed, match="nothing in quarantine has this name"):
        quarantine.path_of(kept, name)


_values = st.binary(max_size=30).map(lambda value: value.replace(b"\n", b"\n\t"))
_put_on = st.sampled_from(
    [b"Return-Path", b"Delivered-To", b"X-Envelope-To", b"X-Quarantine-ID", b"X-Amavis-Alert"]
)
_heads = st.lists(st.tuples(_put_on, _values).map(lambda pair: b"%s: %s\n" % pair), max_size=5)


@given(_heads, st.binary())
@example([], b"")
@example([b"X-Amavis-Alert: a\n\tb\n"], b"\nX-Spam-Flag: in the body\n")
@example([b"Return-Path: <>\n"], b"From: bob\r\nX-Envelope-To: mine\r\n\r\nwords without an end")
def test_a_message_comes_out_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, heads: list[bytes], rest: bytes
) -> None:
    """Agents put a line of their own before the sender's, so none begins as amavis' lines do."""
    path = tmp_path_factory.mktemp("original") / "message"
    message = b"Received: from a.example\n" + rest
    path.write_bytes(b"".join(heads) + message)
    assert quarantine.original_of(path) == message


def test_a_message_without_a_header_or_without_anything_comes_out_as_well(tmp_path: Path) -> None:
    path = hold(tmp_path, "spam-a23456789012", content=b"\nX-Spam-Flag: in the body\n")
    assert quarantine.original_of(path) == b"\nX-Spam-Flag: in the body\n"
    assert quarantine.original_of(hold(tmp_path, "spam-b23456789012", content=b"")) == b""


def test_a_message_is_shown_as_it_came(asked: Any, tmp_path: Path) -> None:
    hold(tmp_path, "virus-Ab3dEfGhIjKl")
    assert asked("show", "virus-Ab3dEfGhIjKl") == (0, ORIGINAL, b"")


def test_a_message_is_released_by_amavis_to_those_for_whom_it_was(
    programs: Programs, tmp_path: Path
) -> None:
    hold(tmp_path, "spam-Ab3dEfGhIjKl")
    assert quarantine.release(tmp_path, "spam-Ab3dEfGhIjKl", []) == "250 2.0.0 Ok"
    quarantine.release(tmp_path, "spam-Ab3dEfGhIjKl", ["dave@example.org"])
    argv = ["amavisd-release", "A/spam-Ab3dEfGhIjKl", ""]
    assert programs.calls == [(argv, None), ([*argv, "dave@example.org"], None)]


@pytest.mark.parametrize(
    ("code", "out", "err"),
    [(1, "250 2.0.0 Ok", ""), (0, "450 4.5.0 Failure", ""), (0, "", ""), (2, "", "no socket")],
)
def test_what_amavis_does_not_release_is_told_in_its_words(
    programs: Programs, tmp_path: Path, code: int, out: str, err: str
) -> None:
    name = hold(tmp_path, "spam-Ab3dEfGhIjKl").name
    programs.code, programs.out, programs.err = code, out, err
    with pytest.raises(quarantine.Failed) as caught:
        quarantine.release(tmp_path, name, [])
    assert str(caught.value) == f"{name}: was not released: {out}{err}"


@pytest.mark.parametrize("kind", ["spam", "ham"])
def test_the_spam_filter_learns_from_what_the_sender_wrote(
    programs: Programs, asked: Any, tmp_path: Path, kind: str
) -> None:
    hold(tmp_path, "spam-Ab3dEfGhIjKl")
    programs.out = "Learned tokens from 1 message(s)\n"
    code, said, _err = asked("learn", "spam-Ab3dEfGhIjKl", kind)
    assert (code, said) == (0, programs.out.encode())
    assert programs.calls == [(["sa-learn", f"--{kind}"], ORIGINAL)]


def test_what_is_not_learned_is_told(programs: Programs, asked: Any, tmp_path: Path) -> None:
    hold(tmp_path, "spam-Ab3dEfGhIjKl")
    programs.code, programs.out, programs.err = 1, "", "no database\n"
    said = b"spam-Ab3dEfGhIjKl: was not learned: no database\n"
    assert asked("learn", "spam-Ab3dEfGhIjKl", "spam") == (1, b"", said)


@pytest.mark.parametrize("action", ["show", "release", "delete", "learn"])
def test_nothing_is_done_with_what_is_not_there(
    programs: Programs, asked: Any, tmp_path: Path, action: str
) -> None:
    path = hold(tmp_path, "spam-Ab3dEfGhIjKl")
    kind = ["spam"] if action == "learn" else []
    said = b"../x: nothing in quarantine has this name\n"
    assert asked(action, "../x", *kind) == (1, b"", said)
    assert programs.calls == []
    assert path.exists()


def test_what_the_system_refuses_is_told_without_a_traceback(
    asked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_folder: Path) -> None:
        raise PermissionError(13, "Permission denied", "A")

    monkeypatch.setattr(quarantine, "held", refuse)
    assert asked("list") == (1, b"", b"[Errno 13] Permission denied: 'A'\n")


def test_a_message_is_deleted_for_good(asked: Any, tmp_path: Path) -> None:
    path = hold(tmp_path, "spam-Ab3dEfGhIjKl")
    other = hold(tmp_path, "spam-Bb3dEfGhIjKl")
    assert asked("delete", path.name) == (0, b"", b"")
    assert (path.exists(), other.exists()) == (False, True)


def test_only_what_is_older_than_so_many_days_expires(tmp_path: Path) -> None:
    now = 100 * DAY
    old = hold(tmp_path, "virus-Ab3dEfGhIjKl", when=now - 60 * DAY - 1)
    young = hold(tmp_path, "virus-Bb3dEfGhIjKl", when=now - 60 * DAY)
    note = tmp_path / "A" / "note"
    note.touch()
    os.utime(note, (0, 0))
    assert quarantine.expire(tmp_path, 60, now) == ["virus-Ab3dEfGhIjKl"]
    assert [path.exists() for path in (old, young, note)] == [False, True, True]
    assert quarantine.expire(tmp_path, 60, now) == []


def test_names_of_what_expired_are_told_and_nothing_where_nothing_did(
    asked: Any, tmp_path: Path
) -> None:
    hold(tmp_path, "virus-Ab3dEfGhIjKl", when=0)
    assert asked("expire", "--days", "60") == (0, b"virus-Ab3dEfGhIjKl\n", b"")
    assert asked("expire", "--days", "60") == (0, b"", b"")


def test_the_list_says_who_wrote_to_whom_and_why_it_was_stopped(asked: Any, tmp_path: Path) -> None:
    hold(tmp_path, "virus-Ab3dEfGhIjKl")
    code, said, _err = asked("list")
    first, second = said.decode().splitlines()
    assert code == 0
    assert first.startswith("virus-Ab3dEfGhIjKl ")
    assert first.endswith("<bob@example.com> -> alice@example.org, carol@example.org: hello")
    assert second.strip().startswith("INFECTED")


def test_other_programs_get_the_list_as_json(asked: Any, tmp_path: Path) -> None:
    assert asked("list", "--json") == (0, b"[]\n", b"")
    hold(tmp_path, "spam-Ab3dEfGhIjKl", when=77)
    [found] = json.loads(asked("list", "--json")[1])
    assert (found["name"], found["why"], found["when"]) == ("spam-Ab3dEfGhIjKl", "spam", 77)
    assert found["recipients"] == ["alice@example.org", "carol@example.org"]


@pytest.fixture
def identity(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What root does to become another, in its order; the tests stay who they are."""
    steps: list[tuple[Any, ...]] = []
    for name in ("initgroups", "setgid", "setuid", "chdir"):
        monkeypatch.setattr(os, name, lambda *words, name=name: steps.append((name, *words)))
    monkeypatch.setenv("HOME", "/root")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    who = SimpleNamespace(pw_uid=107, pw_gid=113, pw_dir="/var/lib/amavis")
    people = {"amavis": who}
    monkeypatch.setattr(quarantine.pwd, "getpwnam", people.__getitem__)
    return steps


def test_root_gives_up_its_rights_before_anything_is_read(
    identity: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(quarantine, "FOLDER", tmp_path)
    monkeypatch.setattr(quarantine, "held", lambda folder: identity.append(("read", folder)) or [])
    assert quarantine.main(["list"]) == 0
    assert identity == [
        ("initgroups", "amavis", 113),
        ("setgid", 113),
        ("setuid", 107),
        ("chdir", "/"),
        ("read", tmp_path),
    ]
    assert os.environ["HOME"] == "/var/lib/amavis"


def test_who_is_not_root_stays_who_they_are(
    identity: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 107)
    quarantine.become("amavis")
    assert identity == []


def test_a_host_without_a_filter_says_so(identity: list[tuple[Any, ...]]) -> None:
    with pytest.raises(quarantine.Failed, match="no user nobody-here on this host"):
        quarantine.become("nobody-here")
    assert identity == []


@pytest.mark.parametrize("days", ["-1", "0", "ten"])
def test_an_expiry_of_less_than_a_day_is_refused(
    days: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        quarantine.main(["expire", f"--days={days}"])
    assert f"{days} is no number of days" in capsys.readouterr().err
