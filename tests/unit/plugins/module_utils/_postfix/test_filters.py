"""A content filter that leaves takes no message with it, and other mail stays as it is."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._postfix import filters
from ansible_collections.postern.mail.plugins.module_utils._postfix.model import (
    Configuration,
    Service,
)

NAMED = "filter:unix:run/filter/strangers"
FILTER = Service("filter", "unix", "lmtp")
SMTP = Service("smtp", "unix", "smtp")
LISTENER = Service("filter", "inet", "smtpd")
ASKS = (("content_filter", NAMED),)
WITHOUT = Configuration(services=(SMTP,))
WITH = Configuration(ASKS, (SMTP, FILTER))


def record(kind: str, content: str) -> bytes:
    """Return a record as Postfix writes it: lengths of more than seven bits take another byte."""
    length, size = len(content), b""
    while True:
        more = length > 127
        size += bytes([length & 127 | (128 if more else 0)])
        length >>= 7
        if not more:
            return kind.encode() + size + content.encode()


def message(*names: str, long: int = 0) -> bytes:
    """Return a queue file; its header looks like a record that names a filter."""
    return b"".join(
        (
            record("C", f"{'330':>15} {'806':>15} {'2':>15} {'0':>15} {'330':>15} {'0':>15}"),
            record("A", "x" * long),
            *(record("L", name) for name in names),
            record("S", "bob@example.com"),
            record("R", "Lfilter:x@example.org"),
            record("M", ""),
            record("L", NAMED),
            record("X", ""),
            record("E", ""),
        )
    )


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    put(tmp_path / "deferred/6/6FILTERED", message(NAMED, long=20_000))
    put(tmp_path / "active/7PLAIN", message())
    put(tmp_path / "incoming/8OTHER", message("smtp:[::1]:10024"))
    return tmp_path


def put(path: Path, content: bytes, mode: int = 0o700) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)


def test_only_what_names_a_transport_that_is_gone_waits_for_nobody(queue: Path) -> None:
    assert filters.waiting_for_nobody(str(queue), WITHOUT) == ("6FILTERED",)
    assert filters.waiting_for_nobody(str(queue), WITH) == ()
    listens = Configuration(services=(SMTP, LISTENER))
    assert filters.waiting_for_nobody(str(queue), listens) == ("6FILTERED",)


def test_a_filter_that_is_asked_for_without_a_transport_is_a_mistake_of_another_kind(
    queue: Path,
) -> None:
    submission = Service("submission", "inet", "smtpd", options=ASKS)
    for asking in (Configuration(ASKS, (SMTP,)), Configuration(services=(SMTP, submission))):
        assert filters.waiting_for_nobody(str(queue), asking) == ()


def test_the_last_filter_counts_as_it_does_for_postfix(queue: Path) -> None:
    put(queue / "deferred/6/6FILTERED", message(NAMED, "smtp:[::1]:10024"))
    assert filters.waiting_for_nobody(str(queue), WITHOUT) == ()


def test_held_half_written_and_strange_files_are_passed_over(queue: Path, tmp_path: Path) -> None:
    (queue / "deferred/6/6FILTERED").rename(tmp_path / "elsewhere")
    put(queue / "hold/9HELD", message(NAMED))
    put(queue / "incoming/9HALF", message(NAMED), mode=0o600)
    put(queue / "incoming/9EMPTY", b"")
    put(queue / "incoming/9ENDLESS", b"A\xff\xff\xff")
    (queue / "deferred/6/9LINK").symlink_to(tmp_path / "elsewhere")
    assert filters.waiting_for_nobody(str(queue), WITHOUT) == ()
    assert filters.waiting_for_nobody(str(tmp_path / "none"), WITHOUT) == ()


class Super:
    """A postsuper: what it was given, how it ends, and how much it takes each time."""

    def __init__(self, queue: Path, code: int = 0, takes: Sequence[int] = (1,)) -> None:
        self.queue, self.code, self.takes = queue, code, list(takes)
        self.asked: list[tuple[list[str], str]] = []

    def __call__(self, argv: list[str], *, stdin: str, **_more: Any) -> Outcome:
        self.asked.append((argv, stdin))
        for name in stdin.split()[: self.takes.pop(0) if self.takes else 0]:
            next(self.queue.rglob(name)).unlink()
        return Outcome(tuple(argv), self.code, "", "fatal: no queue")


COMMAND = ["postsuper", "-c", "/etc/postfix", "-r", "-", "incoming", "active", "deferred"]


def test_what_waits_for_nobody_is_queued_again_and_nothing_else(
    queue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Super(queue)
    monkeypatch.setattr(filters, "run", said)
    filters.queue_again("/etc/postfix", str(queue), WITHOUT)
    filters.queue_again("/etc/postfix", str(queue), WITHOUT)
    assert said.asked == [(COMMAND, "6FILTERED\n")]


def test_what_moved_meanwhile_is_taken_the_next_time_and_what_stays_is_told(
    queue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Super(queue, takes=(0, 1))
    monkeypatch.setattr(filters, "run", said)
    filters.queue_again("/etc/postfix", str(queue), WITHOUT)
    assert len(said.asked) == 2
    put(queue / "deferred/6/6STAYS", message(NAMED))
    with pytest.raises(Refused, match="1 messages wait for a former filter, and stay: 6STAYS"):
        filters.queue_again("/etc/postfix", str(queue), WITHOUT)


def test_the_words_of_postfix_are_told(queue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filters, "run", Super(queue, code=1))
    with pytest.raises(Refused, match="fatal: no queue"):
        filters.queue_again("/etc/postfix", str(queue), WITHOUT)


@pytest.mark.parametrize(
    "content", [b"L" + b"\xff" * 100_000, b"L\xff\xff\xff\xff\x7f", b"A\x05abc"]
)
def test_a_broken_queue_file_names_no_filter(queue: Path, content: bytes) -> None:
    put(queue / "deferred/9BROKEN", content)
    assert filters.waiting_for_nobody(str(queue), WITHOUT) == ("6FILTERED",)
