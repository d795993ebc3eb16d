"""Behaviour of both files together: silent when they stand, and what a change asks for."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._cyrus.effort import Effort
from ansible_collections.postern.mail.plugins.module_utils._cyrus.model import (
    Cyrus,
    parse_cyrus,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.wanted import (
    SETTINGS_FILE,
    effort_of,
    plan_files,
    read_cyrus,
)
from ansible_collections.postern.mail.tests.unit.cyrus_samples import arguments, models
from hypothesis import given

CYRUS = parse_cyrus(arguments())[0]


def standing(cyrus: Cyrus) -> dict[str, File | None]:
    return {change.path: change.after for change in plan_files(cyrus, {}).changes}


@given(models)
def test_what_stands_is_not_planned_and_reads_as_it_was_meant(cyrus: Cyrus) -> None:
    assert not plan_files(cyrus, standing(cyrus)).changed
    assert read_cyrus(standing(cyrus)) == cyrus


def test_a_file_broken_by_hand_is_mended() -> None:
    broken = {**standing(CYRUS), SETTINGS_FILE: File(b"rubbish\n")}
    plan = plan_files(CYRUS, broken)
    assert plan.paths == {SETTINGS_FILE}
    assert effort_of(plan, read_cyrus(broken), CYRUS, lambda: True) is Effort.RESTART


def test_a_stopped_cyrus_starts_with_changed_files_and_is_left_alone_without() -> None:
    change, none = plan_files(CYRUS, {}), plan_files(CYRUS, standing(CYRUS))
    assert effort_of(change, CYRUS, CYRUS, lambda: False) is Effort.RESTART
    assert effort_of(none, CYRUS, CYRUS, lambda: False) is Effort.NONE
