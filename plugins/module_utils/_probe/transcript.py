"""What was said on the wire, line by line, with every secret masked."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import binascii
import contextlib
import re
from collections.abc import Iterable, Iterator

MASK = "********"
LONGEST = 400
_BASE64 = re.compile(r"[A-Za-z0-9+/]{4,}={0,2}")
_PASSWORD_VERBS = re.compile(
    r"^(?P<kept>(AUTH\s+\S+|PASS|\S+\s+LOGIN\s+(\"[^\"]*\"|\S+))\s+)\S.*$", re.IGNORECASE
)


def mask(text: str, secrets: Iterable[str]) -> str:
    """Return the text without the secrets: plain, quoted for IMAP, or inside Base64."""
    known = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
    for secret in known:
        for form in (secret, secret.replace("\\", "\\\\").replace('"', '\\"')):
            text = text.replace(form, MASK)
    return _BASE64.sub(lambda found: _masked_base64(found.group(), known), text)


def _masked_base64(word: str, secrets: list[str]) -> str:
    try:
        plain = base64.b64decode(word + "=" * (-len(word) % 4), validate=False)
    except binascii.Error:
        return word
    return MASK if any(secret.encode() in plain for secret in secrets) else word


class Transcript:
    """Collects the lines of one dialogue: `>` the probe's, `<` the server's, `-` remarks."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = frozenset(secrets)
        self._lines: list[str] = []
        self._quiet = False

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines so far, fit to be shown."""
        return tuple(self._lines)

    def sent(self, data: bytes) -> None:
        """Note what the probe said; a message is noted by its size."""
        text = data.decode("utf-8", "replace").rstrip("\r\n")
        if "\n" in text:
            self._add(">", f"(a message of {len(data)} bytes)")
            return
        self._add(">", _PASSWORD_VERBS.sub(rf"\g<kept>{MASK}", text))

    def received(self, data: bytes) -> None:
        """Note what the server said."""
        for line in data.decode("utf-8", "replace").splitlines():
            self._add("<", line)

    def remark(self, text: str) -> None:
        """Note what happened beside the words."""
        self._add("-", text)

    @contextlib.contextmanager
    def quiet(self, instead: str) -> Iterator[None]:
        """Write down one remark instead of what is said: other people's mail is not evidence."""
        self.remark(instead)
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    def _add(self, mark: str, text: str) -> None:
        if self._quiet:
            return
        shown = "".join(
            char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text
        )
        self._lines.append(f"{mark} {mask(shown, self._secrets)[:LONGEST]}")
