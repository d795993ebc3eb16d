"""What has to be done about mailboxes: pure, from what shall be and what is to IMAP commands."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .mailboxes import Mailbox, Removed, Shared, Special, Store
from .names import Names, encoded, folder_of, folders_above, inbox, quoted

ANNOTATION = "/shared/vendor/cmu/cyrus-imapd/"


@dataclass(frozen=True)
class Present:
    """What is there: the names, and more of those that are somebody's business."""

    names: Names = field(default_factory=Names)
    quotas: Mapping[str, int | None] = field(default_factory=dict)
    acls: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    annotations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One thing to do: its commands, and a line of the diff before and after.

    archive: whose mail has to be kept on disk first.
    """

    commands: tuple[str, ...]
    before: str = ""
    after: str = ""
    archive: str = ""


def plan_store(store: Store, present: Present) -> list[Step]:
    """Return what has to be done, in an order in which it can be."""
    people = sorted(store.mailboxes, key=lambda one: one.name)
    steps = [step for mailbox in people for step in _mailbox(mailbox, store, present)]
    # A folder before those below it: Cyrus would make what lies between in no domain at all.
    for folder in sorted(store.shared, key=lambda one: (one.name.count("/"), one.name)):
        steps += _shared(folder, store, present)
    steps += _below(store, present)
    gone = sorted(store.removed, key=lambda one: one.name)
    there = (one for one in gone if one.name in present.names.all)
    return steps + [_removal(one, present, store.administrator) for one in there]


def diff(steps: Sequence[Step]) -> dict[str, str]:
    """Return what changes in the form that Ansible prints under --diff."""
    return {
        "before_header": "mailboxes",
        "after_header": "mailboxes",
        "before": "".join(f"{step.before}\n" for step in steps if step.before),
        "after": "".join(f"{step.after}\n" for step in steps if step.after),
    }


def unclaimed(store: Store, names: Names) -> list[str]:
    """Return the mailboxes that are there and nobody's: their mail is kept."""
    # Who has both names keeps the mail of the former one, too, and somebody has to be told of it.
    moving = {one.renamed_from for one in store.mailboxes if one.name not in names.people}
    people = set(names.people) - store.people - moving
    shared = {name for name in names.shared if store.governing(name) is None}
    return sorted((people | shared) - {gone.name for gone in store.removed})


def _mailbox(mailbox: Mailbox, store: Store, present: Present) -> Iterator[Step]:
    name, there = mailbox.name, present.names.people
    limit = mailbox.quota_kib
    if name in there:
        if present.quotas.get(name) != limit:
            yield _quota(name, inbox(name), present.quotas.get(name), limit)
        if store.folders and not {folder.name for folder in store.folders} & there[name]:
            yield _folders(name, store.folders)
    elif mailbox.renamed_from in there:
        before = mailbox.renamed_from
        command = f"RENAME {quoted(inbox(before))} {quoted(inbox(name))}"
        limits = _set_quota(inbox(name), limit)
        yield Step((command, limits), f"{before}", f"{name}: {_limit(limit)}, renamed")
        if store.folders and not {folder.name for folder in store.folders} & there[before]:
            yield _folders(name, store.folders)
    else:
        commands = [f"CREATE {quoted(inbox(name))}"]
        if limit is not None:
            commands.append(_set_quota(inbox(name), limit))
        yield Step(tuple(commands), "", f"{name}: {_limit(limit)}")
        if store.folders:
            yield _folders(name, store.folders)


def _folders(person: str, folders: Sequence[Special]) -> Step:
    """Make the folders, once: later they are the person's, who may rename or delete them."""
    commands = []
    for folder in folders:
        use = f" (USE (\\{folder.use.capitalize()}))" if folder.use else ""
        commands.append(f"CREATE {quoted(folder_of(person, folder.name))}{use}")
    names = ", ".join(folder.name for folder in folders)
    return Step(tuple(commands), "", f"{person}: folders {names}")


def _shared(folder: Shared, store: Store, present: Present) -> Iterator[Step]:
    name = folder.name
    made = name not in present.names.shared
    if made:
        yield Step((f"CREATE {quoted(name)}",), "", f"{name}: shared")
    quota = present.quotas.get(name)
    if quota != folder.quota_kib:
        yield _quota(name, name, quota, folder.quota_kib)
    acl = _at_birth(name, store, present) if made else present.acls.get(name, {})
    yield from _acl(name, folder.acl, acl)
    notes = present.annotations.get(name, {})
    for key in sorted({*folder.annotations, *notes}):
        value, before = folder.annotations.get(key), notes.get(key)
        if value != before:
            said = "NIL" if value is None else f'"{encoded(value)}"'
            command = f"SETMETADATA {quoted(name)} ({ANNOTATION}{key} {said})"
            yield Step((command,), _note(name, key, before), _note(name, key, value))


def _at_birth(name: str, store: Store, present: Present) -> Mapping[str, str]:
    """Return the rights that Cyrus gives a new folder: those above it, at the top all may read."""
    for above in folders_above(name):
        if folder := store.governing(above):
            return folder.acl
        if above in present.acls:
            return present.acls[above]
    return {"anyone": "lrs"}


def _note(name: str, key: str, value: str | None) -> str:
    return "" if value is None else f"{name}: {key} {value}"


def _below(store: Store, present: Present) -> Iterator[Step]:
    """Give folders below a declared one its rights: nobody keeps what is taken away above."""
    declared = {folder.name for folder in store.shared}
    for name in sorted(present.names.shared - declared):
        if folder := store.governing(name):
            yield from _acl(name, folder.acl, present.acls.get(name, {}))


def _acl(name: str, wanted: Mapping[str, str], present: Mapping[str, str]) -> Iterator[Step]:
    for who in sorted({*wanted, *present}):
        rights, before = wanted.get(who, ""), present.get(who, "")
        if set(rights) != set(before):
            command = f'SETACL {quoted(name)} "{who}" {rights}'
            if not rights:
                command = f'DELETEACL {quoted(name)} "{who}"'
            yield Step((command,), _right(name, who, before), _right(name, who, rights))


def _right(name: str, who: str, rights: str) -> str:
    return f"{name}: {who} {rights}" if rights else ""


def _quota(name: str, place: str, before: int | None, limit: int | None) -> Step:
    command = _set_quota(place, limit)
    return Step((command,), f"{name}: {_limit(before)}", f"{name}: {_limit(limit)}")


def _set_quota(place: str, limit: int | None) -> str:
    limits = "()" if limit is None else f"(STORAGE {limit})"
    return f"SETQUOTA {quoted(place)} {limits}"


def _limit(quota_kib: int | None) -> str:
    return "no limit" if quota_kib is None else f"{quota_kib} KiB"


def _removal(gone: Removed, present: Present, administrator: str) -> Step:
    """Delete a mailbox or shared folder with all below it, from the leaves up.

    An administrator has no rights over either but to give them; folders go with their INBOX.
    """
    places = [inbox(gone.name)]
    if gone.name not in present.names.people:
        places = _tree(gone.name, present.names.shared)
    commands = [
        command
        for place in places
        for command in (f'SETACL {quoted(place)} "{administrator}" x', f"DELETE {quoted(place)}")
    ]
    kept = " (archived)" if gone.archive else ""
    return Step(tuple(commands), f"{gone.name}{kept}", "", gone.name if gone.archive else "")


def _tree(name: str, shared: Iterable[str]) -> list[str]:
    """Return a shared folder and all below it, the deepest first."""
    path, _at, domain = name.rpartition("@")
    below = (one for one in shared if one.startswith(f"{path}/") and one.endswith(f"@{domain}"))
    return sorted([name, *below], key=lambda place: (-place.count("/"), place))
