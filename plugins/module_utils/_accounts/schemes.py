"""Schemes of password hashes that every consumer takes, and those hashes that are taken ready."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Scheme:
    """A scheme that passlib makes; its cost, and how many bytes of a password it reads."""

    handler: str
    rounds: int
    least_rounds: int
    most_rounds: int
    password_bytes: int | None = None


DEFAULT_SCHEME = "sha512_crypt"
# bcrypt's rounds are a power of two. The upper bounds keep a login below ten seconds or so.
SCHEMES = {
    "sha512_crypt": Scheme("passlib.handlers.sha2_crypt", 100_000, 1_000, 10_000_000),
    "sha256_crypt": Scheme("passlib.handlers.sha2_crypt", 100_000, 1_000, 10_000_000),
    "bcrypt": Scheme("passlib.handlers.bcrypt", 11, 4, 16, password_bytes=72),
}

# What crypt(3) of both releases takes, and what is strong enough to keep.
HASH = re.compile(
    r"\$6\$(rounds=\d{4,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}"
    r"|\$5\$(rounds=\d{4,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43}"
    r"|\$y\$[./A-Za-z0-9]+\$[./A-Za-z0-9]{0,86}\$[./A-Za-z0-9]{43}"
    r"|\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}"
)
HASH_HINT = (
    "SHA-512 ($6$), SHA-256 ($5$), yescrypt ($y$) or bcrypt ($2b$), such as mkpasswd -m sha-512"
)


def too_long(scheme: str, password: str) -> bool:
    """Say whether the scheme would leave the end of a password out."""
    most = SCHEMES[scheme].password_bytes if scheme in SCHEMES else None
    return most is not None and len(password.encode()) > most


def rounds_hint(scheme: str, rounds: int) -> str:
    """Return what rounds are expected, or an empty string when these will do."""
    known = SCHEMES[scheme]
    if known.least_rounds <= rounds <= known.most_rounds:
        return ""
    kind = ", powers of two" if scheme == "bcrypt" else ""
    return f"{scheme} takes {known.least_rounds} to {known.most_rounds}{kind}"
