"""What is written is read back, and clamconf's sample names every setting there is."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._clamav.model import Settings
from ansible_collections.postern.mail.plugins.module_utils._clamav.parse import (
    parse_known,
    parse_settings,
)
from ansible_collections.postern.mail.plugins.module_utils._clamav.render import render_settings
from hypothesis import given
from hypothesis import strategies as st

_values = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=1)
_settings = st.lists(st.tuples(st.from_regex(r"[A-Z][a-z]{1,9}", fullmatch=True), _values))


@given(_settings.map(tuple))
def test_what_is_written_is_read_back(settings: Settings) -> None:
    assert parse_settings(render_settings(settings)) == settings


def test_a_value_keeps_its_blanks() -> None:
    assert parse_settings("# x\n\nHTTPProxyPassword  a b#c \n") == (("HTTPProxyPassword", "a b#c"),)


def test_the_sample_names_all_settings_and_not_the_line_to_be_removed() -> None:
    sample = (
        "##\n## clamd.conf\n##\n\n# Comment out the line below.\nExample\n\n"
        "# Save all reports.\n# Default: disabled\n#LogFile /tmp/clamav.log\n\n#AlertExceedsMax \n"
    )
    # Words of the prose may be among them: what they let through, clamd itself refuses.
    assert parse_known(sample) >= {"LogFile", "AlertExceedsMax"}
    assert "Example" not in parse_known(sample)
    assert "Default" not in parse_known(sample)
