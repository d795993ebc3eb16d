"""What happens to mail while a part of the filter is out of order: it waits, and arrives once."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from dialogues import corpus
from dialogues.extent import IS_LONG
from dialogues.filtering import ALICE, QUARANTINE, Filtered, plain
from dialogues.scenario import wait_for

CLAMD = "clamav-daemon.socket clamav-daemon"
STOP_CLAMD = f"systemctl stop {CLAMD}"
BROKEN = {
    "amavis is stopped": (
        "systemctl stop amavis",
        "systemctl start amavis; systemctl start amavisd-milter 2>/dev/null || true",
    ),
    "clamd is stopped": (
        STOP_CLAMD,
        f"systemctl start {CLAMD}",
    ),
    "no signatures": (
        f"{STOP_CLAMD}; mv /var/lib/clamav /var/lib/clamav.away; mkdir /var/lib/clamav;"
        " systemctl start clamav-daemon || true",
        f"{STOP_CLAMD}; rmdir /var/lib/clamav; mv /var/lib/clamav.away /var/lib/clamav;"
        f" systemctl reset-failed {CLAMD}; systemctl start {CLAMD}",
    ),
    # amavis has a view of its own of what is mounted, made when it starts.
    "quarantine's disk is full": (
        f"mount -t tmpfs -o size=16k,uid=amavis,gid=amavis tmpfs {QUARANTINE};"
        f" head -c 100k /dev/zero > {QUARANTINE}/full || true; systemctl restart amavis",
        f"umount {QUARANTINE}; systemctl restart amavis",
    ),
}


@contextlib.contextmanager
def broken(host: Filtered, name: str) -> Iterator[None]:
    """Break a part, and mend it whatever comes of it."""
    breaks, mends = BROKEN[name]
    host.scenario.shell(host.host, breaks)
    try:
        yield
    finally:
        host.scenario.shell(host.host, mends)


# The rest takes its time: on one release, unless all is asked for.
TRIED = tuple(BROKEN) if IS_LONG else ("amavis is stopped", "clamd is stopped")


@pytest.mark.parametrize("name", TRIED)
def test_nothing_passes_unsearched_and_nothing_is_lost(host: Filtered, name: str) -> None:
    messages = {"virus": corpus.VIRUSES["plain"](), "words": plain("Nothing but words.")}
    with ThreadPoolExecutor() as pool:
        with broken(host, name):
            sent = {kind: pool.submit(_try, host, one) for kind, one in messages.items()}
            wait_for("the filter has tried", lambda: _tried(host, sent["virus"]))
            # Who has a virus to hide finds no room for it; words need none.
            if "disk" not in name and sent["words"].done():
                assert not host.of(ALICE, sent["words"].result() or "nothing")
        # A sender who was told to come again does so.
        tokens = {kind: sent[kind].result() or _again(host, one) for kind, one in messages.items()}
    host.stops(tokens["virus"])
    host.delivers(ALICE, tokens["words"])
    assert not host.of(ALICE, tokens["virus"])


def test_mail_waits_for_a_scanner_that_hangs(host: Filtered) -> None:
    host.scenario.shell(host.host, "kill -STOP $(pidof clamd)")
    try:
        with ThreadPoolExecutor() as pool:
            sent = pool.submit(host.takes, corpus.VIRUSES["plain"]())
            other = pool.submit(host.takes, plain("Waits too."), sender="hang@example.com")
            wait_for("the scanner is asked", lambda: host.searching() > 0)
            assert not host.found(ALICE, "FROM", "hang@example.com")
            host.scenario.shell(host.host, "kill -CONT $(pidof clamd)")
            host.stops(sent.result())
            host.delivers(ALICE, other.result())
    finally:
        host.scenario.shell(host.host, "kill -CONT $(pidof clamd)")


def test_a_killed_filter_comes_back_by_itself(host: Filtered) -> None:
    host.scenario.shell(host.host, "pkill -KILL -u amavis -f amavisd; pkill -KILL clamd")
    token = _again(host, plain("After the kill."))
    virus = _again(host, corpus.VIRUSES["plain"]())
    wait_for("amavis is back", lambda: host.scenario.run(host.host, *_ASK_AMAVIS).rc == 0)
    host.delivers(ALICE, token)
    host.stops(virus)


_ASK_AMAVIS = ("sh", "-c", "systemctl is-active amavis && pidof clamd")


def _tried(host: Filtered, sent: Future[str | None]) -> bool:
    """Whether the sender was put off, the agent was, or the filter itself waits."""
    if host.searching() or not sent.done():
        return host.searching() > 0
    token = sent.result()
    return token is None or host.kept(token)


def _try(host: Filtered, message: bytes) -> str | None:
    """Send a message; nothing comes back when the sender is told to come again."""
    try:
        return host.takes(message)
    except smtplib.SMTPResponseException as refused:
        assert 400 <= refused.smtp_code < 500, refused
    return None


def _again(host: Filtered, message: bytes) -> str:
    """Send a message as often as it takes."""
    taken: list[str] = []

    def comes() -> bool:
        taken.extend(token for token in [_try(host, message)] if token)
        return bool(taken)

    wait_for("the filter takes mail again", comes)
    return taken[0]
