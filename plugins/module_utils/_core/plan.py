"""Plans: the difference between wanted and present files, as data, with its diff."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice

LARGE_BYTES = 1 << 18  # of a file larger than this only the lines that differ are shown
SHOWN_LINES = 200
MASK = "(secret, not shown)\n"
MASK_CHANGED = "(secret, changed, not shown)\n"


@dataclass(frozen=True)
class Stored:
    """Bytes that stay on disk, since they are too many to be held: where, and their digest.

    Without a digest nobody knows what they are, so they are never the same as others.
    """

    path: str
    size: int = 0
    digest: str = ""


@dataclass(frozen=True)
class File:
    """A regular file as it is or shall be: its bytes, permission bits, owner and group names.

    Where `stored` is given, the bytes are there, and `content` is empty.
    """

    content: bytes = field(repr=False)
    mode: int = 0o644
    owner: str = "root"
    group: str = "root"
    secret: bool = False
    stored: Stored | None = None

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.content) if self.stored is None else self.stored.size


Lines = Callable[[File], Iterable[bytes]]


def held_lines(file: File) -> list[bytes]:
    """Return the lines of a file whose bytes are held."""
    return file.content.splitlines(keepends=True)


@dataclass(frozen=True)
class Change:
    """One path that is created (before is None), removed (after is None) or replaced."""

    path: str
    before: File | None
    after: File | None


@dataclass(frozen=True)
class Plan:
    """What has to change: files in the order of their paths."""

    changes: tuple[Change, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether applying this plan would change anything."""
        return bool(self.changes)

    @property
    def paths(self) -> frozenset[str]:
        """The paths that this plan touches."""
        return frozenset(change.path for change in self.changes)

    def diff(self, lines: Lines = held_lines) -> list[dict[str, str]]:
        """Return the plan in the form that Ansible prints under --diff, secrets masked.

        Of large files only lines that differ are shown, and not more than SHOWN_LINES of them;
        `lines` reads a file line by line.
        """
        return [
            {
                "before_header": change.path,
                "after_header": change.path,
                "before": _attributes(change.before, change) + before,
                "after": _attributes(change.after, change) + after,
            }
            for change in self.changes
            for before, after in [_texts(change, lines)]
        ]


def deed_diff(name: str, what: str) -> dict[str, str]:
    """Return something that is no file, and is done beside them, in the form of a plan's diff."""
    return {"before_header": name, "after_header": name, "before": "", "after": what}


def make_plan(wanted: Mapping[str, File | None], present: Mapping[str, File | None]) -> Plan:
    """Compare wanted with present files, path by path.

    A path whose wanted value is None shall be absent. Paths that only `present` names are left
    alone: who owns a folder names the leftovers in `wanted` as None.
    """
    changes = (
        Change(path, present.get(path), wanted[path])
        for path in sorted(wanted)
        if not _same(present.get(path), wanted[path])
    )
    return Plan(tuple(changes))


def _same(before: File | None, after: File | None) -> bool:
    """Whether nothing needs doing; `secret` says how to show a file, not what it is."""
    if before is None or after is None:
        return before is after
    return _rights(before) == _rights(after) and _same_bytes(before, after)


def _rights(file: File) -> tuple[int, str, str]:
    return file.mode, file.owner, file.group


def _same_bytes(before: File, after: File) -> bool:
    if before.stored is None and after.stored is None:
        return before.content == after.content
    if before.size != after.size:
        return False
    return digest_of(before) == digest_of(after) != ""


def digest_of(file: File) -> str:
    """Return the digest of a file's bytes; empty where nobody knows it."""
    return hashlib.sha256(file.content).hexdigest() if file.stored is None else file.stored.digest


def _attributes(file: File | None, change: Change) -> str:
    """Return owner and mode as a line, where the two sides differ in them."""
    before, after = change.before, change.after
    if file is None or before is None or after is None or _rights(before) == _rights(after):
        return ""
    return f"# {file.owner}:{file.group} {file.mode:04o}\n"


def _texts(change: Change, lines: Lines) -> tuple[str, str]:
    """Return what a person may see of both sides."""
    before, after = change.before, change.after
    sides = [side for side in (before, after) if side is not None]
    if any(side.secret for side in sides):
        return _mask(before, change), _mask(after, change)
    old, new = (lines(side) if side else () for side in (before, after))
    if sum(side.size for side in sides) <= LARGE_BYTES:
        return _text(b"".join(old)), _text(b"".join(new))
    removed, added = differing_lines(old, new, SHOWN_LINES)
    return _text(removed), _text(added)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "backslashreplace")


def differing_lines(
    before: Iterable[bytes], after: Iterable[bytes], most: int
) -> tuple[bytes, bytes]:
    """Return the lines that only one side has, at most so many of each; both are read once.

    Taking the first away and adding the second makes one side the other. They are as few as can
    be where both sides are sorted, as long tables are.
    """
    shown: tuple[list[bytes], list[bytes]] = ([], [])
    counts = [0, 0]
    same = 0
    sides = iter(before), iter(after)
    lines = [next(side, None) for side in sides]
    while (old := lines[0]) is not None and (new := lines[1]) is not None:
        if old == new:
            same += 1
            lines = [next(sides[0], None), next(sides[1], None)]
            continue
        one = 0 if old < new else 1
        counts[one] += 1
        if counts[one] <= most:
            shown[one].append(min(old, new))
        lines[one] = next(sides[one], None)
    for one, (line, side) in enumerate(zip(lines, sides, strict=True)):
        rest = side if line is None else chain([line], side)
        more = list(islice(rest, max(0, most - counts[one])))
        shown[one].extend(more)
        counts[one] += len(more) + sum(1 for _line in rest)
    head = f"({same} lines that both have are not shown)\n".encode() if same else b""
    texts = (
        head + b"".join(part) + (f"(and {count - most} more)\n".encode() if count > most else b"")
        for part, count in zip(shown, counts, strict=True)
    )
    return next(texts), next(texts)


def _mask(file: File | None, change: Change) -> str:
    """Return what stands for a secret; unlike on both sides, or Ansible would show no change."""
    before, after = change.before, change.after
    if file is None:
        return ""
    if before is None or after is None:
        return MASK
    if _same_bytes(before, after):
        return ""
    return MASK if file is before else MASK_CHANGED
