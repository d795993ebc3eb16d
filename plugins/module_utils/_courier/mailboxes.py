"""People's mailboxes: what shall be there, what shall go, and what has to be done for it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

Item = TypeVar("Item")

# What is safe as the name of a folder too: never "..", never hidden.
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_-])?@[a-z0-9_](?:[a-z0-9_-]*\.)+[a-z0-9-]+")


@dataclass(frozen=True)
class Read(Generic[Item]):
    """What was read of an option, and what is wrong with it."""

    found: tuple[Item, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Mailbox:
    """A person's Maildir; a quota of None is no limit."""

    name: str
    quota_kib: int | None = None
    renamed_from: str | None = None

    def __str__(self) -> str:
        limit = "no limit" if self.quota_kib is None else f"{self.quota_kib} KiB"
        return f"{self.name}: {limit}"


@dataclass(frozen=True)
class Removal:
    """A mailbox that shall go, with its mail; an archive keeps a copy."""

    name: str
    archive: bool


@dataclass(frozen=True)
class Seen:
    """What there is of a mailbox: its folder, whether all of the Maildir is there, its quota."""

    name: str
    complete: bool
    quota_kib: int | None = None


@dataclass(frozen=True)
class Step:
    """One thing to do for a mailbox: move it, make what lacks, set its quota; or remove it."""

    mailbox: Mailbox
    move: bool = False
    make: bool = False
    set_quota: bool = False


def home_of(name: str) -> str:
    """Return where a mailbox is below the tree's folder."""
    local, _at, domain = name.rpartition("@")
    return f"{domain}/{local}"


def mailboxes_of(raw: Sequence[Mapping[str, Any]]) -> Read[Mailbox]:
    """Return the mailboxes, and every problem of what was said about them."""
    found = [Mailbox(one["name"], one.get("quota_kib"), one.get("renamed_from")) for one in raw]
    return Read(tuple(found), tuple(_mailbox_problems(found)))


def removals_of(raw: Sequence[Mapping[str, Any]]) -> Read[Removal]:
    """Return the mailboxes that shall go, and every problem of what was said about them."""
    found = [Removal(one["name"], bool(one.get("archive", True))) for one in raw]
    problems = _name_problems("removed", [one.name for one in found])
    return Read(tuple(found), tuple(problems))


def contradictions(mailboxes: Iterable[Mailbox], removals: Iterable[Removal]) -> Iterator[Problem]:
    """Yield the mailboxes that shall both be there and go."""
    wanted = {mailbox.name for mailbox in mailboxes}
    wanted |= {mailbox.renamed_from for mailbox in mailboxes if mailbox.renamed_from}
    for number, removal in enumerate(removals):
        if removal.name in wanted:
            what = f'"{removal.name}" is a mailbox that shall stay, or be renamed'
            yield Problem(f"removed[{number}].name", what, "one or the other")


def _mailbox_problems(found: Sequence[Mailbox]) -> Iterator[Problem]:
    yield from _name_problems("mailboxes", [mailbox.name for mailbox in found])
    names = {mailbox.name for mailbox in found}
    formers: set[str] = set()
    for number, mailbox in enumerate(found):
        where, former = f"mailboxes[{number}]", mailbox.renamed_from
        if former is not None and not _NAME.fullmatch(former):
            yield Problem(f"{where}.renamed_from", f'"{former}" is no name of a mailbox')
        if former in names or former in formers:
            what = f'"{former}" is another mailbox'
            yield Problem(f"{where}.renamed_from", what, "name one that is nobody's any more")
        if former:
            formers.add(former)
        if mailbox.quota_kib is not None and mailbox.quota_kib < 1:
            yield Problem(f"{where}.quota_kib", f"{mailbox.quota_kib} holds no mail")


def _name_problems(option: str, names: Sequence[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        where = f"{option}[{number}].name"
        if not _NAME.fullmatch(name):
            hint = "write it like alice@example.org"
            yield Problem(where, f'"{name}" is no name of a mailbox', hint)
        if name in seen:
            yield Problem(where, f'"{name}" stands here twice', "each mailbox has one entry")
        seen.add(name)


def plan_mailboxes(
    wanted: Iterable[Mailbox], present: Mapping[str, Seen]
) -> tuple[list[Step], list[Problem]]:
    """Return what has to be done, in the order of names, and what can't be."""
    steps, problems = [], []
    for mailbox in sorted(wanted, key=lambda one: one.name):
        former = present.get(mailbox.renamed_from or "")
        here = present.get(mailbox.name)
        move = former is not None and here is None
        seen = former if move else here
        if former is not None and here is not None:
            what = f'"{mailbox.renamed_from}" has mail, and so has "{mailbox.name}"'
            hint = "leave formerly (renamed_from) out, and name the old one in removed to let it go"
            problems.append(Problem(f"mailboxes.{mailbox.name}.renamed_from", what, hint))
        step = Step(
            mailbox,
            move,
            make=seen is None or not seen.complete,
            set_quota=(seen.quota_kib if seen else None) != mailbox.quota_kib,
        )
        if step.move or step.make or step.set_quota:
            steps.append(step)
    return steps, problems


def plan_removals(removals: Iterable[Removal], present: Mapping[str, Seen]) -> list[Removal]:
    """Return the removals that are still to be done."""
    return sorted((one for one in removals if one.name in present), key=lambda one: one.name)


def diff(
    steps: Sequence[Step], removals: Sequence[Removal], present: Mapping[str, Seen]
) -> dict[str, str]:
    """Return what changes in the form that Ansible prints under --diff."""
    before, after = [], []
    for step in steps:
        name = str(step.mailbox.renamed_from) if step.move else step.mailbox.name
        if seen := present.get(name):
            before.append(str(Mailbox(name, seen.quota_kib)) + _lack(seen))
        after.append(str(step.mailbox))
    before += [str(Mailbox(one.name, present[one.name].quota_kib)) for one in removals]
    return {
        "before_header": "mailboxes",
        "after_header": "mailboxes",
        "before": "".join(f"{line}\n" for line in before),
        "after": "".join(f"{line}\n" for line in after),
    }


def _lack(seen: Seen) -> str:
    return "" if seen.complete else " (incomplete)"


def unclaimed(
    wanted: Iterable[Mailbox], removals: Iterable[Removal], names: Iterable[str]
) -> list[str]:
    """Return the mailboxes that are there and nobody's: their mail is kept."""
    known = {name for one in wanted for name in (one.name, one.renamed_from)}
    return sorted(set(names) - known - {removal.name for removal in removals})
