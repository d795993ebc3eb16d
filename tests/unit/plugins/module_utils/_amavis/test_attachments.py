"""Attachments pass by their names and by what they are, in archives too."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from ansible_collections.postern.mail.plugins.module_utils._amavis.attachments import (
    banned,
    kinds_of,
)
from ansible_collections.postern.mail.plugins.module_utils._amavis.model import (
    DANGEROUS,
    Attachments,
)
from hypothesis import example, given
from hypothesis import strategies as st

ONLY = Attachments("allow_only", ("pdf", "docx", "txt", "zip"))
BLOCK = Attachments("block", DANGEROUS)
MIXED = "P=p003\tL=1\tM=multipart/mixed"
TEXT = "P=p001\tL=1/1\tM=text/plain\tT=asc"


def part(*names: str, kinds: tuple[str, ...] = ("pdf",), attributes: str = "") -> str:
    """Return the line that amavis makes of a part."""
    fields = ["P=p002", "L=1/2", "M=application/octet-stream"]
    fields += [*(f"T={kind}" for kind in kinds), *(f"N={name}" for name in names)]
    return "\t".join([*fields, *([f"A={attributes}"] if attributes else [])])


def stops(attachments: Attachments, *levels: str) -> bool:
    """Say whether a part is banned, given its line behind those of what it is in."""
    flags = {"i": re.IGNORECASE, "m": re.MULTILINE}
    path = "\n".join(levels)
    return any(
        re.search(pattern.text, path, sum(flags[letter] for letter in pattern.flags))
        for pattern in banned(attachments)
    )


def test_the_allowed_types_pass_where_they_are_what_their_name_says() -> None:
    assert not stops(ONLY, MIXED, part("a.pdf"))
    assert not stops(ONLY, MIXED, part("A.PDF"))
    assert not stops(ONLY, MIXED, part("a.pdf", "b.pdf"))
    assert not stops(ONLY, MIXED, part("minutes v1.2.docx", kinds=("zip", "doc")))
    assert not stops(ONLY, MIXED, part("list.txt", kinds=("txt", "asc")))


def test_a_messages_own_text_and_its_containers_pass() -> None:
    assert not stops(ONLY, MIXED, TEXT)
    assert not stops(ONLY, MIXED, "P=p004\tL=1/1\tM=multipart/alternative", TEXT)
    assert not stops(ONLY, "P=p001\tL=1\tM=text/html\tT=html")


@pytest.mark.parametrize(
    "line",
    [
        part("a.pdf", kinds=("exe", "exe-ms")),
        part("a.pdf", kinds=("pdf", "exe")),
        part("a.txt", kinds=("pdf",)),
        part("a.exe"),
        part("pdf"),
        part("a"),
        part(".pdf."),
        part("a.pdf "),
        part("a.pdf", "a.exe"),
        part("a.exe", "a.pdf"),
        part("a.pdf", "a.txt"),
        part("a.pdf.exe"),
        part("a.xpdf"),
        part("a.pdf", "a.exe", attributes="U"),
    ],
)
def test_what_is_not_what_its_name_says_is_banned(line: str) -> None:
    assert stops(ONLY, MIXED, line)


def test_unknown_content_without_a_name_is_banned() -> None:
    assert stops(ONLY, MIXED, part(kinds=("dat",)))
    assert stops(ONLY, MIXED, part(kinds=("exe", "exe-ms")))
    assert not stops(ONLY, MIXED, part(kinds=("pdf",)))


def test_a_file_in_an_archive_in_an_archive_is_judged_as_well() -> None:
    archive = part("a.zip", kinds=("zip",))
    assert not stops(ONLY, MIXED, archive, archive, part("a.pdf"))
    assert stops(ONLY, MIXED, archive, archive, part("a.exe", kinds=("exe",)))
    assert stops(ONLY, MIXED, archive, archive, part("a.pdf", kinds=("exe",)))
    assert stops(Attachments("allow_only", ("pdf",)), MIXED, archive, part("a.pdf"))


@given(st.text(st.characters(exclude_characters="\t\n", exclude_categories=["Cs"])))
@example("a.pdf\r")
@example("a.pdf\0")
@example("a.pdf\u2028")
@example("N=a.pdf;.exe")
def test_no_name_without_an_allowed_ending_ever_passes(name: str) -> None:
    allowed = Attachments("allow_only", ("pdf", "png"))
    passes = name.lower().endswith((".pdf", ".png"))
    assert stops(allowed, MIXED, part(name, kinds=())) != passes


@pytest.mark.parametrize("name", ["a.exe", "A.EXE", "a.exe.", "a.exe ", "a.exe. .", "a.txt.js"])
def test_what_runs_is_blocked_by_its_name(name: str) -> None:
    assert stops(BLOCK, MIXED, part(name, kinds=("asc",)))
    assert stops(BLOCK, MIXED, part(name, "a.txt", kinds=("asc",)))
    assert stops(BLOCK, part("a.zip", kinds=("zip",)), part(name, kinds=("asc",)))


@pytest.mark.parametrize("kind", ["exe", "exe-ms", "dll", "lnk"])
def test_what_runs_is_blocked_whatever_its_name(kind: str) -> None:
    assert stops(BLOCK, MIXED, part("a.txt", kinds=(kind,)))
    assert stops(BLOCK, MIXED, part(kinds=(kind,)))


def test_blocking_lets_the_rest_pass() -> None:
    assert not stops(BLOCK, MIXED, TEXT)
    assert not stops(BLOCK, MIXED, part("a.exe.pdf"))
    assert not stops(BLOCK, MIXED, part("exe", kinds=("asc",)))
    assert not stops(BLOCK, part("a.zip", kinds=("zip",)), part("a.docx", kinds=("zip",)))


def test_an_ending_with_signs_of_patterns_means_itself() -> None:
    block = Attachments("block", ("c++",))
    assert stops(block, part("a.c++", kinds=("asc",)))
    assert not stops(block, part("a.ccc", kinds=("asc",)))


@pytest.mark.parametrize("policy", ["allow_all", "allow_only", "block"])
def test_locked_archives_are_stopped_where_the_site_says_so(policy: str) -> None:
    locked = part("a.zip", kinds=("zip",), attributes="U")
    endings = ("exe",) if policy == "block" else ("zip",)
    assert stops(Attachments(policy, endings, "stop"), MIXED, locked)
    assert not stops(Attachments(policy, endings, "stop"), MIXED, part("a.zip", kinds=("zip",)))
    assert not stops(Attachments("allow_all"), MIXED, locked)
    assert not stops(Attachments("allow_only", ("zip",)), MIXED, locked)


@pytest.mark.parametrize("kind", ["ace", "rar", "zoo"])
def test_archives_that_nothing_opens_are_stopped_as_locked_ones_are(kind: str) -> None:
    closed = part(f"a.{kind}", kinds=(kind,))
    assert stops(Attachments("allow_all", (), "stop"), MIXED, closed)
    assert not stops(Attachments("allow_all", (), "pass"), MIXED, closed)


def test_without_a_policy_nothing_is_banned() -> None:
    assert banned(Attachments()) == ()


def test_most_endings_name_what_a_file_is() -> None:
    assert kinds_of("rar") == ("rar",)
    assert "jpg" in kinds_of("jpeg")
