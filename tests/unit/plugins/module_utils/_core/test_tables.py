"""Tables of several sources: one sorted whole, nothing lost, both places of what clashes."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.tables import (
    LISTED,
    Inline,
    Source,
    places,
    read_source,
    read_sources,
)
from hypothesis import example, given
from hypothesis import strategies as st

PAIRS = Source("pairs", "pairs")
WORDS = st.from_regex(r"[a-zé0-9@./!+-]{1,12}", fullmatch=True)
TABLES = st.dictionaries(WORDS, WORDS, max_size=20)


def lines(table: dict[str, str]) -> bytes:
    return "".join(f"{key} {value}\n" for key, value in table.items()).encode()


@given(TABLES)
def test_what_is_written_as_lines_is_read_as_entries(table: dict[str, str]) -> None:
    reading = read_source(PAIRS, [lines(table)])
    assert (dict(reading.pairs()), reading.problems) == (table, ())


@given(st.lists(TABLES, max_size=4), TABLES)
@example([{"0": "0000"}, {"0": "0000"}], {"0": "0"})
def test_every_key_of_every_source_is_there_once_in_order_or_told(
    tmp_path_factory: pytest.TempPathFactory, tables: list[dict[str, str]], own: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("sources")
    sources = []
    for number, table in enumerate(tables):
        path = folder / str(number)
        path.write_bytes(lines(table))
        sources.append(Source(f"{number}", "pairs", path=str(path)))
    reading = read_sources(sources, Inline(pairs=tuple(own.items())))
    said = [(key, value) for table in (own, *tables) for key, value in table.items()]
    clash = len(dict(said)) < len(set(said))
    assert bool(reading.problems) == clash
    told = [problem.where for problem in (*reading.problems, *reading.repeats)]
    seen = {*own}
    again = []
    for number, table in enumerate(tables):
        again += [f"{number}:{line}" for line, key in enumerate(table, 1) if key in seen]
        seen |= {*table}
    if len(again) <= LISTED:
        assert sorted(told) == sorted(again)  # each place behind a key's first, as one or the other
    if not clash:
        assert bool(reading.repeats) == bool(again)
        assert dict(reading.pairs()) == dict(said)
        assert reading.entries == sorted(set(reading.entries))


def test_beside_a_conflict_a_repeat_is_told_as_one_more_place_of_it(tmp_path: Path) -> None:
    sources = [write(tmp_path, name, "a.example REJECT\n") for name in ("one", "two")]
    reading = read_sources(sources, Inline(pairs=(("a.example", "OK"),)))
    assert [problem.where for problem in reading.problems] == ["lists/one:1", "lists/two:1"]
    assert reading.repeats == ()
    reading = read_sources([*sources, write(tmp_path, "three", "a.example OK\n")])
    assert [problem.where for problem in reading.problems] == ["lists/three:1"]
    assert [repeat.where for repeat in reading.repeats] == ["lists/two:1"]


def write(folder: Path, name: str, text: str) -> Source:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return Source(f"lists/{name}", "pairs", path=str(path))


def test_a_key_with_two_values_is_told_with_both_places(tmp_path: Path) -> None:
    one = write(tmp_path, "one", "# a list\na.example OK\nb.example OK\nB.example REJECT\n")
    two = write(tmp_path, "two", "c.example REJECT\nA.Example DISCARD\n")
    own = Inline("maps[x].entries", (("C.example", "OK"),))
    reading = read_sources([one, two], own)
    assert reading.entries == []
    assert [str(problem) for problem in reading.problems] == [
        'lists/two:2: "a.example" has the value "DISCARD" here and "OK" at lists/one:2; '
        "keep one of them",
        'lists/one:4: "b.example" has the value "REJECT" here and "OK" at lists/one:3; '
        "keep one of them",
        'lists/two:1: "c.example" has the value "REJECT" here and "OK" at '
        'maps[x].entries["C.example"]; keep one of them',
    ]


def test_a_key_that_stands_twice_with_one_value_is_told_and_taken_once(tmp_path: Path) -> None:
    one = write(tmp_path, "one", "a.example OK\nb.example OK\n")
    two = write(tmp_path, "two", "\nA.example OK\n")
    reading = read_sources([one, two])
    assert reading.entries == [b"a.example OK", b"b.example OK"]
    assert [str(repeat) for repeat in reading.repeats] == [
        'lists/two:2: "a.example" stands at lists/one:1 already'
    ]


def test_capitals_tell_keys_apart_only_where_they_do_so_in_the_table(tmp_path: Path) -> None:
    one = write(tmp_path, "one", "A 1\na 2\n")
    assert read_sources([one], fold=False).entries == [b"A 1", b"a 2"]
    assert len(read_sources([one]).problems) == 1


def test_where_the_order_counts_it_is_kept_and_the_inventory_comes_first(tmp_path: Path) -> None:
    one = write(tmp_path, "one", "10.0.0.0/8 OK\n1.0.0.0/8 REJECT\n")
    own = Inline(pairs=(("5.0.0.0/8", "OK"),))
    assert read_sources([one], own, ordered=True).entries == [
        b"5.0.0.0/8 OK",
        b"10.0.0.0/8 OK",
        b"1.0.0.0/8 REJECT",
    ]
    again = Inline(pairs=(("1.0.0.0/8", "OK"),))
    assert len(read_sources([one], again, ordered=True).problems) == 1


def test_a_file_that_cannot_be_read_is_told_beside_what_is_wrong_in_others(tmp_path: Path) -> None:
    one = write(tmp_path, "one", "a\nb 1\nb 2\n")
    sources = [Source(str(tmp_path / "none"), "keys"), Source(str(tmp_path), "keys"), one]
    assert [str(problem) for problem in read_sources(sources).problems] == [
        f"{tmp_path}/none: can't be read: No such file or directory",
        f"{tmp_path}: can't be read: Is a directory",
        'lists/one:1: "a" has no value; write it like `key value`',
        'lists/one:3: "b" has the value "2" here and "1" at lists/one:2; keep one of them',
    ]


def test_of_many_problems_twenty_are_told_and_the_rest_is_counted(tmp_path: Path) -> None:
    bad = write(tmp_path, "bad", "word\n" * 50)
    problems = read_sources([bad]).problems
    assert len(problems) == 21
    assert str(problems[-1]) == "lists/bad:50: the last of 30 more problems like these"
    one = write(tmp_path, "one", "".join(f"k{number:02} 1\n" for number in range(50)))
    two = write(tmp_path, "two", "".join(f"k{number:02} 2\n" for number in range(50)))
    problems = read_sources([one, two]).problems
    assert len(problems) == 21
    assert str(problems[-1]) == "lists/two:20: and 30 more keys like these"
    repeats = read_sources([one, one]).repeats
    assert len(repeats) == 21
    assert len(read_sources([one, one]).entries) == 50


def test_a_key_is_found_again_in_its_source() -> None:
    source = Source("f", "aliases", "x.example", ("x.example",))
    data = b"a: b\n\nc:\n d\nA: e\n"
    assert places(source, [data], ["A@x.example", "c@x.example", "none"]) == {
        "a@x.example": [("f:1", "b@x.example"), ("f:5", "e@x.example")],
        "c@x.example": [("f:3", "d@x.example")],
    }


def test_an_empty_source_is_an_empty_table(tmp_path: Path) -> None:
    assert read_sources([write(tmp_path, "one", "")]).entries == []
    assert read_sources([]).entries == []
