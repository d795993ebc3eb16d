"""Behaviour of the credentials' file: it reads what it writes, and shows no hash."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._accounts.passwd import (
    Credential,
    parse_passwd,
    render_passwd,
    show_passwd,
)
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.text("abc.@-_é", min_size=1)
HASHES = st.text("$6./abcXYZ=", min_size=1)
FILES = st.dictionaries(NAMES, st.builds(Credential, HASHES, st.booleans()))


@given(FILES)
def test_it_reads_what_it_writes(credentials: dict[str, Credential]) -> None:
    assert parse_passwd(render_passwd(credentials)) == credentials


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    parse_passwd(text)


@given(FILES, FILES)
def test_what_is_shown_has_a_line_for_each_and_no_hash(
    one: dict[str, Credential], other: dict[str, Credential]
) -> None:
    lines = show_passwd(one, other, "new password").splitlines()
    assert [line.partition(":")[0] for line in lines] == sorted(one)
    assert not any("$" in line for line in lines)


def test_a_locked_one_keeps_its_hash_behind_a_mark() -> None:
    assert render_passwd({"a": Credential("$6$x", locked=True)}) == "a:!$6$x\n"


def test_a_new_password_is_named_and_an_old_one_is_silent() -> None:
    before = {"a": Credential("1"), "b": Credential("2")}
    after = {"a": Credential("1"), "b": Credential("3", locked=True), "c": Credential("4")}
    assert show_passwd(after, before, "new password") == "a\nb: locked, new password\nc\n"
