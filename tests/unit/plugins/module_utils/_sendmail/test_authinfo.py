"""Logins elsewhere: carried whole, and never repeated in a message."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64

import pytest
from ansible_collections.postern.mail.plugins.module_utils._sendmail.authinfo import (
    authinfo_entries,
)


def test_a_login_is_carried_whatever_marks_it_has() -> None:
    login = {"username": 'a"b', "password": 'p "q\\ ü', "mechanisms": ["PLAIN", "LOGIN"]}
    entries, problems = authinfo_entries({"smart.example": login})
    assert problems == []
    words = entries[0].decode().split(" ", 1)
    assert words[0] == "AuthInfo:smart.example"
    secret = words[1].partition('"P=')[2].partition('"')[0]
    assert base64.b64decode(secret).decode() == login["password"]
    assert words[1].endswith('"M:PLAIN LOGIN"')


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"a b": {"username": "u", "password": "hidden"}}, 'authinfo["a b"]: is no host'),
        ({"h": {"username": "u"}}, "authinfo.h.password: is missing"),
        ({"h": {"password": "hidden"}}, "authinfo.h.username: is missing"),
        ({"h": {"username": "u", "pasword": "hidden"}}, 'did you mean "password"?'),
        ({"h": {"username": 5, "password": "hidden"}}, "authinfo.h.username: is no text"),
        ({"h": {"username": "u", "password": "hid\nden"}}, "password: has a control character"),
        ({"h": {"username": "u", "password": "hidden" * 99}}, "is longer than 400 bytes"),
        ({"h": {"username": "u", "password": "hidden", "mechanisms": "a'b"}}, "no mechanism"),
        ({"h": "hidden"}, "authinfo.h: is no mapping"),
    ],
)
def test_what_is_wrong_is_told_without_the_secret(given: dict[str, object], message: str) -> None:
    _entries, problems = authinfo_entries(given)
    text = "\n".join(map(str, problems))
    assert message in text
    assert "hid" not in text.replace("hint", "")
