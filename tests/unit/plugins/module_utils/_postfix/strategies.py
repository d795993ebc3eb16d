"""Configurations of every kind, for the laws of parse and render."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._postfix.model import (
    LIST,
    PATTERNS,
    SERVICE_TYPES,
    TABLE_TYPES,
    Service,
    Table,
    text,
)
from hypothesis import strategies as st

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
PRINTABLE = st.characters(exclude_categories=("C", "Z"), include_characters=" ")
VALUES = st.one_of(
    st.text(PRINTABLE, max_size=120).map(text),
    st.lists(
        st.sampled_from(["permit", "#x", "lmdb:$a/b", "reject_rbl_client a.b"]), max_size=9
    ).map(text),
)
BRACELESS = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters="{}", include_characters=" "),
    max_size=40,
).map(text)
WORDS = st.from_regex(r"[a-z][a-z0-9=/.$@]{0,12}", fullmatch=True)

PARAMETERS = st.dictionaries(NAMES, VALUES, max_size=12).map(lambda d: tuple(sorted(d.items())))
OPTIONS = st.dictionaries(NAMES, BRACELESS, max_size=5).map(lambda d: tuple(sorted(d.items())))
YES_NO = st.sampled_from(["y", "n", "-"])
SERVICES = st.lists(
    st.builds(
        Service,
        name=st.from_regex(r"[a-z0-9.:\[\]]{1,12}", fullmatch=True),
        type=st.sampled_from(SERVICE_TYPES),
        command=st.from_regex(r"[a-z]{1,9}", fullmatch=True),
        private=YES_NO,
        unpriv=YES_NO,
        chroot=YES_NO,
        wakeup=st.sampled_from(["-", "60", "1000?"]),
        maxproc=st.sampled_from(["-", "0", "25"]),
        options=OPTIONS,
        arguments=st.lists(WORDS, max_size=3).map(tuple),
    ),
    max_size=6,
    unique_by=lambda service: service.key,
).map(lambda found: tuple(sorted(found, key=lambda service: service.key)))

TEXT_KEYS = st.from_regex(r"[a-z0-9@./!%'+-]{1,30}", fullmatch=True)
PATTERN_KEYS = st.from_regex(r"!?/[a-z ^$.*\\d]{0,12}[a-z]/i?", fullmatch=True).filter(
    lambda key: "\\/" not in key and "  " not in key
)


def _entries(kind: str) -> st.SearchStrategy[Table]:
    keys = PATTERN_KEYS if kind in PATTERNS else TEXT_KEYS
    values = st.just("") if kind == LIST else BRACELESS.filter(bool)
    pairs = st.dictionaries(keys, values, max_size=8).map(lambda d: tuple(sorted(d.items())))
    return st.builds(Table, name=NAMES, type=st.just(kind), entries=pairs)


TABLES = st.sampled_from(TABLE_TYPES).flatmap(_entries)
