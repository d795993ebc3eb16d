"""A page as it stands in mail, encoded or not: without what is active in it, or not at all."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import binascii
import contextlib
import quopri
import re
import signal
import time
from collections.abc import Iterator
from typing import NoReturn

from sanitize_header import Mime
from sanitize_page import PLAIN_CHARSETS, inactive

_NO_OCTET = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)")


class Budget:
    """How long pages may take, all of a message together: what is made to be slow is not read."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    @contextlib.contextmanager
    def spent(self) -> Iterator[None]:
        """Raise TimeoutError when it takes longer."""
        if self._left <= 0:
            _stop()
        began = time.process_time()
        before = signal.signal(signal.SIGVTALRM, _stop)
        signal.setitimer(signal.ITIMER_VIRTUAL, self._left)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)
            self._left -= time.process_time() - began


def _stop(*_signal: object) -> NoReturn:
    raise TimeoutError("the page takes too long")


def cleaned(body: bytes, mime: Mime, budget: Budget) -> bytes | None:
    """Return a body without active HTML, the same bytes where it has none; None if unreadable."""
    if not PLAIN_CHARSETS.fullmatch(mime.params.get("charset", "us-ascii").lower()):
        return None
    try:
        with budget.spent():
            clean = inactive(_decoded(body, mime.coding))
    except Exception:  # whatever it is: it is shown as text
        return None
    if clean is None:
        return body
    return _encoded(clean, mime.coding, b"\r\n" if b"\r\n" in body else b"\n")


def _decoded(body: bytes, coding: str) -> bytes:
    if coding == "base64":
        return binascii.a2b_base64(b"".join(body.split()), strict_mode=True)
    if coding == "quoted-printable":
        if _NO_OCTET.search(body):
            raise ValueError("no quoted-printable")
        return quopri.decodestring(body)
    return body


def _encoded(page: bytes, coding: str, ending: bytes) -> bytes:
    """Return a page as mail has it, with no line that could be taken for a delimiter."""
    if coding == "base64":
        pieces = (page[place : place + 57] for place in range(0, len(page), 57))
        return b"".join(binascii.b2a_base64(one, newline=False) + ending for one in pieces)
    page = page.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if coding == "quoted-printable":
        page = re.sub(rb"(?m)^--", b"=2D-", quopri.encodestring(page))
    else:
        page = re.sub(rb"(?m)^--", b" --", page)
    page = page if page.endswith(b"\n") or not page else page + b"\n"
    return page.replace(b"\n", ending)
