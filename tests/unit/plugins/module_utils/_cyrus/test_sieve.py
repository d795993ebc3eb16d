"""Scripts on the host: what the compiler says, where people's scripts lie, and their links."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import grp
import json
import os
import pwd
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._cyrus import sieve
from ansible_collections.postern.mail.plugins.module_utils._cyrus.scripts import Link, Person


@pytest.fixture(autouse=True)
def mine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sieve, "_OWNER", pwd.getpwuid(os.getuid()).pw_name)
    monkeypatch.setattr(sieve, "_GROUP", grp.getgrgid(os.getgid()).gr_name)


def program(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_what_the_compiler_refuses_is_told_without_the_place_of_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = 'grep -q bad "$1" && { echo "$1: line 1: syntax error"; exit 1; }; cp "$1" "$2"'
    monkeypatch.setattr(sieve, "COMPILER", program(tmp_path / "sievec", script))
    compiled, problems = sieve.compile_all({"site": "keep;", "a@x": "bad"})
    assert compiled == {"site": b"keep;"}
    assert [str(one) for one in problems] == ["the script a@x: line 1: syntax error"]


def test_people_are_found_with_their_active_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = {name: tmp_path / name for name in ("a@x", "b@x", "c@x")}
    for name in ("a@x", "b@x"):
        folders[name].mkdir()
    (folders["a@x"] / "defaultbc").symlink_to("mine.bc")
    (folders["a@x"] / "mine.bc").touch()
    said = "\n".join(
        json.dumps({"mbname": {"userid": name}, "user": {"sieve": str(folder)}}, indent=1)
        for name, folder in folders.items()
    )
    (tmp_path / "said").write_text(said)
    monkeypatch.setattr(sieve, "_MBPATH", program(tmp_path / "mbpath", f"cat {tmp_path}/said"))
    assert sieve.present_people(["a@x", "b@x", "c@x"]) == {
        "a@x": Person(str(folders["a@x"]), "mine.bc", has_scripts=True),
        "b@x": Person(str(folders["b@x"])),
        "c@x": Person(str(folders["c@x"])),
    }


def test_links_are_made_swung_and_taken_away(tmp_path: Path) -> None:
    link = tmp_path / "uuid/a/defaultbc"
    for target in ("../../postern/site.bc", "../../postern/a@x.bc"):
        sieve.swing([Link("a@x", str(link), target)])
        assert str(link.readlink()) == target
    assert [path.name for path in link.parent.iterdir()] == ["defaultbc"]
    sieve.swing([Link("a@x", str(link), None)])
    assert not link.is_symlink()


def test_the_folder_of_the_inventorys_scripts_is_not_everybodys(tmp_path: Path) -> None:
    assert sieve.present_files(str(tmp_path)) == []
    sieve.own_folder(str(tmp_path))
    (tmp_path / "postern/site.bc").touch()
    assert sieve.present_files(str(tmp_path)) == ["site.bc"]
    assert (tmp_path / "postern").stat().st_mode & 0o007 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become others")
def test_scripts_are_written_with_the_rights_of_cyrus_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nobody = pwd.getpwnam("nobody")
    monkeypatch.setattr(sieve, "_OWNER", nobody.pw_name)
    monkeypatch.setattr(sieve, "_GROUP", grp.getgrgid(nobody.pw_gid).gr_name)
    with sieve.as_cyrus():
        assert (os.geteuid(), os.getegid()) == (nobody.pw_uid, nobody.pw_gid)
    assert os.geteuid() == 0
