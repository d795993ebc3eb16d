"""The world outside, as it does not behave every day."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from dialogues.scenario import Scenario


@contextlib.contextmanager
def busy(scenario: Scenario) -> Iterator[Callable[[], None]]:
    """Let the world outside refuse mail for now, until what is yielded is called, or the end."""
    scenario.shell("outside", "postconf -e smtpd_client_restrictions=defer; postfix reload")

    def free() -> None:
        scenario.shell("outside", "postconf -X smtpd_client_restrictions; postfix reload")

    try:
        yield free
    finally:
        free()
