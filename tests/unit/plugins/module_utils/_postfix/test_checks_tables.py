"""Everything wrong with a table by itself is said with its place."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._postfix.checks_tables import (
    _is_carried,
    check_tables,
)
from ansible_collections.postern.mail.plugins.module_utils._postfix.model import (
    TABLE_TYPES,
    Table,
    configuration,
)
from ansible_collections.postern.mail.plugins.module_utils._postfix.parse import parse_table
from ansible_collections.postern.mail.plugins.module_utils._postfix.render import table_source
from hypothesis import given
from hypothesis import strategies as st

SOUND = {"path": "/x", "form": "keys", "value": "OK"}
BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": "../a"}, "maps[../a]: is no name for a table; letters, digits, _ and -"),
    ({"name": "README"}, "maps[README]: is no name for a table; letters, digits, _ and -"),
    (
        {"type": "regex"},
        'maps[a].type: "regex" is no type of table; did you mean "regexp"?',
    ),
    (
        {"entries": {"two words": "x"}},
        'maps[a].entries["two words"]: the table can\'t carry this key and value',
    ),
    ({"entries": {"#x": "y"}}, 'maps[a].entries["#x"]: the table can\'t carry this key and value'),
    ({"entries": {"k": ""}}, 'maps[a].entries["k"]: the table can\'t carry this key and value'),
    ({"entries": {"k": None}}, 'maps[a].entries["k"]: the table can\'t carry this key and value'),
    (
        {"entries": {'"k"': "v"}},
        'maps[a].entries[""k""]: the table can\'t carry this key and value',
    ),
    (
        {"entries": {"k" * 512: "v"}},
        f'maps[a].entries["{"k" * 512}"]: the table can\'t carry this key and value',
    ),
    (
        {"entries": {"Bob@x": "y", "bob@x": "z"}},
        'maps[a].entries["bob@x"]: is the same key as "Bob@x" for Postfix',
    ),
    (
        {"type": "list", "entries": {"a.example": "OK"}},
        'maps[a].entries["a.example"]: has a value, and a list has keys only; '
        "leave the value empty",
    ),
    (
        {"type": "list", "entries": {"a b": None}},
        'maps[a].entries["a b"]: the table can\'t carry this key and value',
    ),
    (
        {"type": "list", "sources": [SOUND]},
        "maps[a].sources[0].value: a list has keys only; leave it out",
    ),
    (
        {"type": "list", "sources": [{"path": "/x", "form": "pairs"}]},
        'maps[a].sources[0].form: "pairs" gives values, and a list has keys only; use keys',
    ),
    (
        {"type": "pcre", "sources": [{"path": "/x", "form": "pairs"}]},
        'maps[a].sources[0]: a table of the type "pcre" has no sources; '
        "give its patterns as entries",
    ),
    (
        {"sources": [{"path": "/x", "form": "keys"}]},
        "maps[a].sources[0]: has no value for its keys; such as OK, or REJECT and a text",
    ),
    (
        {"sources": [{"path": "/x", "form": "pairs", "value": "OK"}]},
        'maps[a].sources[0].value: "pairs" has values of its own; leave it out',
    ),
    (
        {"sources": [{"path": "/x", "form": "pairs", "origin": "a.example"}]},
        'maps[a].sources[0]: "pairs" has no use for origin and domains; leave them out',
    ),
    (
        {"sources": [{"path": "/x", "form": "aliases", "origin": "a@b"}]},
        'maps[a].sources[0]: "a@b" is no domain',
    ),
    (
        {"sources": [{"path": "/x", "form": "keys", "value": "OK\x07"}]},
        "maps[a].sources[0].value: has a control character",
    ),
    (
        {"sources": [{"form": "keys", "value": "OK"}]},
        "maps[a].sources[0]: has neither file nor path; give one of them",
    ),
    (
        {"sources": [SOUND, {"file": "x", "form": "keys", "value": "OK"}]},
        "maps[a].sources[1].file: was not brought to the host; give path instead",
    ),
]


@pytest.mark.parametrize(("given_table", "said"), BAD)
def test_a_bad_table_is_refused_with_its_place(given_table: dict[str, Any], said: str) -> None:
    tables = configuration({"maps": [{"name": "a", **given_table}]}).tables
    assert [str(problem) for problem in check_tables(tables)] == [said]


def test_a_name_that_stands_twice_is_told() -> None:
    tables = configuration({"maps": [{"name": "a"}, {"name": "a"}]}).tables
    assert [str(problem) for problem in check_tables(tables)] == ["maps[a]: stands twice"]


@given(
    st.sampled_from(TABLE_TYPES),
    st.text("aZ1@.:/#\"'! \t\n\x07é", max_size=6),
    st.text("aZ1 \t\n#\x07é", max_size=6),
)
def test_what_is_said_to_be_carried_is_read_back(kind: str, key: str, value: str) -> None:
    if _is_carried(kind, key, value):
        table = Table("a", kind, ((key, value),))
        assert parse_table(table_source(table), kind) == (table.entries, [])
