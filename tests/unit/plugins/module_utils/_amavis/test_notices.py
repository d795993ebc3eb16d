"""Texts of notices become templates of amavis: fields are macros, and no word is one."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from dataclasses import asdict

import pytest
from ansible_collections.postern.mail.plugins.module_utils._amavis.notices import (
    FIELDS,
    KINDS,
    Notice,
    read_notices,
    template,
)
from hypothesis import given
from hypothesis import strategies as st

WORDS = st.text(st.characters(exclude_characters="{}\r\0", exclude_categories=["Cs"]), max_size=60)


def expanded(text: str) -> str:
    """Expand a text without macros as amavis does: escapes, and nothing else."""
    assert not re.search(r'[\[\]|%#"_]', text)
    return re.sub(r"\\([0-7]{3})", lambda hit: chr(int(hit[1], 8)), text.replace("\\n", "\n"))


def body(notice: Notice) -> str:
    """Return what stands behind the headers of a template."""
    return template("sender", notice).split("\\n\\n", 1)[1]


@given(WORDS)
def test_words_stay_as_they_are(words: str) -> None:
    assert expanded(body(Notice("x", words))) == words.strip("\n")


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_becomes_a_macro(field: str) -> None:
    assert body(Notice("x", f"Of {{{field}}}.")) == f"Of {FIELDS[field]}."


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_one_line_that_begins_with_the_subject(kind: str) -> None:
    written = template(kind, Notice("Stopped: {what}", "One\nTwo\n"))
    assert "\n" not in written
    assert written.startswith("Subject: Stopped: [? %#V |")
    assert written.endswith("\\n\\nOne\\nTwo")


def test_umlauts_and_signs_of_macros_are_words() -> None:
    assert body(Notice("x", "Für 100% [sicher] _TEST_")) == (
        "Für 100\\045 \\133sicher\\135 \\137TEST\\137"
    )


@pytest.mark.parametrize(
    ("notice", "said"),
    [
        (Notice("a\nb", "x"), "notices.recipient.subject"),
        (Notice("", "x"), "notices.recipient.subject"),
        (Notice("x", " \n"), "notices.recipient.text"),
        (Notice("x", "a\0"), "notices.recipient.text"),
        (Notice("x", "{whom}"), '"{whom}" is nothing that a notice knows'),
    ],
)
def test_what_amavis_cannot_expand_is_refused(notice: Notice, said: str) -> None:
    _notices, (problem,) = read_notices("notices", {"recipient": asdict(notice)})
    assert said in str(problem)


@pytest.mark.parametrize(
    "given", ["words", {"subject": "x"}, {"subject": "x", "text": "x", "a": 1}]
)
def test_what_is_no_notice_is_named_with_its_place(given: object) -> None:
    notices, (problem,) = read_notices("amavis_notices", {"sender": given})
    assert notices == {}
    assert str(problem).startswith("amavis_notices.sender: ")
    _notices, (unknown,) = read_notices("amavis_notices", {"senders": {}})
    assert "one of recipient, sender, administrator" in str(unknown)


def test_a_subject_has_no_line_behind_it() -> None:
    assert template("sender", Notice(" x \n ", "y")).startswith("Subject: x\\nMessage-ID: ")
