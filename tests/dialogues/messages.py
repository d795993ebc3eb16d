"""Messages part by part, each byte as written: what no library that tidies up would build."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Iterable

DATE = "Thu, 01 Jan 2026 12:00:00 +0000"


def head(subject: str, *more: str, sender: str = "Carol <carol@outside.example>") -> bytes:
    """Return the header of a message, without the empty line behind it."""
    number = hashlib.sha256("\n".join((subject, *more)).encode()).hexdigest()[:16]
    lines = (
        f"From: {sender}",
        "To: Alice <alice@example.org>",
        f"Subject: {subject}",
        f"Date: {DATE}",
        f"Message-ID: <{number}@outside.example>",
        "MIME-Version: 1.0",
        *more,
    )
    return "".join(f"{line}\n" for line in lines).encode()


def part(kind: str, body: bytes, *more: str) -> bytes:
    """Return a part of a message: its own header, an empty line, and the body as it is."""
    lines = (f"Content-Type: {kind}", *more)
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + body


def attachment(name: str, content: bytes, kind: str = "application/octet-stream") -> bytes:
    """Return a part that holds a file."""
    return part(
        f'{kind}; name="{name}"',
        in_base64(content),
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: attachment; filename="{name}"',
    )


def text(words: str = "Good morning,\n\nthe minutes are attached.\n") -> bytes:
    """Return a part in plain text."""
    return part("text/plain; charset=utf-8", words.encode(), "Content-Transfer-Encoding: 8bit")


def in_base64(content: bytes) -> bytes:
    """Return base64 in lines as mail has them."""
    return base64.encodebytes(content)


def multipart(parts: Iterable[bytes], boundary: str = "=_a") -> bytes:
    """Return the body of a multipart: what stands behind the empty line."""
    inner = b"".join(b"--%s\n%s\n" % (boundary.encode(), one) for one in parts)
    return inner + b"--%s--\n" % boundary.encode()


def mixed(subject: str, *parts: bytes, kind: str = "mixed") -> bytes:
    """Return a message of several parts."""
    content = f'Content-Type: multipart/{kind}; boundary="=_a"'
    return head(subject, content) + b"\n" + multipart(parts)


def forwarded(message: bytes, subject: str = "Fwd: for you") -> bytes:
    """Return a message that has another one attached, as programs forward it."""
    return mixed(subject, text(), part("message/rfc822", message, "Content-Disposition: inline"))


def noise(length: int, seed: int = 1) -> bytes:
    """Return bytes that no compression shortens, the same for the same seed."""
    return random.Random(seed).randbytes(length)  # noqa: S311 (not a secret)


def labelled(message: bytes, label: str) -> bytes:
    """Return the message with one more line in front, by which a test knows it again."""
    return f"X-Corpus: {label}\n".encode() + message


def on_the_wire(message: bytes) -> bytes:
    """Return it with the line ends of SMTP."""
    return message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
