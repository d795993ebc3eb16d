"""Which files stand around amavis, and in which order their units start."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._amavis.model import Amavis
from ansible_collections.postern.mail.plugins.module_utils._amavis.render import CONFIGURATION
from ansible_collections.postern.mail.plugins.module_utils._amavis.wanted import (
    AMAVIS,
    DROP_IN,
    EXPIRY,
    EXPIRY_TIMER,
    FILTERED,
    FILTERED_INSTANCE,
    FOLDER,
    MASK,
    MILTER,
    PATHS,
    UNITS,
    Surroundings,
    units_of,
    wanted_files,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, make_plan
from ansible_collections.postern.mail.tests.unit.amavises import amavises, text_of, told
from hypothesis import given

POSTFIX = Surroundings(("postdrop", "clamav"), "postfix")
SENDMAIL = Surroundings(("clamav",), "root", ("/usr/sbin/sendmail", "-Am", "-bs"))


def standing(amavis: Amavis | None, around: Surroundings) -> list[str]:
    return [path for path, file in wanted_files(amavis, around).items() if file]


@given(amavises())
def test_the_same_model_asks_for_nothing(amavis: Amavis) -> None:
    files = wanted_files(amavis, SENDMAIL)
    assert {*files} == {*PATHS}
    assert not make_plan(files, wanted_files(amavis, SENDMAIL)).changed


def test_without_a_filter_nothing_stands_but_what_masks_debians_milter() -> None:
    files = wanted_files(None, SENDMAIL)
    assert standing(None, SENDMAIL) == [MASK]
    assert files[MASK] == File(b"")
    assert {*wanted_files(None, SENDMAIL)} == {*PATHS}


def test_postfix_needs_amavis_alone() -> None:
    assert standing(told(), POSTFIX) == [CONFIGURATION, DROP_IN, FOLDER, MASK]
    files = wanted_files(told(), POSTFIX)
    assert files[MASK] == File(b"")
    assert "SupplementaryGroups=clamav postdrop" in text_of(files[DROP_IN])
    assert " amavis postfix " in text_of(files[FOLDER])
    assert units_of(files) == [AMAVIS]


def test_sendmail_needs_a_milter_and_a_way_back() -> None:
    files = wanted_files(told(takes="milter"), SENDMAIL)
    assert [path for path in PATHS if not files[path]] == [
        f"{UNITS}/{EXPIRY}",
        f"{UNITS}/{EXPIRY_TIMER}",
    ]
    assert "ExecStart=-/usr/sbin/sendmail -Am -bs" in text_of(files[f"{UNITS}/{FILTERED_INSTANCE}"])
    assert units_of(files) == [FILTERED, AMAVIS, MILTER]


@pytest.mark.parametrize(
    ("takes", "around", "units"),
    [
        ("milter", POSTFIX, [AMAVIS, MILTER]),
        ("lmtp", SENDMAIL, [FILTERED, AMAVIS]),
    ],
)
def test_the_milter_starts_last_and_the_way_back_first(
    takes: str, around: Surroundings, units: list[str]
) -> None:
    assert units_of(wanted_files(told(takes=takes), around)) == units


def test_a_quarantine_that_is_kept_for_some_days_has_a_timer() -> None:
    files = wanted_files(told(quarantine_days=60), POSTFIX)
    assert "expire --days 60\n" in text_of(files[f"{UNITS}/{EXPIRY}"])
    assert units_of(files) == [AMAVIS, EXPIRY_TIMER]
    for_ever = wanted_files(told(quarantine_days=0), POSTFIX)
    assert for_ever[f"{UNITS}/{EXPIRY}"] is for_ever[f"{UNITS}/{EXPIRY_TIMER}"] is None


def test_what_a_former_filter_has_left_in_quarantine_expires_by_a_timer_alone() -> None:
    left = Surroundings(left_days=60)
    files = wanted_files(None, left)
    assert standing(None, left) == [MASK, f"{UNITS}/{EXPIRY}", f"{UNITS}/{EXPIRY_TIMER}"]
    assert "expire --days 60\n" in text_of(files[f"{UNITS}/{EXPIRY}"])
    assert units_of(files) == [EXPIRY_TIMER]
    assert units_of(wanted_files(None, Surroundings())) == []


@pytest.mark.parametrize("path", PATHS)
def test_what_stands_is_roots_and_readable(path: str) -> None:
    file = wanted_files(told(takes="milter", quarantine_days=1), SENDMAIL)[path]
    assert file is not None
    assert (file.owner, file.group, file.mode) == ("root", "root", 0o644)
