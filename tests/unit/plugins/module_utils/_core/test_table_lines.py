"""The lines of flat files: simple blocks and single lines say the same, wrong ones say why."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core import table_lines
from ansible_collections.postern.mail.plugins.module_utils._core.table_lines import (
    FORMS,
    Source,
    Unsound,
    blocks,
    entries_of,
    logical_lines,
    plain_entries,
)
from hypothesis import given
from hypothesis import strategies as st

KEYS = Source("keys.txt", "keys", value="REJECT no")
PAIRS = Source("pairs.txt", "pairs")
ALIASES = Source("aliases.txt", "aliases", "example.org", ("example.org", "example.net"))
SOURCES = {source.form: source for source in (KEYS, PAIRS, ALIASES)}

# What lines are made of: every mark that means something to a form, spaces and letters.
RAGGED = st.lists(st.text("aB1@.:,#\"'|/\\ \t\réß\u00a0", max_size=12), max_size=8).map(
    lambda lines: "\n".join(lines).encode()
)
forms = st.sampled_from(FORMS)


def one_by_one(source: Source, text: bytes, fold: bool = True) -> list[bytes] | None:
    """Return the entries of a text line by line, or None where a line is unsound."""
    found: list[bytes] = []
    for _number, line in logical_lines(source.form, 1, text):
        if isinstance(line, Unsound):
            return None
        try:
            found += entries_of(source, line, fold)
        except Unsound:
            return None
    return found


@given(forms, RAGGED, st.booleans())
def test_a_simple_block_says_what_its_lines_say_one_by_one(
    form: str, text: bytes, fold: bool
) -> None:
    for _first, block in blocks([text]):
        plain = plain_entries(SOURCES[form], block, fold)
        assert plain is None or plain == one_by_one(SOURCES[form], block, fold)


@given(forms, st.lists(st.from_regex(r"[a-zA-Z0-9._-]{1,9}", fullmatch=True)))
def test_lines_of_the_usual_kind_are_simple(form: str, names: list[str]) -> None:
    line = {"keys": "{}", "pairs": "{} OK", "aliases": "{}: a, b@example.com"}[form]
    block = "".join(line.format(name) + "\n" for name in names).encode()
    assert plain_entries(SOURCES[form], block, True) == one_by_one(SOURCES[form], block)


@given(RAGGED, st.integers(1, 30))
def test_blocks_are_the_text_and_part_no_logical_line(text: bytes, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_lines, "BLOCK_BYTES", size)
        pieces = [text[start : start + size] for start in range(0, len(text), size)]
        found = list(blocks(pieces))
    whole = b"".join(block for _first, block in found)
    assert whole.removesuffix(b"\n") == text.replace(b"\r\n", b"\n").removesuffix(b"\n")
    for form in FORMS:
        assert numbered(form, found) == numbered(form, blocks([text]))


def numbered(form: str, found: Iterable[tuple[int, bytes]]) -> list[tuple[int, str]]:
    return sorted(
        (number, line.what if isinstance(line, Unsound) else line)
        for first, block in found
        for number, line in logical_lines(form, first, block)
    )


def test_what_a_form_means() -> None:
    assert one_by_one(KEYS, b"# x\nA.example\n\n  b.example  # why\n") == [
        b"a.example REJECT no",
        b"b.example REJECT no",
    ]
    assert one_by_one(Source("l", "keys"), b"a.example\n") == [b"a.example"]
    assert one_by_one(PAIRS, b"Key\tREJECT  for\n  a reason\n") == [b"key REJECT  for a reason"]
    assert one_by_one(PAIRS, b"Key v\n", fold=False) == [b"Key v"]
    assert one_by_one(ALIASES, b'Info: bob,\n# why\n "eve"@x, carol@else.example\n') is None
    assert one_by_one(ALIASES, b'"Info": bob,\n# why\n "eve",carol@else.example\n') == [
        b"info@example.org bob@example.org, eve@example.org, carol@else.example",
        b"info@example.net bob@example.org, eve@example.org, carol@else.example",
    ]
    assert one_by_one(ALIASES, b"a@else.example: b\n") == [b"a@else.example b@example.org"]
    assert one_by_one(Source("l", "aliases"), b"a: b, c@d\n") == [b"a b, c@d"]
    assert one_by_one(Source("l", "pairs"), "Ä@x ü\n".encode()) == ["ä@x ü".encode()]


BAD = [
    ("keys", b"two words", '"two words" is more than one key', "one key a line"),
    ("keys", b'"a"', '"\\"a\\"" can\'t be a key', "write it without quotes"),
    (
        "keys",
        "a\u00a0b".encode(),
        '"a\u00a0b" can\'t be a key',
        "it has a space that is not a plain one",
    ),
    ("keys", b"x" * 512, f'"{"x" * 57}..." is too long for a key', "at most 511 bytes"),
    ("keys", b"a\x00b", "has a control character", ""),
    ("keys", b"a\x7f", "has a control character", ""),
    ("keys", b"caf\xe9.example", "is not UTF-8", ""),
    ("keys", b"\xff\xfea\x00", "is not UTF-8", ""),
    ("pairs", b"alone", '"alone" has no value', "write it like `key value`"),
    ("pairs", b"alone  \t", '"alone" has no value', "write it like `key value`"),
    ("pairs", b'"a b" c', '"\\"a" can\'t be a key', "write it without quotes"),
    ("pairs", b"a b\x07", "has a control character", ""),
    ("pairs", b" a b", "begins with a space and continues no line", ""),
    ("pairs", b"k" * 600 + b" v", f'"{"k" * 57}..." is too long for a key', "at most 511 bytes"),
    ("aliases", b"bob alice", '"bob alice" has no colon', "write it like `name: target, target`"),
    ("aliases", b"bob:", '"bob" leads nowhere', "write it like `name: target, target`"),
    ("aliases", b": bob", '"" can\'t be the name of an alias', ""),
    ("aliases", b"a b: c", '"a b" can\'t be the name of an alias', ""),
    ("aliases", b"@example.org: c", '"@example.org" can\'t be the name of an alias', ""),
    ("aliases", b"a@b@c: d", '"a@b@c" can\'t be the name of an alias', ""),
    (
        "aliases",
        b"a: b,",
        "has an empty target",
        "one comma between two targets, none at the end",
    ),
    (
        "aliases",
        b"a: b,,c",
        "has an empty target",
        "one comma between two targets, none at the end",
    ),
    ("aliases", b"a: b c", '"b c" is no address', "put commas between targets"),
    ("aliases", b"a: b@", '"b@" is no address', ""),
    ("aliases", b"a: b@@c", '"b@@c" is no address', ""),
    ("aliases", b"a: \\b", '"\\\\b" is no address', ""),
    ("aliases", b"a: <b@c>", '"<b@c>" is no address', ""),
    ("aliases", b'a: "|/bin/sh -c x, y"', '"|/bin/sh -c x, y" is a command, not an address', ""),
    ("aliases", b"a: /var/mail/a", '"/var/mail/a" is a file, not an address', ""),
    ("aliases", b"a: :include:/x", '":include:/x" is a list in a file, not an address', ""),
    ("aliases", b"\ta: b", "begins with a space and continues no line", ""),
]


@pytest.mark.parametrize(("form", "line", "what", "hint"), BAD)
def test_a_line_that_cannot_be_taken_says_why(form: str, line: bytes, what: str, hint: str) -> None:
    source = SOURCES[form]
    assert plain_entries(source, line + b"\n", True) is None
    ((_number, text),) = logical_lines(form, 1, line)
    unsound = text
    if isinstance(text, str):
        with pytest.raises(Unsound) as caught:
            entries_of(source, text, True)
        unsound = caught.value
    assert isinstance(unsound, Unsound)
    assert (unsound.what, unsound.hint) == (what, hint)


def test_marks_of_other_systems_editors_are_no_part_of_a_line() -> None:
    assert one_by_one(KEYS, b"\xef\xbb\xbfa.example\r\nb.example\r\n") == [
        b"a.example REJECT no",
        b"b.example REJECT no",
    ]


CHOSEN = [
    Source("keys.txt", "keys", value="OK", domains=("a.example", "b.example")),
    Source("keys.txt", "keys", value="OK", only="networks"),
    Source("keys.txt", "keys", value="OK", only="names"),
    Source("aliases.txt", "aliases", "a.example", leads=(("b@a.example", "kept@a.example"),)),
]


@given(st.sampled_from(CHOSEN), RAGGED)
def test_what_is_chosen_of_a_block_is_what_is_chosen_of_its_lines(
    source: Source, text: bytes
) -> None:
    for _first, block in blocks([text]):
        plain = plain_entries(source, block, True)
        assert plain is None or plain == one_by_one(source, block)


@pytest.mark.parametrize(
    ("source", "text", "entries"),
    [
        (CHOSEN[0], b"X\ny@c.example\n", [b"x@a.example OK", b"x@b.example OK", b"y@c.example OK"]),
        (CHOSEN[1], b"192.0.2.0/24\n192.0.2.7\nbad.example\n", [b"192.0.2.0/24 OK"]),
        (CHOSEN[2], b"192.0.2.0/24\nbad.example\n", [b"bad.example OK"]),
        (CHOSEN[3], b"x: c, B\ny: c\n", [b"x kept@a.example"]),
    ],
)
def test_a_source_may_take_a_part_of_its_lines(
    source: Source, text: bytes, entries: list[bytes]
) -> None:
    assert plain_entries(source, text, True) == one_by_one(source, text) == entries
