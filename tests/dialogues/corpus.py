"""Messages that a filter has to stop: a harmless test virus in every disguise, a bomb, spam.

The test virus and the test spam are put together at run time: no file of the project is caught.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .archives import bomb, locked_zip, nested, seven_zip, tar_gz, zipped
from .messages import attachment, forwarded, head, mixed, text

PASSWORD = b"infected"
BOMB_MEBIBYTES = 64


@dataclass(frozen=True)
class Sample:
    """A message with the name of what is in it."""

    name: str
    message: bytes


def eicar() -> bytes:
    """Return the test virus that every scanner knows."""
    halves = ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS", "-TEST-FILE!$H+H*")
    return "".join(halves).encode()


def gtube() -> bytes:
    """Return the line that every spam filter scores far above any limit."""
    halves = ("XJS*C4JDBQADN1.NSBN3*2IDNEN*", "GTUBE-STANDARD-ANTI-UBE-TEST", "-EMAIL*C.34X")
    return "".join(halves).encode()


def _letter(subject: str, name: str, content: bytes) -> bytes:
    return mixed(subject, text(), attachment(name, content))


VIRUSES: dict[str, Callable[[], bytes]] = {
    "plain": lambda: _letter("plain", "eicar.com", eicar()),
    "in the body": lambda: head("in the body") + b"\n" + eicar() + b"\n",
    "zipped": lambda: _letter("zipped", "eicar.zip", zipped("eicar.com", eicar())),
    "nested five deep": lambda: _letter("deep", "deep.zip", nested("eicar.com", eicar(), 5)),
    "in 7z": lambda: _letter("7z", "eicar.7z", seven_zip("eicar.com", eicar())),
    "in tar.gz": lambda: _letter("tar", "eicar.tar.gz", tar_gz("eicar.com", eicar())),
    "renamed": lambda: _letter("renamed", "holiday.jpg", eicar()),
    "zip renamed": lambda: _letter("renamed", "minutes.txt", zipped("eicar.com", eicar())),
    "double extension": lambda: _letter("invoice", "invoice.pdf.exe", eicar()),
    "forwarded": lambda: forwarded(_letter("plain", "eicar.com", eicar())),
    "forwarded twice": lambda: forwarded(forwarded(_letter("plain", "eicar.com", eicar()))),
}

HOSTILE: dict[str, Callable[[], bytes]] = {
    "password-protected": lambda: _letter(
        "secret", "secret.zip", locked_zip("eicar.com", eicar(), PASSWORD)
    ),
    "archive bomb": lambda: _letter("bomb", "zeroes.zip", bomb(BOMB_MEBIBYTES)),
    "double extension": lambda: _letter("invoice", "invoice.pdf.exe", b"harmless"),
    "screen saver": lambda: _letter("fun", "fun.scr", b"harmless"),
    "script": lambda: _letter("script", "update.vbs", b"harmless"),
}


def viruses() -> list[Sample]:
    """Return the test virus in each of its disguises: whoever scans for viruses stops them all."""
    return [Sample(name, build()) for name, build in VIRUSES.items()]


def hostile() -> list[Sample]:
    """Return what is stopped for its form: nothing in them is a virus that a scanner can see."""
    return [Sample(name, build()) for name, build in HOSTILE.items()]


def spam() -> Sample:
    """Return the test spam."""
    return Sample("spam", head("great offer") + b"\n" + gtube() + b"\n")
