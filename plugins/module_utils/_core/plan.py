"""Plans: the difference between wanted and present files, as data, with its diff."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MASK = "(secret, not shown)\n"
MASK_CHANGED = "(secret, changed, not shown)\n"


@dataclass(frozen=True)
class File:
    """A regular file as it is or shall be: its bytes, permission bits, owner and group names."""

    content: bytes = field(repr=False)
    mode: int = 0o644
    owner: str = "root"
    group: str = "root"
    secret: bool = False


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

    def diff(self) -> list[dict[str, str]]:
        """Return the plan in the form that Ansible prints under --diff, secrets masked."""
        return [
            {
                "before_header": change.path,
                "after_header": change.path,
                "before": _shown(change.before, change),
                "after": _shown(change.after, change),
            }
            for change in self.changes
        ]


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
    return _state(before) == _state(after)


def _state(file: File) -> tuple[bytes, int, str, str]:
    return file.content, file.mode, file.owner, file.group


def _shown(file: File | None, change: Change) -> str:
    """Return what a person may see of a file: attributes where they differ, then the text."""
    if file is None:
        return ""
    other = change.after if file is change.before else change.before
    lines = ""
    if other is not None and _state(file)[1:] != _state(other)[1:]:
        lines = f"# {file.owner}:{file.group} {file.mode:04o}\n"
    if any(side is not None and side.secret for side in (change.before, change.after)):
        return lines + _mask(file, change)
    return lines + file.content.decode("utf-8", "backslashreplace")


def _mask(file: File, change: Change) -> str:
    """Return what stands for a secret; unlike on both sides, or Ansible would show no change."""
    before, after = change.before, change.after
    if before is None or after is None:
        return MASK
    if before.content == after.content:
        return ""
    return MASK if file is before else MASK_CHANGED
