"""Password hashes by passlib: make one, verify it, and say when it lags behind the policy."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from .schemes import DEFAULT_SCHEME, SCHEMES

MISSING = "x"  # stands for a hash that only a real run can make


class Hasher(Protocol):
    """What the credentials need of a hash scheme."""

    def hash(self, password: str) -> str:
        """Return a new hash, with a salt of its own."""

    def fits(self, password: str, hashed: str) -> bool:
        """Say whether it is the hash of that password, made as the policy wants it."""


class PolicyHasher:
    """One scheme with a set cost."""

    def __init__(self, scheme: str = DEFAULT_SCHEME, rounds: int | None = None) -> None:
        known = SCHEMES[scheme]
        self._rounds = rounds or known.rounds
        self._policy = getattr(import_module(known.handler), scheme).using(rounds=self._rounds)
        try:
            self._policy.get_backend()
        except RuntimeError as error:  # passlib's, where the host lacks the scheme's library
            raise ImportError(str(error)) from error

    def hash(self, password: str) -> str:
        """Return a new hash, with a salt of its own."""
        return str(self._policy.hash(password))

    def fits(self, password: str, hashed: str) -> bool:
        """Say whether it is a hash of that password, of the policy's scheme and rounds."""
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
