"""What the firewall has to do: wanted against present state, as data."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .._core.plan import File, Plan, make_plan
from .model import FAMILY_TABLE
from .parse import Record, digest

LIVE = f"live table {FAMILY_TABLE}"


@dataclass(frozen=True)
class Present:
    """The host as it is: files, the table in the kernel, the unit."""

    files: Mapping[str, File | None]
    listing: str | None = None
    record: Record | None = None
    unit_in_force: bool = False


@dataclass(frozen=True)
class Steps:
    """What has to happen: files to change, rules to load, the unit to bring in force."""

    files: Plan
    load: bool = False
    unit: bool = False
    drift: tuple[str, str] | None = None

    @property
    def changed(self) -> bool:
        """Whether anything has to happen."""
        return self.files.changed or self.load or self.unit

    def diff(self) -> list[dict[str, str]]:
        """Return the changes of the files, and of the live table where only that differs."""
        shown = self.files.diff()
        if self.drift is not None:
            before, after = self.drift
            header = {"before_header": LIVE, "after_header": LIVE}
            shown.append({**header, "before": before, "after": after})
        return shown


def make_steps(rules: str, wanted: Mapping[str, File | None], present: Present) -> Steps:
    """Compare what shall be with what is.

    The kernel lists rules in words of its own, so the live table is compared with what it
    listed when it took this same rules file.
    """
    record, listing = present.record, present.listing
    known = record is not None and record.rules == digest(rules)
    load = not known or record is None or record.listing != listing
    drift = None
    if load and known and record is not None:
        drift = (listing or "", record.listing)
    elif load and not _changes(wanted, present):
        drift = (listing or "", rules)
    return Steps(make_plan(wanted, present.files), load, not present.unit_in_force, drift)


def make_removal(wanted: Mapping[str, File | None], present: Present) -> Steps:
    """Return what is left to remove of a firewall that shall not be."""
    drift = (present.listing, "") if present.listing is not None else None
    load = present.listing is not None
    return Steps(make_plan(wanted, present.files), load, present.unit_in_force, drift)


def _changes(wanted: Mapping[str, File | None], present: Present) -> bool:
    return make_plan(wanted, present.files).changed
