"""What is written is read back as it was; anything else in the files is told."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._nullmailer.model import Nullmailer
from ansible_collections.postern.mail.plugins.module_utils._nullmailer.parse import (
    parse,
    parse_remotes,
    split_words,
)
from ansible_collections.postern.mail.plugins.module_utils._nullmailer.render import (
    AUTHORITIES,
    quoted,
    render,
)
from ansible_collections.postern.mail.tests.unit.nullmailers import nullmailers, told
from hypothesis import given
from hypothesis import strategies as st

VERIFIED = f"--x509cafile={AUTHORITIES}"


@given(nullmailers)
def test_what_is_written_is_read_back(wanted: Nullmailer) -> None:
    assert parse(render(wanted)) == (wanted, [])


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1))
def test_quotes_carry_any_text(text: str) -> None:
    assert split_words(f"--pass={quoted(text)} --next") == [f"--pass={text}", "--next"]


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    parse_remotes(text)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a  'b c'd\te", ["a", "b cd", "e"]),
        ('"a \'b"', ["a 'b"]),
        (r"a\ b", ["a b"]),
        (r"a\\\b", [r"a\\b"]),  # the second of two escapes in a row is overlooked
        (r'"a\"" b', ['a"" b']),  # and so is a closing quote after one
        ("'open", ["open"]),
    ],
)
def test_a_line_is_split_as_nullmailer_does(line: str, words: list[str]) -> None:
    assert split_words(line) == words


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a.example qmqp", '"qmqp" is no protocol'),
        ("a.example smtp --prot=25", 'did you mean "port"?'),
        ("a.example smtp --port", '"port" is no option in this form'),
        ("a.example smtp --port=high", "the port is no number"),
        (f"a.example smtp --port=587 --tls {VERIFIED}", "TLS does not begin like this"),
        (f"a.example smtp --port=465 --starttls {VERIFIED}", "TLS does not begin like this"),
        ("a.example smtp --port=587 --starttls", "TLS is not verified with"),
        ("a.example smtp --port=25 --user=me", "has half of a login"),
    ],
)
def test_a_strange_line_is_told(line: str, said: str) -> None:
    found, problems = parse_remotes(f"# a comment\n\n{line}\n")
    assert found == ()
    assert said in str(problems[0])
    assert "line 3" in str(problems[0])


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("pausetime", "soon\n", 'pausetime: "soon" is not a number'),
        ("helohost", "other.example\n", "helohost: "),
    ],
)
def test_a_strange_file_is_told(name: str, text: str, said: str) -> None:
    found, problems = parse({**render(told()), name: text})
    assert found is None
    assert said in str(problems[0])
