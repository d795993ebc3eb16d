"""Perl is written so that it looks nothing up, and read back only as it is written here."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._amavis.perl import (
    Name,
    Pattern,
    Patterns,
    Value,
    parse_settings,
    render,
    render_settings,
)
from hypothesis import given
from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_characters="\n\r\0", exclude_categories=["Cs"]))
NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,9}", fullmatch=True)
PATTERNS = st.builds(
    Pattern,
    st.lists(st.sampled_from(["a", r"\\", r"\.", r"\t", "$", "@x", "[^\\n]", "(?!b)", "é"])).map(
        "".join
    ),
    st.sampled_from(["", "i", "im", "m"]),
)
LEAVES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.integers(),
    TEXTS,
    NAMES.filter(lambda name: name not in ("undef", "new_RE", "qr")).map(Name),
    PATTERNS,
    st.lists(PATTERNS, max_size=3).map(tuple).map(Patterns),
)


def lists(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(values, max_size=4).map(tuple)


def hashes(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(TEXTS, values, max_size=4)


VALUES = st.recursive(LEAVES, lambda inner: lists(inner) | hashes(inner), max_leaves=8)


@st.composite
def settings(draw: st.DrawFn) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name in draw(st.lists(NAMES, unique=True, max_size=5)):
        sigil = draw(st.sampled_from("$@%"))
        place = draw(st.sampled_from(["", "{'OWN'}", "{'/run/a = b;'}"])) if sigil == "$" else ""
        kinds = {"$": VALUES, "@": lists(VALUES), "%": hashes(VALUES)}
        found[f"{sigil}{name}{place}"] = draw(kinds[sigil])
    return found


@given(settings())
def test_what_is_written_is_read_back(wanted: dict[str, Value]) -> None:
    assert parse_settings(render_settings(wanted)) == (wanted, [])


def test_values_are_written_as_perl_reads_them() -> None:
    bank: dict[str, Value] = {"originating": 1, "final_virus_destiny": Name("D_BOUNCE")}
    wanted: dict[str, Value] = {
        "$text": r"$x @y \n it's",
        "$nothing": None,
        "$policy_bank{'OWN'}": bank,
        "@list": (1, Pattern(r"\bOK$", "m"), ("a",)),
        "%hash": {"a": Patterns((Pattern("x"),))},
    }
    assert render_settings(wanted).splitlines() == [
        r"$text = '$x @y \\n it\'s';",
        "$nothing = undef;",
        "$policy_bank{'OWN'} = {'originating' => 1, 'final_virus_destiny' => D_BOUNCE};",
        r"@list = (1, qr'\bOK$'m, ['a']);",
        "%hash = ('a' => new_RE(qr'x'));",
    ]


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\0b"])
def test_a_text_with_a_line_break_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="has a line break in it"):
        render(text)
    with pytest.raises(ValueError, match="has a line break in it"):
        render({"key": {text: 1}})


@pytest.mark.parametrize("text", ["it's", "a\nb"])
def test_a_pattern_that_would_end_early_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="can't be a pattern here"):
        render(Pattern(text))


@pytest.mark.parametrize("name", ["text", "$", "$a b", "$a{'it's'}", "$a{'b\nc'}", "$a = 1; $b"])
def test_a_name_that_is_no_variable_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no variable"):
        render_settings({name: 1})


def test_an_array_is_given_a_list_and_a_hash_its_pairs() -> None:
    with pytest.raises(ValueError, match="neither an array nor a hash"):
        render_settings({"@list": "text"})


@pytest.mark.parametrize(
    "line",
    [
        "$text = 'a'",
        "$text='a';",
        "text = 'a';",
        "$text = 'a",
        '$text = "a";',
        "$text = 'a' . 'b';",
        "$text = 'a'; system('id');",
        "$text = 'a';;",
        "$text = ;",
        "$text = (1);",
        "$text = [1 2];",
        "$text = [1, 2;",
        "$text = {a => 1};",
        "$text = {'a' => };",
        "$text = {'a', 1};",
        "$text = new_RE('a');",
        "$text = new_RE[qr'a'];",
        "$text = 01;",
        "$text = 'a\\nb';",
        "@list = 1;",
        "@list = [1];",
        "%hash = (1);",
        "include_config_files('/etc/amavis/conf.d/50-user');",
        " $text = 1;",
    ],
)
def test_what_nobody_here_has_written_is_named_by_its_line(line: str) -> None:
    known = "use strict;\n# a comment\n\n$known = 1;\n"
    read, problems = parse_settings(f"{known}{line}\n1;\n")
    assert read == {"$known": 1}
    assert [str(problem) for problem in problems] == [
        "line 5: is no assignment as they are written here"
    ]
