"""Behaviour of the parsers: rubbish becomes problems, and ss's rows become endpoints."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._stunnel.model import (
    EVERY_IPV4,
    Endpoint,
)
from ansible_collections.postern.mail.plugins.module_utils._stunnel.parse import (
    parse,
    parse_endpoint,
    parse_listening,
)
from ansible_collections.postern.mail.plugins.module_utils._stunnel.render import render
from ansible_collections.postern.mail.tests.unit.stunnels import IMAPS, instance
from hypothesis import given
from hypothesis import strategies as st

SS = """\
LISTEN 0      4096   0.0.0.0:993  0.0.0.0:* users:(("stunnel4",pid=549,fd=9))
LISTEN 0      128    0.0.0.0:22   0.0.0.0:* users:(("sshd",pid=37,fd=3))
LISTEN 0      5            *:1110       *:* users:(("python3",pid=490,fd=4))
LISTEN 0      4096      [::]:993     [::]:* users:(("stunnel4",pid=549,fd=10))
LISTEN 0      4096      [::]:994     [::]:* users:(("stunnel4",pid=5490,fd=10))
"""


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    found, problems = parse(text)
    assert (found is None) == bool(problems)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("pid =", "pid", "is no option"),
        ("accept = 0.0.0.0:993", "accept = here:993", "does not appear to be"),
        ("connect = 192.0.2.1:1143", "connect = 192.0.2.1:imap", "invalid literal"),
        ("cert = ", "kert = ", "option cert"),
        ("TIMEOUTidle = 7200", "TIMEOUTidle = long", "invalid literal"),
    ],
)
def test_a_broken_line_is_a_problem(old: str, new: str, said: str) -> None:
    text = render(instance(IMAPS))
    assert old in text
    found, problems = parse(text.replace(old, new))
    assert found is None
    assert said in str(problems[0])


def test_brackets_around_ipv6_are_optional() -> None:
    assert parse_endpoint("[2001:db8::1]:993") == parse_endpoint("2001:db8::1:993")


def test_only_the_processs_own_sockets_count() -> None:
    assert parse_listening(SS, 549) == {Endpoint(EVERY_IPV4, 993), Endpoint("::", 993)}
    assert parse_listening(SS, 490) == {Endpoint("::", 1110)}
    assert parse_listening("", 549) == frozenset()
