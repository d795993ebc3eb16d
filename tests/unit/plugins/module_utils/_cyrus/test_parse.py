"""Behaviour of reading: what was written comes back, and any text can be read."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._cyrus.model import Cyrus, Entry
from ansible_collections.postern.mail.plugins.module_utils._cyrus.parse import (
    parse_layout,
    parse_settings,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.render import (
    render_layout,
    render_settings,
)
from ansible_collections.postern.mail.tests.unit.cyrus_samples import models
from hypothesis import given
from hypothesis import strategies as st


@given(models)
def test_it_reads_what_it_writes(cyrus: Cyrus) -> None:
    assert parse_settings(render_settings(cyrus.settings)) == cyrus.settings
    assert parse_layout(render_layout(cyrus.layout)) == cyrus.layout


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    parse_settings(text)
    parse_layout(text)


def test_the_packages_own_style_is_understood() -> None:
    layout = parse_layout(
        'START {\n}\nSERVICES {\n\t# none\n\timap\t\tcmd="imapd -U 30" listen="imap" prefork=0\n}\n'
    )
    words = (("cmd", "imapd -U 30"), ("listen", "imap"), ("prefork", "0"))
    assert layout.services == (Entry("imap", words),)


def test_a_continued_option_is_one() -> None:
    assert parse_settings("admins: a \\\n  b\n# c: d\n") == {"admins": "a b"}
