"""The words of restrictions that the role itself uses are known."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._postfix.words import (
    RESTRICTION_LISTS,
    RESTRICTIONS,
    VALUED,
)


def test_a_word_stands_alone_or_takes_a_value_and_never_both() -> None:
    assert not RESTRICTIONS & VALUED


def test_each_stage_of_a_dialogue_has_its_list() -> None:
    assert "smtpd_relay_restrictions" in RESTRICTION_LISTS
    assert len(RESTRICTION_LISTS) == 8
