"""Long tables are written where they are told, closed, and read back as what they were."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.files import stored
from ansible_collections.postern.mail.plugins.module_utils._core.tables import Source
from ansible_collections.postern.mail.plugins.module_utils._postfix import long_tables
from ansible_collections.postern.mail.plugins.module_utils._postfix.long_tables import (
    write_long_tables,
)
from ansible_collections.postern.mail.plugins.module_utils._postfix.model import Settings, Table
from ansible_collections.postern.mail.plugins.module_utils._postfix.parse import parse_table
from ansible_collections.postern.mail.plugins.module_utils._postfix.render import table_source
from ansible_collections.postern.mail.tests.unit.plugins.module_utils._postfix import strategies
from hypothesis import given

LONG = strategies.TABLES.filter(lambda table: table.type not in ("pcre", "regexp"))


@given(LONG)
def test_entries_of_a_file_are_written_as_those_of_the_inventory_are(
    tmp_path_factory: pytest.TempPathFactory, table: Table
) -> None:
    work = tmp_path_factory.mktemp("work")
    source = work / "source"
    source.write_text("".join(f"{k} {v}\n" for k, v in table.entries), encoding="utf-8")
    form = "keys" if table.type == "list" else "pairs"
    long = Table(table.name, table.type, sources=(Source("s", form, path=str(source)),))
    found = write_long_tables([long], str(work))
    assert found.problems == ()
    path = found.stored[table.name].path
    assert Path(path).read_text(encoding="utf-8") == table_source(table)
    assert stored(path) == found.stored[table.name]


def written(work: Path, table: Table) -> Settings:
    path = write_long_tables([table], str(work)).stored[table.name].path
    return parse_table(Path(path).read_text(encoding="utf-8"), table.type)[0]


def test_a_long_table_is_for_root_alone_until_it_is_brought_in(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("k\n")
    table = Table("../a", sources=(Source(str(tmp_path / "s"), "keys", value="v"),))
    path = Path(write_long_tables([table], str(tmp_path)).stored["../a"].path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.parent == tmp_path


def test_many_entries_are_all_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_tables, "_LINES", 3)
    (tmp_path / "s").write_text("".join(f"k{number}\n" for number in range(10)))
    table = Table("a", sources=(Source(str(tmp_path / "s"), "keys", value="v"),))
    assert written(tmp_path, table) == tuple((f"k{number}", "v") for number in range(10))


def test_networks_keep_the_order_of_the_inventory_and_the_file(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("10.1.0.0/16 OK\n10.0.0.0/8 REJECT\n1.0.0.0/8 OK\n")
    source = Source(str(tmp_path / "s"), "pairs")
    table = Table("a", "cidr", (("10.2.0.0/16", "OK"),), sources=(source,))
    assert [key for key, _value in written(tmp_path, table)] == [
        "10.2.0.0/16",
        "10.1.0.0/16",
        "10.0.0.0/8",
        "1.0.0.0/8",
    ]


def test_tables_without_sources_are_nobodys_business_here(tmp_path: Path) -> None:
    assert write_long_tables([Table("a", entries=(("k", "v"),))], str(tmp_path)).stored == {}
    assert list(tmp_path.iterdir()) == []


def test_a_table_with_problems_is_not_written_and_the_others_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("k v w\nk x\n")
    bad = Source("s", "pairs", path=str(tmp_path / "s"))
    tables = [Table("a", sources=(bad,)), Table("b", sources=(Source("none", "pairs"),))]
    found = write_long_tables(tables, str(tmp_path))
    assert found.stored == {}
    assert [problem.where for problem in found.problems] == ["s:2", "none"]
