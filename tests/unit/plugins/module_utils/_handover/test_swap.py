"""The stand-in takes sendmail's place and gives it back; there is always a sendmail."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._accounts.render import OWNED
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._handover import stand_in, swap

SOURCE = Path(stand_in.__file__).read_text()


class Place:
    """A sendmail, its alternative, and what dpkg-divert was asked."""

    def __init__(self, folder: Path) -> None:
        self.sendmail = folder / "sbin" / "sendmail"
        self.sendmail.parent.mkdir()
        self.sendmail.write_text("old")
        self.aside = self.sendmail.with_name("sendmail.postern")
        self.drop = folder / "drop"
        self.paths = {str(self.sendmail): "sendmail"}
        self.calls: list[str] = []

    def run(self, argv: Sequence[str], **_more: Any) -> Outcome:
        self.calls.append(argv[-2])
        return Outcome(tuple(argv), 0, "", "")

    def install(self) -> None:
        swap.install(SOURCE, self.drop, self.paths)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    found = Place(tmp_path)
    monkeypatch.setattr(swap, "run", found.run)
    monkeypatch.setattr(swap, "ALTERNATIVES", str(tmp_path / "alternatives"))
    return found


def test_the_stand_in_is_known_by_its_mark() -> None:
    assert swap.MARK in SOURCE[:150]


def test_the_old_program_keeps_another_name(place: Place) -> None:
    place.install()
    assert swap.is_stand_in(place.sendmail)
    assert place.sendmail.stat().st_mode & 0o777 == 0o755
    assert place.aside.read_text() == "old"
    assert place.drop.stat().st_mode & 0o7777 == 0o1733
    assert place.calls == ["--add"]


def test_twice_does_not_put_the_stand_in_aside(place: Place) -> None:
    place.install()
    place.install()
    assert place.aside.read_text() == "old"


def test_the_new_program_takes_its_place(place: Place) -> None:
    place.install()
    place.aside.write_text("new")
    assert swap.remove(place.paths)
    assert place.sendmail.read_text() == "new"
    assert not place.aside.exists()
    assert place.calls[-1] == "--remove"
    assert not swap.remove(place.paths)


def test_an_agent_of_alternatives_gets_its_link(place: Place, tmp_path: Path) -> None:
    place.install()
    place.aside.unlink()
    (tmp_path / "alternatives").mkdir()
    (tmp_path / "alternatives" / "sendmail").write_text("sendmail's")
    swap.remove(place.paths)
    assert place.sendmail.is_symlink()
    assert place.sendmail.read_text() == "sendmail's"


def test_a_link_of_alternatives_stays_a_link_meanwhile(place: Place, tmp_path: Path) -> None:
    place.sendmail.unlink()
    place.sendmail.symlink_to("/nowhere")
    place.install()
    assert str(place.aside.readlink()) == "/nowhere"
    assert swap.is_stand_in(place.sendmail)


def test_without_a_new_program_the_stand_in_stays(place: Place) -> None:
    place.install()
    place.aside.unlink()
    with pytest.raises(Refused, match="the stand-in stays"):
        swap.remove(place.paths)
    assert swap.is_stand_in(place.sendmail)


def test_a_host_without_sendmail_gets_one(place: Place) -> None:
    place.sendmail.unlink()
    place.install()
    assert swap.is_stand_in(place.sendmail)
    assert not place.aside.exists()


def test_dpkgs_refusal_is_quoted(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swap, "run", lambda argv: Outcome(argv, 2, "", "clashes with diversion"))
    with pytest.raises(Refused, match="clashes"):
        place.install()
    assert place.sendmail.read_text() == "old"


def test_a_file_that_the_collection_has_written_is_spared_when_a_package_is_purged(
    place: Place, tmp_path: Path
) -> None:
    ours, theirs, gone = (tmp_path / name for name in ("ours", "theirs", "gone"))
    ours.write_text(f"{OWNED}auth required x.so\n")
    theirs.write_text("auth required y.so\n")
    swap.spare(map(str, (ours, theirs, gone)))
    assert place.calls == ["--add"]
    swap.spare_no_more([str(ours)])
    assert place.calls == ["--add", "--remove"]
    assert ours.exists()
