"""Behaviour of the plan: silent when all is in force, and every drift of the live table noticed."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._firewall.model import (
    Firewall,
    Opening,
)
from ansible_collections.postern.mail.plugins.module_utils._firewall.parse import Record, digest
from ansible_collections.postern.mail.plugins.module_utils._firewall.render import (
    DROP_IN_PATH,
    RULES_PATH,
    render_files,
    render_rules,
)
from ansible_collections.postern.mail.plugins.module_utils._firewall.steps import (
    LIVE,
    Present,
    Steps,
    make_removal,
    make_steps,
)
from ansible_collections.postern.mail.tests.unit.firewalls import firewalls
from hypothesis import given

LISTING = "table inet postern {\n}\n"


def in_force(firewall: Firewall, listing: str = LISTING) -> Present:
    record = Record(digest(render_rules(firewall)), listing)
    return Present(render_files(firewall), listing, record, unit_in_force=True)


def steps_to(firewall: Firewall, present: Present) -> Steps:
    return make_steps(render_rules(firewall), {**render_files(firewall)}, present)


@given(firewalls)
def test_a_second_run_is_silent(firewall: Firewall) -> None:
    steps = steps_to(firewall, in_force(firewall))
    assert not steps.changed
    assert steps.diff() == []


def test_a_fresh_host_gets_everything() -> None:
    steps = steps_to(Firewall(), Present(dict.fromkeys(render_files(Firewall()))))
    assert steps.load
    assert steps.unit
    assert steps.files.paths == set(render_files(Firewall()))


def test_a_new_opening_is_loaded_and_shown_as_a_change_of_the_file_alone() -> None:
    steps = steps_to(Firewall(openings=(Opening("smtp", 25),)), in_force(Firewall()))
    assert steps.load
    assert [part["before_header"] for part in steps.diff()] == [RULES_PATH]


def test_a_live_table_changed_by_hand_is_loaded_anew_and_shown() -> None:
    present = replace(in_force(Firewall()), listing="table inet postern {\n\tx\n}\n")
    steps = steps_to(Firewall(), present)
    assert steps.load
    (shown,) = steps.diff()
    assert shown["before_header"] == LIVE
    assert shown["before"] == present.listing
    assert shown["after"] == LISTING


def test_a_live_table_flushed_by_hand_is_loaded_anew() -> None:
    steps = steps_to(Firewall(), replace(in_force(Firewall()), listing=None))
    assert steps.load
    assert steps.diff()[0]["after"] == LISTING


def test_a_lost_record_means_loading_anew_and_says_so() -> None:
    steps = steps_to(Firewall(), replace(in_force(Firewall()), record=None))
    assert steps.load
    assert steps.diff() != []


def test_a_file_changed_by_hand_is_mended_without_touching_the_live_table() -> None:
    present = in_force(Firewall())
    files = {**present.files, RULES_PATH: File(b"x"), DROP_IN_PATH: None}
    steps = steps_to(Firewall(), replace(present, files=files))
    assert steps.changed
    assert not steps.load
    assert steps.files.paths == {RULES_PATH, DROP_IN_PATH}


def test_a_stopped_unit_is_brought_back() -> None:
    steps = steps_to(Firewall(), replace(in_force(Firewall()), unit_in_force=False))
    assert steps.changed
    assert not steps.load


def test_removal_takes_files_and_table_and_is_then_silent() -> None:
    wanted = dict.fromkeys(render_files(Firewall()))
    steps = make_removal(wanted, in_force(Firewall()))
    assert steps.files.paths == set(wanted)
    assert steps.diff()[-1] == {
        "before_header": LIVE,
        "after_header": LIVE,
        "before": LISTING,
        "after": "",
    }
    assert not make_removal(wanted, Present(wanted)).changed
