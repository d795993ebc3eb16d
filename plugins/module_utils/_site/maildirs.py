"""Maildirs that a transfer agent delivers into: where they are, whose, and by which program."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import Account

NAME = "Maildir"


@dataclass(frozen=True)
class Maildirs:
    """What the role of a store with Maildirs publishes of them.

    `command` takes a message on its standard input, a Maildir as its last word, and honours quotas.
    """

    folder: str
    owner: str
    owner_id: int
    command: tuple[str, ...]


def maildirs_of(raw: Mapping[str, Any] | None) -> Maildirs | None:
    """Return the Maildirs that were joined, or None where the store has none."""
    if not raw:
        return None
    words = tuple(str(word) for word in raw["command"])
    return Maildirs(str(raw["folder"]), str(raw["owner"]), int(raw["owner_id"]), words)


def maildir(account: Account) -> str:
    """Return an account's Maildir below the folder of all; the slash makes it one for Postfix."""
    return f"{account.domain}/{account.name}/{NAME}/"
