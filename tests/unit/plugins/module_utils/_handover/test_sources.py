"""Each queue gives its messages whole, and loses exactly those that were taken."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._handover import sources
from ansible_collections.postern.mail.plugins.module_utils._queue import host, nullmailer
from ansible_collections.postern.mail.plugins.module_utils._queue.model import Message

CONTROL = b"V8\nSa@b\nRPFD:c@d\nH?P?Return-Path: <g>\nH??Subject: x\n.\n"
ENVELOPE = "sender: spa ce@b\nrecipient: c@d\ndone_recipient: e@f\n"


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("mqueue", "mqueue-client", "nullmailer/queue", "nullmailer/failed", "postfix"):
        (tmp_path / name).mkdir(parents=True)
    places = (str(tmp_path / "mqueue"), str(tmp_path / "mqueue-client"))
    monkeypatch.setattr(host, "SENDMAIL_QUEUES", places)
    monkeypatch.setattr(nullmailer, "SPOOL", str(tmp_path / "nullmailer"))
    monkeypatch.setattr(sources, "POSTFIX_SPOOL", str(tmp_path / "postfix"))
    return tmp_path


def test_sendmails_message_is_headers_and_body(spool: Path) -> None:
    (spool / "mqueue/qf1").write_bytes(CONTROL)
    (spool / "mqueue/df1").write_bytes(b"body without end")
    (spool / "mqueue-client/hf1").write_bytes(CONTROL)
    first, second = sources.source("sendmail").parcels()
    assert first.content == b"Subject: x\n\nbody without end"
    assert (first.sender, first.recipients, first.state) == ("a@b", ("c@d",), "waiting")
    assert (second.state, second.content) == ("held", b"Subject: x\n\n")
    assert first.key != second.key


def test_an_inner_form_of_sendmails_is_an_address_that_is_settled(spool: Path) -> None:
    lines = b"RPFD:info@b\nRFD:<carol+x@b.postern-store>\nRN:keeper@b.postern-store\nRNF:c@d\n"
    (spool / "mqueue/qf1").write_bytes(CONTROL.replace(b"RPFD:c@d\n", lines))
    (found,) = sources.source("sendmail").parcels()
    assert found.recipients == ("info@b", "carol+x@b", "keeper@b", "c@d")
    assert found.settled == ("carol+x@b", "keeper@b")
    assert found.quiet == ("keeper@b",)


def test_sendmails_unreadable_file_is_kept_as_it_is(spool: Path) -> None:
    (spool / "mqueue/qf1").write_bytes(b"V8\nhalf")
    (spool / "mqueue/df1").write_bytes(b"body")
    (found,) = sources.source("sendmail").parcels()
    assert found.raw
    assert (found.state, found.content) == ("failed", b"V8\nhalf\nbody")


@pytest.mark.parametrize(
    ("agent", "files"),
    [
        ("sendmail", {"mqueue/qf1": CONTROL, "mqueue/df1": b"", "mqueue/xf1": b"x"}),
        ("nullmailer", {"nullmailer/queue/1.1": b"a@b\nc@d\n\nx"}),
    ],
)
def test_only_what_was_taken_is_removed(spool: Path, agent: str, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (spool / name).write_bytes(content)
    source = sources.source(agent)
    taken = {parcel.key for parcel in source.parcels()}
    assert taken == source.keys()
    later = next(iter(files)).replace("1", "2")
    (spool / later).write_bytes(next(iter(files.values())))
    source.remove(taken)
    assert [path.name for path in sources.left_behind([str(spool)])] == [Path(later).name]


def test_what_a_link_leads_to_is_nobodys_mail(spool: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"a@b\nc@d\n\nsecret")
    (spool / "mqueue-client/qf1").write_bytes(CONTROL)
    (spool / "mqueue-client/df1").symlink_to(tmp_path / "secret")
    (spool / "nullmailer/queue/1.1").symlink_to(tmp_path / "secret")
    found = [*sources.source("sendmail").parcels(), *sources.source("nullmailer").parcels()]
    assert len(found) == 2
    assert not [parcel for parcel in found if b"secret" in parcel.content]


def test_a_pipe_in_a_spool_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert sources.read(tmp_path / "pipe") == b""


def test_nullmailers_failed_messages_are_marked(spool: Path) -> None:
    (spool / "nullmailer/queue/1.1").write_bytes(b"\nc@d\n\nx")
    (spool / "nullmailer/failed/1.2").write_bytes(b"a@b\nc@d\n\ny")
    (spool / "nullmailer/queue/1.3").write_bytes(b"half")
    found = {parcel.id: parcel for parcel in sources.source("nullmailer").parcels()}
    assert found["queue.1.1"].sender == ""
    assert found["failed.1.2"].state == "failed"
    assert found["queue.1.3"].raw


def postfix(
    monkeypatch: pytest.MonkeyPatch, envelope: Outcome, said: Outcome, settings: str = ""
) -> list[str]:
    """Let Postfix have two messages; return what is given to postsuper."""
    given: list[str] = []
    answers = {"postsuper": said, "postconf": Outcome((), 0, settings, "")}

    def run(argv: Sequence[str], *, stdin: str = "", **_more: Any) -> Outcome:
        given.extend([stdin] if argv[0] == "postsuper" else [])
        return answers.get(argv[0], envelope)

    queue = [Message("postfix", n, "deferred", "waiting", "x", ("y",), 1, 1) for n in ("1A", "2B")]
    monkeypatch.setattr(host, "read_queue", lambda _agent: queue)
    monkeypatch.setattr(sources, "run", run)
    content = subprocess.CompletedProcess([], 0, b"Subject: \xff\n\nx")
    monkeypatch.setattr(sources.subprocess, "run", lambda *_argv, **_more: content)
    return given


FINE = Outcome((), 0, "", "")


def test_postfix_says_who_has_not_got_it(spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = postfix(monkeypatch, Outcome((), 0, ENVELOPE, ""), FINE)
    source = sources.source("postfix")
    first, _second = source.parcels()
    assert (first.sender, first.recipients) == ('"spa ce"@b', ("c@d",))
    assert first.content == b"Subject: \xff\n\nx"
    source.remove({"postfix-1A"})
    assert given == ["1A\n"]


FILTERED = f"content_filter: filter:unix:run/x\n{ENVELOPE}"
LATE = "filter:unix:run/x\nno_header_body_checks, no_address_mappings\n"


@pytest.mark.parametrize(
    ("envelope", "settings", "settled"),
    [
        (ENVELOPE, LATE, ("c@d",)),  # it has come back from the filter
        (FILTERED, LATE, ()),
        (FILTERED, "\n\n", ()),  # of a filter that has left
        (FILTERED, "own:[::1]:10024\n\n", ("c@d",)),  # which is asked behind all tables
    ],
)
def test_what_has_not_been_searched_has_met_no_table(
    spool: Path,
    monkeypatch: pytest.MonkeyPatch,
    envelope: str,
    settings: str,
    settled: tuple[str, ...],
) -> None:
    postfix(monkeypatch, Outcome((), 0, envelope, ""), FINE, settings)
    first, _second = sources.source("postfix").parcels()
    assert (first.recipients, first.settled) == (("c@d",), settled)


def test_what_postfix_can_not_read_is_kept_as_it_is(
    spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (spool / "postfix/corrupt").mkdir()
    (spool / "postfix/corrupt/3C").write_bytes(b"rubbish")
    (spool / "postfix/1A").write_bytes(b"file")
    postfix(monkeypatch, Outcome((), 1, "", "fatal"), FINE)
    found = {parcel.id: parcel for parcel in sources.source("postfix").parcels()}
    assert found["1A"].raw
    assert found["1A"].content == b"file"
    assert found["3C"].content == b"rubbish"
    sources.source("postfix").remove({"postfix-3C"})
    assert not (spool / "postfix/corrupt/3C").exists()


def test_messages_that_postfix_keeps_are_a_failure(
    spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postfix(monkeypatch, Outcome((), 0, ENVELOPE, ""), Outcome((), 1, "", "fatal: lock"))
    with pytest.raises(Refused, match="fatal: lock"):
        sources.source("postfix").remove({"postfix-1A"})
