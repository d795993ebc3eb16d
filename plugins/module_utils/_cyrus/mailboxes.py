"""Mailboxes as they shall be: people's own, shared folders, and those that shall go."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, nearest

_PERSON = re.compile(r"[A-Za-z0-9!#$&'+=?^_`{|}~.-]+@[A-Za-z0-9.-]+")
_FOLDER = re.compile(r"[^\x00-\x1f\x7f\"\\*%@#]+")
_SHARED = re.compile(rf"(?!user/){_FOLDER.pattern}@[A-Za-z0-9.-]+")
_WHO = re.compile(r"[^\x00-\x20\x7f\"\\*%-][^\x00-\x20\x7f\"\\*%]*")
_USES = ("archive", "drafts", "important", "junk", "sent", "trash")
_LETTERS = "lrswipkxtean"
# Rights in words, as cyradm has them, and one that it lacks: who may write to the folder by mail.
RIGHTS = {
    "post": "p",
    "read": "lrs",
    "append": "lrsip",
    "write": "lrswipkxten",
    "all": "lrswipkxtean",
}

Acl = Mapping[str, str]


@dataclass(frozen=True)
class Mailbox:
    """A person's INBOX; a quota of None is no limit."""

    name: str
    quota_kib: int | None = None
    renamed_from: str = ""


@dataclass(frozen=True)
class Special:
    """A folder that each person gets with the mailbox, and what mail programs shall use it for."""

    name: str
    use: str = ""


@dataclass(frozen=True)
class Shared:
    """A folder of nobody's own: its rights by who has them, and its annotations."""

    name: str
    quota_kib: int | None = None
    acl: Acl = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Removed:
    """A mailbox or shared folder that shall go, with all below it; its mail is kept if so said."""

    name: str
    archive: bool = True


@dataclass(frozen=True)
class Store:
    """Everything that shall be there, and what shall not."""

    mailboxes: tuple[Mailbox, ...] = ()
    folders: tuple[Special, ...] = ()
    shared: tuple[Shared, ...] = ()
    removed: tuple[Removed, ...] = ()
    administrator: str = "cyrus-admin"

    @property
    def people(self) -> frozenset[str]:
        """The names of the people who have a mailbox."""
        return frozenset(mailbox.name for mailbox in self.mailboxes)

    def governing(self, name: str) -> Shared | None:
        """Return the declared folder that a shared folder is, or that it lies nearest below."""
        path, _at, domain = name.rpartition("@")
        by_name = {folder.name: folder for folder in self.shared}
        while path:
            if found := by_name.get(f"{path}@{domain}"):
                return found
            path = path.rpartition("/")[0]
        return None


def parse_store(params: Mapping[str, Any]) -> tuple[Store, list[Problem]]:
    """Return what the module's options say, and every problem of theirs."""
    store = Store(
        tuple(
            Mailbox(raw["name"], raw.get("quota_kib"), raw.get("renamed_from") or "")
            for raw in params["mailboxes"]
        ),
        tuple(Special(raw["name"], raw.get("use") or "") for raw in params.get("folders") or ()),
        tuple(_shared(raw) for raw in params.get("shared_folders") or ()),
        tuple(Removed(raw["name"], raw["archive"]) for raw in params.get("removed") or ()),
        params.get("administrator") or Store.administrator,
    )
    problems = [*_mailbox_problems(store), *_folder_problems(store), *_shared_problems(store)]
    return store, [*problems, *_removed_problems(store)]


def _shared(raw: Mapping[str, Any]) -> Shared:
    acl = {str(who): str(rights) for who, rights in (raw.get("acl") or {}).items()}
    return Shared(
        raw["name"],
        raw.get("quota_kib"),
        {who: RIGHTS.get(rights, rights) for who, rights in acl.items()},
        {str(name): str(value) for name, value in (raw.get("annotations") or {}).items()},
    )


def _mailbox_problems(store: Store) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, mailbox in enumerate(store.mailboxes):
        where = f"mailboxes[{number}]"
        for key, name in (("name", mailbox.name), ("renamed_from", mailbox.renamed_from)):
            if name and not _PERSON.fullmatch(name):
                what = f'"{name}" is no name of a mailbox'
                yield Problem(f"{where}.{key}", what, "write it like alice@example.org")
        if mailbox.renamed_from in store.people:
            what = f'"{mailbox.renamed_from}" is somebody\'s mailbox'
            yield Problem(f"{where}.renamed_from", what, "name one that nobody has any more")
        yield from _twice(where, mailbox.name, seen)
        yield from _quota(where, mailbox.quota_kib)


def _twice(where: str, name: str, seen: set[str]) -> Iterator[Problem]:
    if name.lower() in seen:
        yield Problem(f"{where}.name", f'"{name}" stands here twice', "each has one entry")
    seen.add(name.lower())


def _quota(where: str, quota_kib: int | None) -> Iterator[Problem]:
    if quota_kib is not None and quota_kib < 0:
        yield Problem(f"{where}.quota_kib", f"{quota_kib} is below 0")


def _folder_problems(store: Store) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, folder in enumerate(store.folders):
        where = f"folders[{number}]"
        if not _FOLDER.fullmatch(folder.name) or folder.name.upper() == "INBOX":
            yield Problem(f"{where}.name", f'"{folder.name}" is no name of a folder')
        if folder.use and folder.use not in _USES:
            hint = nearest(folder.use, _USES) or f"choose from {', '.join(_USES)}"
            yield Problem(f"{where}.use", f'"{folder.use}" is no use of a folder', hint)
        yield from _twice(where, folder.name, seen)


def _shared_problems(store: Store) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, folder in enumerate(store.shared):
        where = f"shared_folders[{number}]"
        if not _SHARED.fullmatch(folder.name):
            what = f'"{folder.name}" is no name of a shared folder'
            yield Problem(f"{where}.name", what, "write it like news@example.org")
        yield from _twice(where, folder.name, seen)
        yield from _quota(where, folder.quota_kib)
        for who, rights in folder.acl.items():
            place = f"{where}.acl.{who}"
            if not _WHO.fullmatch(who):
                yield Problem(place, "is nobody", "a login, or anyone")
            if not rights or set(rights) - set(_LETTERS):
                hint = f"choose from {', '.join(RIGHTS)}, or letters of {_LETTERS}"
                yield Problem(place, f'"{rights}" are no rights', hint)
        for name, value in folder.annotations.items():
            if not re.fullmatch(r"[a-z][a-z0-9/-]*", name) or re.search(r'[\x00-\x1f"\\]', value):
                hint = "such as expire: 30"
                yield Problem(f"{where}.annotations.{name}", f"{value!r} can't be said", hint)


def _removed_problems(store: Store) -> Iterator[Problem]:
    kept = store.people | {folder.name for folder in store.shared}
    for number, gone in enumerate(store.removed):
        where = f"removed[{number}].name"
        if not (_PERSON.fullmatch(gone.name) or _SHARED.fullmatch(gone.name)):
            yield Problem(where, f'"{gone.name}" is no name of a mailbox')
        if gone.name in kept:
            yield Problem(where, f'"{gone.name}" shall be there too', "remove it or keep it")
