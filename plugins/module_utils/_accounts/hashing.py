"""SHA-512 crypt by passlib: hash, verify, and say when a hash lags behind the policy."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Protocol

MISSING = "x"  # stands for a hash that only a real run can make


class Hasher(Protocol):
    """What the credentials need of a hash scheme."""

    def hash(self, password: str) -> str:
        """Return a new hash, with a salt of its own."""

    def fits(self, password: str, hashed: str) -> bool:
        """Say whether it is the hash of that password, made as the policy wants it."""


class Sha512Hasher:
    """The scheme that every consumer takes: SHA-512 crypt with a set number of rounds."""

    def __init__(self, rounds: int) -> None:
        from passlib.handlers.sha2_crypt import sha512_crypt  # noqa: PLC0415

        self._policy = sha512_crypt.using(rounds=rounds)
        self._rounds = rounds

    def hash(self, password: str) -> str:
        """Return a new hash, with a salt of its own."""
        return str(self._policy.hash(password))

    def fits(self, password: str, hashed: str) -> bool:
        """Say whether it is a SHA-512 hash of that password with the policy's rounds."""
        if not self._policy.identify(hashed):
            return False
        try:
            parsed = self._policy.from_string(hashed)
            return parsed.rounds == self._rounds and bool(self._policy.verify(password, hashed))
        except ValueError:
            return False


class NoHasher:
    """Stands in during a check run on a host that has no passlib yet: nothing fits."""

    def hash(self, password: str) -> str:
        """Return a placeholder."""
        return MISSING

    def fits(self, password: str, hashed: str) -> bool:
        """Say no."""
        return False
