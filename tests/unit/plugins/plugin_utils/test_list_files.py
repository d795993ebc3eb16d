"""Long lists on disk: read once for all hosts, and every bad line is told with its place."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core import tables
from ansible_collections.postern.mail.plugins.module_utils._site.judge import Verdict, judge_host
from ansible_collections.postern.mail.plugins.plugin_utils import list_files
from ansible_collections.postern.mail.plugins.plugin_utils.list_files import ListFiles, read_lists
from ansible_collections.postern.mail.plugins.plugin_utils.specs import site_options
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def judged(raw: dict[str, Any], files: ListFiles | None = None) -> Verdict:
    read = partial(read_lists, files=files or ListFiles())
    return judge_host(site_options(), raw, (), read)


def said(raw: dict[str, Any]) -> tuple[list[str], list[str]]:
    verdict = judged(raw)
    return sorted(map(str, verdict.problems)), sorted(map(str, verdict.warnings))


def write(folder: Path, name: str, *lines: str) -> str:
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in lines))
    return str(path)


def client(path: str, action: str = "reject", **more: str) -> dict[str, str]:
    return {"kind": "client", "path": path, "action": action, **more}


def test_a_good_list_declares_its_names(folder: Path) -> None:
    path = write(folder, "a.txt", "# people", "Team: Alice,", "  carol", "", "chief: team")
    raw = good(mail_alias_files=[path])
    raw["mail_aliases"]["boss"] = "chief@example.net"
    assert said(raw) == ([], [])


def test_a_file_that_cannot_be_read_is_named_with_its_place_and_nothing_follows_from_it(
    folder: Path,
) -> None:
    raw = good(
        mail_alias_files=[str(folder / "gone.txt")],
        mail_access_files=[client(str(folder))],
        mail_relay_domains=[
            {"name": "b.example", "host": "mail.b.example", "recipients_file": "/none/b.txt"}
        ],
        mail_aliases={"root": "somebody.in.the.file"},
    )
    assert said(raw) == (
        [
            'mail_access_files[0].path: "." can\'t be read: Is a directory',
            'mail_alias_files[0]: "gone.txt" can\'t be read: No such file or directory',
            'mail_relay_domains[0].recipients_file: "/none/b.txt" can\'t be read:'
            " No such file or directory",
        ],
        [],
    )


def test_lines_that_cannot_be_read_are_named_by_file_and_line(folder: Path) -> None:
    path = write(folder, "a.txt", "team alice", "ok: alice", "x: |/bin/sh", "y:", "z: a b")
    problems, _warnings = said(good(mail_alias_files=[path]))
    assert [line.split(" ")[0] for line in problems] == [
        "a.txt:1:",
        "a.txt:3:",
        "a.txt:4:",
        "a.txt:5:",
    ]
    assert problems[1] == 'a.txt:3: "|/bin/sh" is a command, not an address'


def test_two_meanings_of_a_name_are_refused_with_both_places(folder: Path) -> None:
    first = write(folder, "a.txt", "team: alice", "it: alice", "it: carol")
    second = write(folder, "b.txt", "Team: carol")
    problems, _warnings = said(good(mail_alias_files=[first, second]))
    assert problems == [
        'a.txt:3: "it" has the value "carol" here and "alice" at a.txt:2; keep one of them',
        'b.txt:1: "team" has the value "carol" here and "alice" at a.txt:1; keep one of them',
    ]


def test_the_same_twice_is_a_warning_and_the_same_file_twice_a_problem(folder: Path) -> None:
    path = write(folder, "a.txt", "team: alice", "team: alice")
    assert said(good(mail_alias_files=[path])) == (
        [],
        ['a.txt:2: "team" stands at a.txt:1 already'],
    )
    problems, _warnings = said(good(mail_alias_files=[path, path]))
    assert problems == [
        'mail_alias_files[1]: "a.txt" is listed twice; first at mail_alias_files[0]'
    ]


def test_exceptions_of_two_files_and_of_the_inventory_may_not_differ(folder: Path) -> None:
    first = write(folder, "a.txt", "192.0.2.1  # scanner", "bad.example")
    second = write(folder, "b.txt", "bad.example")
    access = [
        {"client": "192.0.2.1", "action": "accept"},
        {"sender": "bad.example", "action": "reject"},
    ]
    files = [client(first, text="go away"), client(second, "discard")]
    problems, _warnings = said(good(mail_access=access, mail_access_files=files))
    assert problems == [
        'a.txt:1: "192.0.2.1" has the value "reject go away" here and "accept" at'
        ' mail_access["192.0.2.1"]; keep one of them',
        'b.txt:1: "bad.example" has the value "discard" here and "reject go away" at a.txt:2;'
        " keep one of them",
    ]


def test_a_line_that_would_open_a_relay_is_refused(folder: Path) -> None:
    path = write(folder, "a.txt", "10.0.0.0/8", "198.51.100.0/24", "partner.example")
    assert said(good(mail_access_files=[client(path, "relay")]))[0] == [
        'a.txt:2: "198.51.100.0/24" is public, which makes an open relay;'
        " name private networks or single addresses that are your own",
        'a.txt:3: "partner.example" is a name, which can be forged and makes an open relay;'
        " name its network",
    ]


def test_recipients_stand_in_a_file_as_well_as_in_the_inventory(folder: Path) -> None:
    path = write(folder, "b.txt", "info", "abuse@branch.example")
    entry = {"name": "branch.example", "host": "mail.branch.example", "recipients_file": path}
    assert said(good(mail_relay_domains=[{**entry, "recipients": ["postmaster"]}])) == ([], [])


def test_lists_are_not_asked_for_where_no_mail_ends_or_where_nobody_asks(folder: Path) -> None:
    gone = str(folder / "gone.txt")
    lists: dict[str, Any] = {"mail_alias_files": [gone], "mail_access_files": [client(gone)]}
    assert said(send_only(mail_alias_files=[gone])) == ([], [])
    assert said(send_only(mail_transfer_agent="nullmailer", **lists)) == ([], [])
    assert len(said(send_only(**lists))[0]) == 1


def test_each_file_is_read_once_however_many_hosts_name_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    once = tables.opened

    def counted(source: tables.Source) -> Any:
        read.append(source.name)
        return once(source)

    monkeypatch.setattr(tables, "opened", counted)
    monkeypatch.setattr(list_files, "opened", counted)
    raw = good(
        mail_alias_files=[write(folder, "a.txt", "team: alice")],
        mail_access_files=[client(write(folder, "c.txt", "192.0.2.1"))],
    )
    files = ListFiles()
    for number in range(20):
        host = {**raw, "mail_hostname": f"mx{number}.example.org"}
        assert judged(host, files).problems == ()
    assert sorted(read) == ["a.txt", "c.txt"]


def test_a_hundred_thousand_lines_are_judged_in_seconds(folder: Path) -> None:
    aliases = write(folder, "a.txt", *(f"n{n}: alice, o{n}@example.com" for n in range(100_000)))
    clients = write(folder, "c.txt", *(f"10.{n >> 8}.{n & 255}.1" for n in range(65_000)))
    started = time.process_time()
    raw = good(mail_alias_files=[aliases], mail_access_files=[client(clients)])
    assert said(raw) == ([], [])
    assert time.process_time() - started < 5  # less than one on a machine at rest
