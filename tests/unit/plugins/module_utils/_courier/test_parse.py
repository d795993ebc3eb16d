"""Behaviour of reading Courier's files: what is no setting or login is passed over."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._courier.parse import (
    parse_settings,
    parse_userdb,
)


def test_comments_and_foreign_lines_are_passed_over() -> None:
    assert parse_settings('##NAME: A:0\n#A="1"\nA="2"\nB=3\n. /etc/x\n') == {"A": "2"}


def test_a_hash_with_equals_signs_is_read_whole() -> None:
    assert parse_userdb("# note\na@x\tuid=1|systempw=$6$rounds=5$a$b\n\n") == {
        "a@x": {"uid": "1", "systempw": "$6$rounds=5$a$b"}
    }
