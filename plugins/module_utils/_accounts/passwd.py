"""The file that pam_pwdfile reads: `login:hash`, a line each, sorted by login."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

LOCK = "!"


@dataclass(frozen=True)
class Credential:
    """One line: no password gives the hash of a locked one, since `!` begins it."""

    hash: str = field(repr=False)
    locked: bool = False


def parse_passwd(text: str) -> dict[str, Credential]:
    """Read the file; a line that is no credential is left out, and so mended by the next run."""
    credentials: dict[str, Credential] = {}
    for line in text.split("\n"):
        name, colon, rest = line.partition(":")
        if not name or not colon:
            continue
        hashed = rest.partition(":")[0]
        locked = hashed.startswith(LOCK)
        credentials[name] = Credential(hashed.removeprefix(LOCK), locked)
    return credentials


def render_passwd(credentials: Mapping[str, Credential]) -> str:
    """Write the file."""
    return "".join(
        f"{name}:{LOCK if one.locked else ''}{one.hash}\n"
        for name, one in sorted(credentials.items())
    )


def show_passwd(
    credentials: Mapping[str, Credential], others: Mapping[str, Credential], words: str
) -> str:
    """Write what a person may see of the file: who is in it, and whose hash differs from others."""
    return "".join(f"{line}\n" for line in _lines(credentials, others, words))


def _lines(
    credentials: Mapping[str, Credential], others: Mapping[str, Credential], words: str
) -> Iterable[str]:
    for name, one in sorted(credentials.items()):
        other = others.get(name)
        notes = [
            *(["locked"] if one.locked else []),
            *([words] if other is not None and other.hash != one.hash else []),
        ]
        yield f"{name}: {', '.join(notes)}" if notes else name
