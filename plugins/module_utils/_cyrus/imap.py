"""Speaking IMAP to Cyrus as an administrator, through its UNIX socket."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import imaplib
import re
import socket
from collections.abc import Iterable, Sequence
from types import TracebackType

from .mailboxes import Mailbox, Step

_LISTED = re.compile(rb'\([^)]*\) (?:NIL|"[^"]*") "?user/(?P<name>[^"]+?)"?')
_STORAGE = re.compile(rb"STORAGE \d+ (?P<limit>\d+)", re.IGNORECASE)
_NO_ROOT = b"quota root does not exist"


class Refusal(Exception):
    """Cyrus does not do it; the message is its own words."""


class _UnixIMAP4(imaplib.IMAP4):
    """IMAP over a UNIX socket, whose path stands where a host's name would."""

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(60 if timeout is None else timeout)
        client.connect(self.host)
        return client


class Administrator:
    """One connection, from login to logout."""

    def __init__(self, path: str, name: str, secret: str) -> None:
        self._path = path
        self._name = name
        self._secret = secret

    def __enter__(self) -> Administrator:
        try:
            self._imap = _UnixIMAP4(self._path)
            self._imap.login(self._name, self._secret)
        except (OSError, imaplib.IMAP4.error) as error:
            raise Refusal(f"no login as {self._name} at {self._path}: {_plain(error)}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._imap.logout()

    def names(self) -> list[str]:
        """Return the names of all people's mailboxes."""
        lines = self._said(self._imap.list('""', '"user/%"'), "LIST")
        return [name for line in lines if (name := listed_name(line)) is not None]

    def present(self, names: Iterable[str]) -> dict[str, Mailbox]:
        """Return those mailboxes with their quotas."""
        return {name: Mailbox(name, self._quota(name)) for name in names}

    def do(self, step: Step) -> None:
        """Create a mailbox, and set or lift its quota."""
        name = step.mailbox.name
        if step.create:
            self._said(self._imap.create(_quoted(name)), f"CREATE {name}")
        if step.set_quota:
            limit = step.mailbox.quota_kib
            limits = "()" if limit is None else f"(STORAGE {limit})"
            self._said(self._imap.setquota(_quoted(name), limits), f"SETQUOTA {name}")

    def _quota(self, name: str) -> int | None:
        kind, data = self._imap.getquota(_quoted(name))
        if kind == "NO" and _NO_ROOT in _bytes(data[0]).lower():
            return None
        return storage_limit(self._said((kind, data), f"GETQUOTA {name}"))

    def _said(self, answer: tuple[str, Sequence[object]], command: str) -> list[bytes]:
        kind, data = answer
        if kind != "OK":
            words = _bytes(data[0]).decode("utf-8", "replace") if data else ""
            raise Refusal(f"{command}: {words}")
        return [_bytes(part) for part in data if part is not None]


def listed_name(line: bytes) -> str | None:
    """Return the person's name in an answer to LIST, or None when it names none."""
    found = _LISTED.fullmatch(line)
    return found["name"].decode("utf-8", "replace") if found else None


def storage_limit(lines: Iterable[bytes]) -> int | None:
    """Return the limit in KiB that an answer to GETQUOTA says, or None for no limit."""
    found = _STORAGE.search(b" ".join(lines))
    return int(found["limit"]) if found else None


def _quoted(name: str) -> str:
    return f'"user/{name}"'


def _bytes(part: object) -> bytes:
    if isinstance(part, tuple):  # a literal: its announcement, then its bytes
        return _bytes(part[0]).rpartition(b" {")[0] + b' "' + _bytes(part[1]) + b'"'
    return part if isinstance(part, bytes) else str(part).encode()


def _plain(error: Exception) -> str:
    first = error.args[0] if error.args else ""
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(error)
