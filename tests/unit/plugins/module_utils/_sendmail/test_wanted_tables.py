"""The entries of one table, from the inventory and from files."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._sendmail.wanted_tables import (
    table_entries,
)


def test_entries_of_the_inventory_and_of_files_are_one_sorted_table(tmp_path: Path) -> None:
    path = tmp_path / "aliases"
    path.write_text("sales: bob, carol\n", encoding="utf-8")
    source = {"path": str(path), "form": "aliases", "origin": "x.example", "domains": ["x.example"]}
    given = {"entries": {"info@x.example": "alice"}, "sources": [source]}
    entries, problems = table_entries("virtusertable", given, "t")
    assert problems == []
    assert entries == (
        b"info@x.example alice",
        b"sales@x.example bob@x.example, carol@x.example",
    )


def test_numbers_lists_and_a_bare_no_are_taken_as_text() -> None:
    given = {"entries": {"ClientRate:": 0, "Try_TLS:old.example": False}}
    assert table_entries("access", given, "t") == (
        (b"ClientRate: 0", b"Try_TLS:old.example NO"),
        [],
    )
    several = {"entries": {"a@x.example": ["b", "c"]}}
    assert table_entries("virtusertable", several, "t")[0] == (b"a@x.example b, c",)


def test_many_faults_are_counted_not_listed() -> None:
    given = {"entries": {f"k{number}.example": "MAYBE" for number in range(30)}}
    entries, problems = table_entries("access", given, "t")
    assert entries == ()
    assert len(problems) == 21
    assert "10 more entries like these" in str(problems[-1])
