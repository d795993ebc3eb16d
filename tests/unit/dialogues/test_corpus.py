"""The corpus: what is hostile holds what it says, what is clean is of many kinds."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import email
import io
import tarfile
import zipfile
from email.message import Message

import pytest
from dialogues.clean_mail import CLEAN, clean
from dialogues.corpus import (
    BOMB_MEBIBYTES,
    HOSTILE,
    PASSWORD,
    VIRUSES,
    eicar,
    gtube,
    hostile,
    spam,
    viruses,
)
from dialogues.messages import labelled, on_the_wire
from dialogues.scenario import ROOT


def files(message: bytes) -> dict[str, bytes]:
    found = {}
    for one in email.message_from_bytes(message).walk():
        assert isinstance(one, Message)
        if name := one.get_filename():
            content = one.get_payload(decode=True)
            assert isinstance(content, bytes)
            found[name] = content
    return found


def opened(content: bytes) -> bytes:
    """Open archives until nothing is left to open."""
    while content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read(archive.namelist()[0], PASSWORD)
    if content.startswith(b"\x1f\x8b"):
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            file = archive.extractfile(archive.getmembers()[0])
            assert file is not None
            content = file.read()
    return content


def test_the_test_virus_is_the_one_that_scanners_know() -> None:
    assert len(eicar()) == 68
    assert eicar().startswith(b"X5O!P%@AP[4")
    assert eicar().endswith(b"!$H+H*")
    assert len(gtube()) == 68


def test_no_file_of_the_project_holds_the_virus_or_the_spam() -> None:
    for path in (ROOT / "tests").rglob("*.py"):
        content = path.read_bytes()
        assert eicar() not in content, path
        assert gtube() not in content, path


@pytest.mark.parametrize("name", sorted({*VIRUSES} - {"in 7z", "in the body"}))
def test_each_disguise_hides_the_virus(name: str) -> None:
    assert eicar() in map(opened, files(VIRUSES[name]()).values())


def test_the_7z_shows_no_virus_from_outside() -> None:
    (content,) = files(VIRUSES["in 7z"]()).values()
    assert content.startswith(b"7z\xbc\xaf\x27\x1c")
    assert eicar() not in content


def test_the_virus_in_the_body_stands_alone_on_a_line() -> None:
    assert VIRUSES["in the body"]().endswith(b"\n\n" + eicar() + b"\n")


def test_what_wants_a_password_holds_the_virus_and_hides_it() -> None:
    (content,) = files(HOSTILE["password-protected"]()).values()
    assert eicar() not in content
    assert opened(content) == eicar()


def test_the_bomb_is_bounded_and_arrives_small() -> None:
    message = HOSTILE["archive bomb"]()
    assert len(message) < 100_000
    assert BOMB_MEBIBYTES <= 512


def test_there_are_thirty_kinds_of_clean_mail_and_more() -> None:
    assert len({sample.message for sample in clean()}) == len(CLEAN) >= 30


def test_no_clean_message_holds_a_nul_the_virus_or_the_spam() -> None:
    for sample in clean():
        for unwanted in (b"\x00", eicar(), gtube()):
            assert unwanted not in sample.message, sample.name


def test_every_clean_message_fits_through_smtp() -> None:
    for sample in clean():
        longest = max(map(len, on_the_wire(sample.message).split(b"\r\n")))
        assert longest <= 998, sample.name


def test_everything_is_the_same_each_time() -> None:
    assert clean() == clean()
    assert viruses() == viruses()
    assert hostile() == hostile()
    assert spam() == spam()


def test_a_label_is_a_line_of_the_header() -> None:
    message = email.message_from_bytes(labelled(CLEAN["plain text"](), "one"))
    assert message["X-Corpus"] == "one"
    assert message["From"] == "Carol <carol@outside.example>"


def test_the_wire_has_its_own_line_ends() -> None:
    assert on_the_wire(b"a\r\nb\nc") == b"a\r\nb\r\nc"
