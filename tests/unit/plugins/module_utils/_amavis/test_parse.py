"""What is written is read back, and what others wrote is named."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._amavis.model import Amavis
from ansible_collections.postern.mail.plugins.module_utils._amavis.parse import parse_configuration
from ansible_collections.postern.mail.plugins.module_utils._amavis.render import (
    OWNED,
    render_configuration,
)
from ansible_collections.postern.mail.plugins.module_utils._amavis.settings import settings_of
from ansible_collections.postern.mail.tests.unit.amavises import amavises, told
from hypothesis import given


@given(amavises())
def test_what_is_written_is_read_back(amavis: Amavis) -> None:
    text = render_configuration(amavis)
    assert parse_configuration(text) == (settings_of(amavis), [])


def test_what_others_added_is_named() -> None:
    text = render_configuration(told())
    read, problems = parse_configuration(f"{text}do_as_others_say();\n")
    assert read == settings_of(told())
    line = text.removeprefix(OWNED).count("\n") + 1
    assert [problem.where for problem in problems] == [f"line {line}"]
