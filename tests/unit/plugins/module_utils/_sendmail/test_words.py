"""Words that Sendmail takes without a word."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._sendmail.words import (
    BOOLEANS,
    NUMBERS,
    TIME,
)


def test_an_option_is_a_number_or_a_boolean() -> None:
    assert "confMAX_MESSAGE_SIZE" in NUMBERS
    assert "confUSE_MSP" in BOOLEANS
    assert not NUMBERS & BOOLEANS


def test_times_are_written_with_their_units() -> None:
    assert all(TIME.match(text) for text in ("5m", "1h30m", "0", "10"))
    assert not any(TIME.match(text) for text in ("5 m", "m", "1y", ""))
