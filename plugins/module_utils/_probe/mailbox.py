"""Finding the probe's own message where it should arrive, and removing it for good."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import email
import imaplib
import itertools
import poplib
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .mbox import Mbox
from .model import Account, Mailbox
from .reading import Imap, Pop3, open_reading
from .transcript import Transcript

MARK = "postern-probe"
STALE_SECONDS = 3600
# Between two looks; the last one again and again.
PAUSES = (0.1, 0.1, 0.2, 0.3, 0.5, 1.0)
_POP3_BUSY = ("lock", "in-use", "in use")
# What poplib says when the server hangs up. popa3d does so, and removes nothing, when another
# session has changed the mailbox meanwhile.
_HUNG_UP = "-ERR EOF"
_AGAIN_SECONDS = (0.5, 1.0, 2.0, 4.0)


class Box(Protocol):
    """An open mailbox, however it is reached."""

    def find(self, token: str) -> list[str]:
        """Return handles of the messages whose Message-ID holds the token."""

    def message_id(self, handle: str, /) -> str:
        """Return text in which the message's Message-ID stands."""

    def fetch_text(self, handle: str, /) -> bytes:
        """Return the whole message."""

    def remove(self, handles: list[str], /) -> None:
        """Remove messages for good."""


@dataclass(frozen=True)
class Maildir:
    """A Maildir on the machine that probes."""

    path: Path

    def find(self, token: str) -> list[str]:
        """Return the files whose header holds the token."""
        folders = [self.path / name for name in ("new", "cur")]
        if not any(folder.is_dir() for folder in folders):
            raise FileNotFoundError(f"{self.path} is no Maildir")
        files = (file for folder in folders if folder.is_dir() for file in folder.iterdir())
        return [str(file) for file in files if token in self.message_id(str(file))]

    def message_id(self, handle: str, /) -> str:
        """Return the Message-ID of a file."""
        try:
            with Path(handle).open("rb") as file:
                return str(email.message_from_binary_file(file).get("Message-ID", ""))
        except FileNotFoundError:
            return ""

    def fetch_text(self, handle: str, /) -> bytes:
        """Return the file's content."""
        return Path(handle).read_bytes()

    def remove(self, handles: list[str], /) -> None:
        """Unlink the files."""
        for handle in handles:
            Path(handle).unlink(missing_ok=True)


def new_token(now: float | None = None) -> str:
    """Return a token that is unique and says when it was made."""
    made = int(time.time() if now is None else now)
    return f"{MARK}.{made:x}.{secrets.token_hex(8)}"


def is_stale(message_id: str, now: float) -> bool:
    """Whether a Message-ID is that of a probe's message from long ago."""
    _before, mark, rest = message_id.partition(f"{MARK}.")
    try:
        return bool(mark) and now - int(rest.split(".")[0], 16) > STALE_SECONDS
    except ValueError:
        return False


@contextlib.contextmanager
def opened(mailbox: Mailbox, transcript: Transcript) -> Iterator[Box]:
    """Open a mailbox; leaving it ends the session, by which POP3 carries out removals."""
    if mailbox.service == "maildir":
        yield Maildir(Path(mailbox.path).expanduser())
        return
    if mailbox.service == "mbox":
        yield Mbox(Path(mailbox.path))
        return
    account = mailbox.account or Account("", "")
    session = _logged_in(mailbox, account, transcript)
    try:
        yield session
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error, poplib.error_proto):
            session.logout()


def _logged_in(mailbox: Mailbox, account: Account, transcript: Transcript) -> Imap | Pop3:
    """Log in; a POP3 mailbox that another session holds is waited for."""
    for pause in (1.0, 2.0, 4.0, 0.0):
        session = open_reading(mailbox.target, mailbox.service, transcript)
        try:
            session.login_as(account)
        except poplib.error_proto as error:
            if not pause or not any(word in str(error).lower() for word in _POP3_BUSY):
                raise
            session.close()
            time.sleep(pause)
        else:
            return session
    raise TimeoutError("the mailbox stays locked by another session")


def wait_for(
    mailbox: Mailbox, token: str, transcript: Transcript, wait_seconds: float
) -> tuple[float, int] | None:
    """Look for the message until it is there; return when that was and its size, or None."""
    ends = time.monotonic() + wait_seconds
    found = None
    while True:
        with _unless_hung_up(), opened(mailbox, transcript) as box:
            # A POP3 session shows what was there when it began, the others show what comes.
            patience = 0.0 if mailbox.service.startswith("pop3") else ends - time.monotonic()
            found = _look(box, token, patience)
        if found or time.monotonic() + PAUSES[-1] > ends:
            return found
        time.sleep(PAUSES[-1])


def _look(box: Box, token: str, patience: float) -> tuple[float, int] | None:
    ends = time.monotonic() + patience
    for pause in itertools.chain(PAUSES, itertools.repeat(PAUSES[-1])):
        found = box.find(token)
        if found:
            arrived = time.monotonic()
            return arrived, len(box.fetch_text(found[0]))
        if time.monotonic() + pause > ends:
            return None
        time.sleep(pause)
    return None


def clear(mailbox: Mailbox, token: str, transcript: Transcript) -> int:
    """Remove the message, and those that earlier probes lost; return how many are left of it."""
    if mailbox.service.startswith("pop3"):
        for pause in _AGAIN_SECONDS:
            with _unless_hung_up():
                if not _clear(mailbox, token, transcript):
                    return 0
            time.sleep(pause)
    return _clear(mailbox, token, transcript)


def _clear(mailbox: Mailbox, token: str, transcript: Transcript) -> int:
    with opened(mailbox, transcript) as box:
        now = time.time()
        others = [
            handle for handle in box.find(f"{MARK}.") if is_stale(box.message_id(handle), now)
        ]
        box.remove(list(dict.fromkeys([*box.find(token), *others])))
    with opened(mailbox, transcript) as box:
        return len(box.find(token))


@contextlib.contextmanager
def _unless_hung_up() -> Iterator[None]:
    """Go on when a POP3 server has ended the session in the middle."""
    try:
        yield
    except poplib.error_proto as error:
        if str(error) != _HUNG_UP:
            raise
