"""Gather problems while the parts of the model are read."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.spec import kind
from ansible_collections.postern.mail.plugins.module_utils._site.values import Wrong

Raw = Mapping[str, Any]
T = TypeVar("T")


class Reader:
    """Gathers problems while the parts are read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.complete = True

    def say(self, where: str, what: str, hint: str = "") -> None:
        self.problems.append(Problem(where, what, hint))

    @contextmanager
    def at(self, where: str) -> Iterator[None]:
        """Turn what can't be read inside into a problem at this place."""
        try:
            yield
        except Wrong as wrong:
            self.say(where, wrong.what, wrong.hint)

    def read(self, where: str, parse: Callable[[str], T], text: object) -> T | None:
        """Return what the text says, or None after noting the problem."""
        with self.at(where):
            if not isinstance(text, str):
                raise Wrong(f"is {kind(text)}, not text")
            return parse(text)
        return None

    def lost(self, part: T | None) -> T | None:
        """Note that a part that others may refer to couldn't be read."""
        self.complete = self.complete and part is not None
        return part
