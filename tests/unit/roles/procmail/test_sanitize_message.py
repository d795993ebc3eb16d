"""Messages on their way into a mailbox: clean ones pass as they are, dangerous names change."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import email

import pytest
from ansible_collections.postern.mail.tests.unit.sanitizers import (
    message,
    sanitized,
    started,
)
from dialogues.clean_mail import CLEAN
from dialogues.corpus import VIRUSES
from dialogues.messages import (
    attachment,
    head,
    in_base64,
    labelled,
    mixed,
    multipart,
    on_the_wire,
    part,
    text,
)
from hypothesis import given
from hypothesis import strategies as st

MARKED = b"X-Postern-Sanitized: dangerous attachment name\n"
LINES = st.lists(
    st.one_of(
        st.binary(max_size=60).map(lambda line: line.replace(b"\n", b"")),
        st.sampled_from(
            [
                *(b"", b"--a", b"--a--", b"--b", b" folded", b"Subject: x", b"From: y", b"words"),
                b"Content-Type: multipart/mixed; boundary=a",
                b"Content-Type: multipart/digest; boundary=b",
                b"Content-Type: message/rfc822",
                b"Content-Type: text/plain; charset=utf-8",
            ]
        ),
    ),
    max_size=40,
).map(lambda lines: b"".join(line + b"\n" for line in lines))


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_clean_mail_passes_byte_for_byte(name: str) -> None:
    content = CLEAN[name]()
    assert sanitized(content) == content
    assert sanitized(on_the_wire(content)) == on_the_wire(content)
    in_mbox = b"From carol@outside.example Thu Jan  1 12:00:00 2026\n" + labelled(content, "x")
    assert sanitized(in_mbox) == in_mbox


@given(LINES)
def test_what_has_no_names_and_no_pages_passes_byte_for_byte(content: bytes) -> None:
    lowered = content.lower()
    if b"name" not in lowered and b"html" not in lowered and b"begin" not in lowered:
        assert sanitized(content) == content


@given(st.binary(max_size=400))
def test_no_bytes_break_it(content: bytes) -> None:
    once = sanitized(content)
    assert sanitized(once) == once


@pytest.mark.parametrize("name", ["plain", "double extension", "forwarded", "forwarded twice"])
def test_a_dangerous_name_is_found_wherever_it_is(name: str) -> None:
    content = VIRUSES[name]()
    done = sanitized(content)
    assert done.count(MARKED) == 1
    names = [one.get_filename() for one in email.message_from_bytes(done).walk()]
    (named,) = filter(None, names)
    assert named.endswith((".com.defanged", ".exe.defanged"))
    assert sanitized(done) == done


def _named(*fields: str) -> bytes:
    return mixed("x", text(), part("x/y", in_base64(b"words"), *fields).split(b"\n", 1)[1])


@pytest.mark.parametrize(
    "field",
    [
        'Content-Disposition: attachment; filename="a.exe"',
        "Content-Disposition: attachment; filename=a.exe",
        "content-disposition: attachment;\n\tFILENAME=a.EXE",
        'Content-Type: application/pdf; name="a.exe"',
        'Content-Type: application/pdf; name="a.pdf                           .exe"',
        'Content-Type: application/pdf; name="a.exe."',
        'Content-Type: application/pdf; name="a.exe  "',
        'Content-Type: application/pdf; name="a.exe::$DATA"',
        'Content-Type: application/pdf; name="a.{00021401-0000-0000-C000-000000000046}"',
        "Content-Disposition: attachment; filename*=utf-8''a%2Eexe",
        'Content-Disposition: attachment; filename*0="a.e"; filename*1="xe"',
        "Content-Disposition: attachment; filename*0*=utf-8''a%2E; filename*1*=exe",
        'Content-Disposition: attachment; filename="=?utf-8?B?YS5leGU=?="',
        'Content-Disposition: attachment; filename="=?utf-8?Q?a=2E?= =?utf-8?Q?exe?="',
        'Content-Disposition: attachment; filename="=?x-nobody?Q?a.exe?="',
        'Content-Disposition: attachment; filename = "a.exe"',
        'Content-Disposition: attachment filename="a.exe"',
        'Content-Disposition: attachment; filename="a.exe',
        'Content-Disposition : attachment; filename="a.exe"',
        'Content-Type: application/pdf; name="a.pdf"\nContent-Type: x/y; name="a.exe"',
    ],
)
def test_a_dangerous_name_is_found_however_it_is_written(field: str) -> None:
    done = sanitized(_named(field, "Content-Transfer-Encoding: base64"))
    assert MARKED in done
    (one,) = [one for one in email.message_from_bytes(done).walk() if one.get_filename()]
    assert str(one.get_filename()).endswith(".defanged")
    assert one.get_content_type() == "application/octet-stream"
    assert one.get_payload(decode=True) == b"words"


@pytest.mark.parametrize(
    "name", ["a.exe.txt", "exe", "executive.pdf", "a.com-report.pdf", "über.pdf"]
)
def test_a_harmless_name_stays(name: str) -> None:
    content = mixed("x", text(), attachment(name, b"words"))
    assert sanitized(content) == content


def test_a_new_name_has_nothing_that_ends_a_field() -> None:
    field = "Content-Disposition: attachment; filename*=utf-8''a%0D%0AX-Bad:%20%22%5C.exe"
    done = sanitized(_named(field))
    assert b"\nX-Bad" not in done
    assert MARKED in done


def test_a_name_in_a_digest_is_found() -> None:
    content = head("digest", 'Content-Type: multipart/digest; boundary="=_a"') + (
        b"\n" + multipart([b"\n" + VIRUSES["plain"]().replace(b"=_a", b"=_b")])
    )
    assert MARKED in sanitized(content)


def test_a_uuencoded_file_gets_another_name() -> None:
    content = head("old") + b"\nbegin 644 a.exe\n#86)C\n`\nend\nbegin 644 a.txt\n"
    done = sanitized(content)
    assert b"\nbegin 644 a.exe.defanged\n" in done
    assert b"\nbegin 644 a.txt\n" in done


def test_an_overlong_field_is_cut_between_its_lines() -> None:
    rules = message.Rules(frozenset(), field_bytes=100)
    content = b"Cc: a,\n" + b" b,\n" * 50 + b"Subject: kept\n\nwords\n"
    done = sanitized(content, rules)
    assert done.startswith(b"Cc: a,\n b,\n")
    assert done.endswith(b" b,\nSubject: kept\nX-Postern-Sanitized: overlong header\n\nwords\n")
    assert len(done) < 200


def test_an_overlong_line_is_cut() -> None:
    rules = message.Rules(frozenset(), field_bytes=100)
    done = sanitized(b"Subject: " + b"x" * 500 + b"\n\nwords\n", rules)
    assert done == (b"Subject: " + b"x" * 91 + b"\nX-Postern-Sanitized: overlong header\n\nwords\n")


def test_a_header_without_end_is_cut() -> None:
    done = started(b"Subject: " + b"x" * (3 << 20) + b"\nTo: a\n\nwords\n")
    assert done.returncode == 0
    assert len(done.stdout) < 40_000
    assert done.stdout.endswith(b"\nX-Postern-Sanitized: overlong header\n\nwords\n")


def test_parts_without_end_in_parts_wait_for_somebody_who_looks() -> None:
    content = head("deep")[:-1]
    for level in range(200):
        content += f"\nContent-Type: multipart/mixed; boundary=b{level}\n\n--b{level}".encode()
    done = started(content + b"\n\nwords\n")
    assert done.returncode == 75
    assert b"the message waits" in done.stderr


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_the_program_passes_clean_mail_byte_for_byte(name: str) -> None:
    content = CLEAN[name]()
    done = started(content, "--endings=exe,com")
    assert (done.returncode, done.stdout, done.stderr) == (0, content, b"")


def test_the_program_reads_its_rules() -> None:
    content = mixed("x", attachment("a.exe", b"words"), part("text/html", b"<script>x</script>\n"))
    assert started(content, "--endings=", "--keep-html").stdout == content
    assert started(content, "--endings=EXE", "--keep-html").stdout != content
    assert b"<script" not in started(content, "--endings=").stdout


def test_the_program_holds_large_mail_in_part_only() -> None:
    content = mixed("large", attachment("a.dat", b"x" * (40 << 20)))
    done = started(content)
    assert (done.returncode, done.stdout == content) == (0, True)


def test_the_program_says_that_mail_waits_when_nobody_reads_it() -> None:
    assert started(b"words", "--nonsense").returncode != 0
