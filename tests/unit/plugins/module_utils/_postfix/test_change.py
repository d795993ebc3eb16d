"""A change knows what it takes, and shows itself."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._postfix import change as subject
from ansible_collections.postern.mail.plugins.module_utils._postfix.change import Change
from ansible_collections.postern.mail.plugins.module_utils._postfix.model import configuration
from ansible_collections.postern.mail.tests.unit.plugins.module_utils._postfix.fake_postfix import (
    FakePostfix,
)


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakePostfix:
    found = FakePostfix(tmp_path)
    found.into(monkeypatch)
    return found


def change_of(daemon: FakePostfix, spec: dict[str, Any], work: Path, purge: bool = True) -> Change:
    folder = work / f"work-{len(list(work.iterdir()))}"
    folder.mkdir()
    return subject.make_change(configuration(spec), daemon.folder, purge, str(folder))


@pytest.mark.parametrize(
    ("parameters", "restart"),
    [
        ({"inet_protocols": "ipv6"}, True),
        ({"inet_protocols": "ipv4"}, False),
        ({"smtp_tls_CApath": "/etc/ssl/certs"}, True),
        ({"relayhost": "smart"}, False),
    ],
)
def test_only_what_is_read_at_the_start_takes_a_restart(
    daemon: FakePostfix, tmp_path: Path, parameters: dict[str, str], restart: bool
) -> None:
    change = change_of(daemon, {"parameters": parameters}, tmp_path)
    assert change.restart_required is restart
    assert change.reload_needed is not restart


def test_nothing_to_do_takes_nothing(daemon: FakePostfix, tmp_path: Path) -> None:
    change_of(daemon, {}, tmp_path).apply()
    change = change_of(daemon, {}, tmp_path)
    assert not change.plan.changed
    assert not change.reload_needed


def test_a_compiled_table_is_shown_by_its_source(daemon: FakePostfix, tmp_path: Path) -> None:
    maps = [{"name": "a", "entries": {"k": "v"}}]
    shown = change_of(daemon, {"maps": maps}, tmp_path).diff()
    assert [Path(entry["after_header"]).name for entry in shown] == [
        "main.cf",
        "README",
        "a",
        "master.cf",
    ]


def tree(daemon: FakePostfix) -> list[str]:
    root = Path(daemon.folder)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


MAIN, MASTER, README = "main.cf", "master.cf", "maps/README"


@pytest.mark.parametrize(
    ("first", "then", "left"),
    [
        ("hash", "lmdb", ["maps/a", "maps/a.lmdb"]),
        ("lmdb", "hash", ["maps/a", "maps/a.db"]),
        ("cdb", "lmdb", ["maps/a", "maps/a.lmdb"]),
        ("hash", "btree", ["maps/a", "maps/a.db"]),
        ("lmdb", "texthash", ["maps/a"]),
        ("hash", "cidr", ["maps/a"]),
        ("lmdb", "list", ["maps/a"]),
        ("hash", None, []),
    ],
)
def test_of_a_table_that_changes_its_type_or_leaves_no_old_database_stays(
    daemon: FakePostfix, tmp_path: Path, first: str, then: str | None, left: list[str]
) -> None:
    value = "" if "list" in (first, then) else "OK"
    other = {"name": "b", "entries": {"k": "v"}}

    def maps(kind: str | None) -> list[dict[str, Any]]:
        empty = kind != "list" and not value
        entries = {"1.2.3.4": "OK" if empty else value}
        return [other, *([{"name": "a", "type": kind, "entries": entries}] if kind else [])]

    change_of(daemon, {"maps": maps(first)}, tmp_path).apply()
    change_of(daemon, {"maps": maps(then)}, tmp_path).apply()
    assert tree(daemon) == sorted([MAIN, MASTER, README, "maps/b", "maps/b.lmdb", *left])
    assert not change_of(daemon, {"maps": maps(then)}, tmp_path).plan.changed


def by_hand(daemon: FakePostfix, main: str, *files: str) -> None:
    folder = Path(daemon.folder)
    (folder / MAIN).write_text(main, encoding="utf-8")
    for name in files:
        (folder / name).write_text("x y\n", encoding="utf-8")


HAND_MADE = """
virtual_alias_maps = hash:/FOLDER/virtual, proxy:btree:${config_directory}/more
transport_maps = hash:/elsewhere/transport
kept = cdb:/FOLDER/kept
relay_domains = $kept
"""


def test_databases_that_nobody_names_any_more_go_and_their_sources_stay(
    daemon: FakePostfix, tmp_path: Path
) -> None:
    files = ["virtual", "virtual.db", "more", "more.db", "kept", "kept.cdb", "other.db"]
    by_hand(daemon, HAND_MADE.replace("/FOLDER", daemon.folder), *files)
    spec = {"parameters": {"relay_domains": f"cdb:{daemon.folder}/kept"}}
    change = change_of(daemon, spec, tmp_path)
    removed = [c.path for c in change.plan.changes if c.after is None]
    assert removed == [f"{daemon.folder}/more.db", f"{daemon.folder}/virtual.db"]
    shown = {Path(entry["before_header"]).name: entry for entry in change.diff()}
    assert shown["virtual.db"]["before"] == "(the compiled table as it was)\n"
    change.apply()
    assert tree(daemon) == sorted(["virtual", "more", "kept", "kept.cdb", "other.db", MAIN, MASTER])
    assert not change_of(daemon, spec, tmp_path).plan.changed


def test_without_purge_no_database_goes(daemon: FakePostfix, tmp_path: Path) -> None:
    by_hand(daemon, HAND_MADE.replace("/FOLDER", daemon.folder), "virtual", "virtual.db")
    spec = {"parameters": {"virtual_alias_maps": "static:x"}}
    change_of(daemon, spec, tmp_path, purge=False).apply()
    assert "virtual.db" in tree(daemon)


def test_databases_that_were_removed_return_when_postfix_refuses(
    daemon: FakePostfix, tmp_path: Path
) -> None:
    by_hand(daemon, HAND_MADE.replace("/FOLDER", daemon.folder), "virtual", "virtual.db")
    before = {name: daemon.text(name) for name in tree(daemon)}
    daemon.start()
    daemon.live = ["localhost port smtp: 451 4.3.5 no"]
    with pytest.raises(subject.system.Refused):
        change_of(daemon, {}, tmp_path).apply()
    assert {name: daemon.text(name) for name in tree(daemon)} == before


def test_a_type_that_this_postfix_lacks_is_refused_with_its_package(
    daemon: FakePostfix, tmp_path: Path
) -> None:
    daemon.types = ("hash", "cidr", "inline")
    spec = {
        "parameters": {
            "alias_maps": "proxy:pcre:/etc/x, mysql:/etc/y",
            "header_checks": "regexp:/etc/z",
            "transport_maps": "inline:{a=b}, lmtp:unix:/run/x",
        },
        "maps": [{"name": "a"}, {"name": "b", "type": "cdb"}, {"name": "c", "type": "list"}],
    }
    change = change_of(daemon, spec, tmp_path)
    assert sorted(str(problem) for problem in change.problems) == [
        'maps[a].type: this Postfix has no tables of the type "lmdb"; install postfix-lmdb',
        'maps[b].type: this Postfix has no tables of the type "cdb"; install postfix-cdb',
        'parameters.alias_maps: this Postfix has no tables of the type "mysql"; '
        "install postfix-mysql",
        'parameters.alias_maps: this Postfix has no tables of the type "pcre"; '
        "install postfix-pcre",
        'parameters.header_checks: this Postfix has no tables of the type "regexp"',
    ]
    assert tree(daemon) == []


def test_a_long_table_is_written_once_sorted_and_not_again(
    daemon: FakePostfix, tmp_path: Path
) -> None:
    names = tmp_path / "names"
    names.write_text("# long\nb.example\nA.example\n", encoding="utf-8")
    source = {"path": str(names), "form": "keys", "value": "REJECT"}
    spec = {"maps": [{"name": "a", "entries": {"c.example": "OK"}, "sources": [source]}]}
    change_of(daemon, spec, tmp_path).apply()
    assert daemon.text("maps/a").splitlines()[1:] == [
        "a.example REJECT",
        "b.example REJECT",
        "c.example OK",
    ]
    assert Path(daemon.folder, "maps/a").stat().st_mode & 0o777 == 0o640
    again = change_of(daemon, spec, tmp_path)
    assert (again.plan.changed, again.diff()) == (False, [])
    names.write_text("a.example\n", encoding="utf-8")
    changed = change_of(daemon, spec, tmp_path)
    (shown,) = changed.diff()
    assert "b.example" in shown["before"]
    assert "b.example" not in shown["after"]
    assert [Path(c.path).name for c in changed.plan.changes] == ["a", "a.lmdb"]


def test_what_is_wrong_with_a_long_table_is_told_beside_the_rest(
    daemon: FakePostfix, tmp_path: Path
) -> None:
    names = tmp_path / "names"
    names.write_text("two words\n", encoding="utf-8")
    source = {"file": "lists/x", "path": str(names), "form": "keys", "value": "REJECT"}
    spec = {"parameters": {"my name": 1}, "maps": [{"name": "a", "sources": [source]}]}
    change = change_of(daemon, spec, tmp_path)
    assert [str(problem) for problem in change.problems] == [
        'parameters: "my name" can\'t be the name of a parameter',
        'lists/x:1: "two words" is more than one key; one key a line',
    ]
    assert daemon.asked == []


def test_entries_that_stand_twice_are_told_and_harm_nobody(
    daemon: FakePostfix, tmp_path: Path
) -> None:
    names = tmp_path / "names"
    names.write_text("a\nb\na\n", encoding="utf-8")
    spec = {
        "maps": [{"name": "a", "sources": [{"path": str(names), "form": "keys", "value": "x"}]}]
    }
    change = change_of(daemon, spec, tmp_path)
    assert [str(repeat) for repeat in change.repeats] == [
        f'{names}:3: "a" stands at {names}:1 already'
    ]
    change.apply()
    assert daemon.text("maps/a").splitlines()[1:] == ["a x", "b x"]


def test_a_database_that_is_compiled_anew_is_not_written_through_a_link(
    daemon: FakePostfix, tmp_path: Path
) -> None:
    spec = {"maps": [{"name": "a", "entries": {"k": "v"}}, {"name": "b", "entries": {"k": "v"}}]}
    change_of(daemon, spec, tmp_path).apply()
    database = Path(daemon.folder, "maps/a.lmdb")
    database.write_bytes(b"old")
    os.utime(database, (1, 1))
    change = change_of(daemon, spec, tmp_path)
    assert [Path(c.path).name for c in change.plan.changes] == ["a.lmdb"]
    assert database.read_bytes() == b"old"
    change.apply()
    assert database.read_bytes() == b"compiled"


def test_a_message_of_a_former_filter_is_a_change_until_it_was_queued_again(
    daemon: FakePostfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_of(daemon, {}, tmp_path).apply()
    waiting = ["6A"]
    broken = [True]

    def queue_again(folder: str, queue: str, _wanted: Any) -> None:
        assert (folder, queue) == (daemon.folder, str(daemon.queue))
        if broken:
            raise subject.Refused("no queue")
        waiting.clear()

    monkeypatch.setattr(subject, "waiting_for_nobody", lambda *_: tuple(waiting))
    monkeypatch.setattr(subject, "queue_again", queue_again)
    for _run in range(2):
        change = change_of(daemon, {}, tmp_path)
        assert (change.changed, change.reload_needed) == (True, False)
        assert [entry["before"] for entry in change.diff()] == ["6A\n"]
        with pytest.raises(subject.Refused, match=r"^no queue"):
            change.apply()
    broken.clear()
    change_of(daemon, {}, tmp_path).apply()
    assert not change_of(daemon, {}, tmp_path).changed
