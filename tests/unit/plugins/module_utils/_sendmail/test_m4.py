"""What stands between m4's quotes comes out as it went in, and is read back the same."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._sendmail.m4 import (
    Call,
    Section,
    Statement,
    can_be_carried,
    can_be_quoted,
    parse_m4,
    quoted,
    render_m4,
)
from hypothesis import given
from hypothesis import strategies as st

VALUES = st.text(
    st.characters(exclude_categories=("C", "Z"), include_characters=" \t"), max_size=60
)
QUOTABLE = VALUES.filter(can_be_quoted)
CALLS = st.builds(
    Call,
    name=st.from_regex(r"[A-Z][A-Z_]{0,12}", fullmatch=True),
    arguments=st.lists(QUOTABLE, min_size=1, max_size=5).map(tuple),
)
SECTIONS = st.builds(
    Section,
    name=st.sampled_from(["LOCAL_CONFIG", "LOCAL_RULESETS", "MAILER_DEFINITIONS"]),
    lines=st.lists(VALUES.filter(can_be_carried), min_size=1, max_size=5).map(tuple),
)


@given(st.lists(st.one_of(CALLS, SECTIONS), max_size=8))
def test_an_mc_file_is_read_back_as_it_was_written(statements: list[Statement]) -> None:
    assert parse_m4(render_m4(statements)) == tuple(statements)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("nodelay", "`nodelay'"),
        ("52428800", "`52428800'"),
        ("goaway,noetrn", "``goaway,noetrn''"),
        ("take dnl away", "``take dnl away''"),
        ("include(/etc/shadow)", "``include(/etc/shadow)''"),
        ("confDOMAIN_NAME", "``confDOMAIN_NAME''"),
        ("costs $1", "``costs $'`1''"),
        ("$j ESMTP", "`$j ESMTP'"),
    ],
)
def test_what_m4_would_read_again_is_quoted_twice(value: str, written: str) -> None:
    assert quoted(value) == written


@pytest.mark.parametrize("value", ["it's", "a`b", "two\nlines", "nul\0", "bell\a"])
def test_quotes_and_line_breaks_are_not_for_values(value: str) -> None:
    assert not can_be_quoted(value)


def test_a_line_may_have_quotes_and_no_control_characters() -> None:
    assert can_be_carried("C{Senders}o'brien@example.org `x")
    assert not can_be_carried("a\nb")
    assert not can_be_carried("a ]>] b")


def test_the_name_that_is_defined_is_never_read_again() -> None:
    text = render_m4([Call("define", ("confTO_IDENT", "0"))])
    assert text.endswith("\ndefine(`confTO_IDENT', `0')dnl\n")
