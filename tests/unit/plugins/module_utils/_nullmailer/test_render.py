"""Files follow from the model alone, and a login is written as nullmailer reads it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._nullmailer.model import Smarthost
from ansible_collections.postern.mail.plugins.module_utils._nullmailer.render import (
    AUTHORITIES,
    HEADER,
    quoted,
    remote,
    render,
)
from ansible_collections.postern.mail.tests.unit.nullmailers import told

VERIFIED = f"--x509cafile={AUTHORITIES}"


@pytest.mark.parametrize(
    ("smarthost", "line"),
    [
        (Smarthost("a.example"), f"a.example smtp --port=587 --starttls {VERIFIED}"),
        (Smarthost("a.example", 465), f"a.example smtp --port=465 --tls {VERIFIED}"),
        (
            Smarthost("a.example", 25, "require"),
            f"a.example smtp --port=25 --starttls {VERIFIED} --insecure",
        ),
        (Smarthost("192.0.2.1", 25, "none"), "192.0.2.1 smtp --port=25"),
        (
            Smarthost("a.example", 465, "verify", "me@b", "x y"),
            f"a.example smtp --port=465 --tls {VERIFIED} --user=me@b --pass='x y'",
        ),
    ],
)
def test_a_smarthost_is_one_line(smarthost: Smarthost, line: str) -> None:
    assert remote(smarthost) == line


def test_quotes_carry_quotes_without_a_backslash_of_their_own() -> None:
    assert quoted("plain.word-1") == "plain.word-1"
    assert quoted("it's \\") == "'it'\"'\"'s \\'"


def test_debians_package_finds_no_mark_of_its_own_in_the_header() -> None:
    assert not set(HEADER) & set(":[]*?\\")


def test_smarthosts_stay_in_their_order_and_a_name_stands_where_debian_looks() -> None:
    files = render(told())
    hosts = [line.split()[0] for line in files["remotes"].splitlines()[1:]]
    assert hosts == ["smart.example.com", "mail.example.org"]
    assert files["mailname"] == "desk.example.org\n"
    assert "me" not in files
    assert files["allmailfrom"] == ""
