"""Looking at the mailboxes as an administrator, without touching any."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .imap import Administrator, Refusal
from .mailboxes import Mailbox, parse_mailboxes, plan_mailboxes, unclaimed

Seen = tuple[list[str], dict[str, Mailbox]]


def read_secret(path: str) -> str:
    """Return the administrator's secret."""
    return Path(path).read_text(encoding="utf-8").strip()


def look(administrator: Administrator, wanted: Sequence[Mailbox]) -> Seen:
    """Return the names of all mailboxes, and those that are wanted as they are."""
    names = administrator.names()
    claimed = {mailbox.name for mailbox in wanted}
    return names, administrator.present(name for name in names if name in claimed)


def in_order(
    raw: Sequence[Mapping[str, Any]], socket: str, administrator: str, secret_file: str
) -> bool:
    """Whether nothing is to be done or said about the mailboxes; False when nobody can tell."""
    wanted, problems = parse_mailboxes(raw)
    if problems:
        return False
    try:
        with Administrator(socket, administrator, read_secret(secret_file)) as connection:
            names, present = look(connection, wanted)
    except (Refusal, OSError):
        return False
    return not plan_mailboxes(wanted, present) and not unclaimed(wanted, names)
