"""Mailboxes: which are missing, and whose quota differs; nothing here ever deletes one."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

_NAME = re.compile(r"[A-Za-z0-9!#$&'+=?^_`{|}~.-]+@[A-Za-z0-9.-]+")


@dataclass(frozen=True)
class Mailbox:
    """A person's INBOX; a quota of None is no limit."""

    name: str
    quota_kib: int | None = None

    def __str__(self) -> str:
        limit = "no limit" if self.quota_kib is None else f"{self.quota_kib} KiB"
        return f"{self.name}: {limit}"


@dataclass(frozen=True)
class Step:
    """One thing to do: create the mailbox, or not; set its quota, or not."""

    mailbox: Mailbox
    create: bool
    set_quota: bool


def parse_mailboxes(raw: Sequence[Mapping[str, Any]]) -> tuple[list[Mailbox], list[Problem]]:
    """Return the mailboxes, and every problem of what was said about them."""
    wanted = [Mailbox(entry["name"], entry.get("quota_kib")) for entry in raw]
    return wanted, list(_problems(wanted))


def _problems(wanted: Sequence[Mailbox]) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, mailbox in enumerate(wanted):
        where = f"mailboxes[{number}]"
        if not _NAME.fullmatch(mailbox.name):
            what = f'"{mailbox.name}" is no name of a mailbox'
            yield Problem(f"{where}.name", what, "write it like alice@example.org")
        if mailbox.name.lower() in seen:
            what = f'"{mailbox.name}" stands here twice'
            yield Problem(f"{where}.name", what, "each mailbox has one entry")
        seen.add(mailbox.name.lower())
        if mailbox.quota_kib is not None and mailbox.quota_kib < 0:
            yield Problem(f"{where}.quota_kib", f"{mailbox.quota_kib} is below 0")


def plan_mailboxes(wanted: Sequence[Mailbox], present: Mapping[str, Mailbox]) -> list[Step]:
    """Return what has to be done, in the order of names."""
    steps = []
    for mailbox in sorted(wanted, key=lambda one: one.name):
        there = present.get(mailbox.name)
        if there is None:
            steps.append(Step(mailbox, create=True, set_quota=mailbox.quota_kib is not None))
        elif there.quota_kib != mailbox.quota_kib:
            steps.append(Step(mailbox, create=False, set_quota=True))
    return steps


def diff(steps: Sequence[Step], present: Mapping[str, Mailbox]) -> dict[str, str]:
    """Return what changes in the form that Ansible prints under --diff."""
    before = (present[step.mailbox.name] for step in steps if not step.create)
    return {
        "before_header": "mailboxes",
        "after_header": "mailboxes",
        "before": "".join(f"{mailbox}\n" for mailbox in before),
        "after": "".join(f"{step.mailbox}\n" for step in steps),
    }


def unclaimed(wanted: Sequence[Mailbox], names: Sequence[str]) -> list[str]:
    """Return the mailboxes that are there and nobody's: their mail is kept."""
    return sorted(set(names) - {mailbox.name for mailbox in wanted})
