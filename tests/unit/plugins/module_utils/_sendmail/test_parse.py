"""What was rendered is read back."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._sendmail import parse, render
from ansible_collections.postern.mail.plugins.module_utils._sendmail.model import Table
from hypothesis import given
from hypothesis import strategies as st

KEYS = st.from_regex(r"[a-z][a-z0-9@.:-]{0,20}", fullmatch=True)
TEXTS = st.from_regex(r'[A-Za-z0-9@.:"][ -~]{0,30}', fullmatch=True).map(str.strip)
ENTRIES = st.dictionaries(KEYS, TEXTS, max_size=9).map(
    lambda pairs: tuple(sorted(f"{key} {value}".encode() for key, value in pairs.items()))
)


@given(ENTRIES)
def test_a_table_comes_back(entries: tuple[bytes, ...]) -> None:
    assert parse.parse_table(render.table_source(Table("access", entries))) == entries


@given(ENTRIES)
def test_aliases_come_back(entries: tuple[bytes, ...]) -> None:
    wanted = tuple(entry for entry in entries if b": " not in entry.partition(b" ")[0])
    assert parse.parse_aliases(render.aliases_source(Table("aliases", wanted))) == wanted


def test_lists_and_sasl_come_back() -> None:
    assert parse.parse_list(render.NOTICE + b"a.example\nb.example\n") == (
        b"a.example",
        b"b.example",
    )
    settings = (("mech_list", "PLAIN LOGIN"), ("pwcheck_method", "saslauthd"))
    assert parse.parse_sasl(render.sasl_source(settings)) == settings
