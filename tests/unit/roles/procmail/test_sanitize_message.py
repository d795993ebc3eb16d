"""Messages on their way into a mailbox: clean ones pass as they are, dangerous names change."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import email
import hashlib
import re

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
LINE = st.binary(max_size=60).map(lambda line: re.sub(rb"[\r\n]", b"", line))
PIECES = st.sampled_from(
    [
        *(
            b"",
            b"--a",
            b"--a--",
            b"--b",
            b"--ab",
            b"-- ",
            b" folded",
            b" ",
            b"Subject: x",
            b"words",
        ),
        *(b"From a@b Thu", b"begin 644 a.exe", b"<p>", b"<script>", b"\r", b"MIME-Version: 1.0"),
        b"Content-Type: multipart/mixed; boundary=a",
        b"Content-Type: multipart/digest; boundary=b",
        b"Content-Type: multipart/mixed",
        b"Content-Type: message/rfc822",
        b"Content-Type: text/html",
        b"Content-Type: text/plain; charset=utf-8",
        b"Content-Type: text/plain; charset=utf-8 (words)",
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: quoted-printable",
        b'Content-Disposition: attachment; filename="a.exe"',
        b"Content-Disposition: attachment; filename=a b",
    ]
)
MAIL = st.lists(st.one_of(LINE, PIECES), max_size=40).map(b"\n".join)
WORDS = st.binary(max_size=80).map(
    lambda line: re.sub(rb"[\r\n]|\A-+|\Abegin", b"", line, flags=re.IGNORECASE)
)
BODY = st.lists(WORDS, max_size=6).map(lambda lines: b"".join(line + b"\n" for line in lines))
FIELDS = st.lists(st.text("abz-", min_size=1, max_size=8), max_size=3).map(
    lambda names: "".join(f"X-{name}: words\n  more\n" for name in names).encode()
)
NAME = st.text("abc .,_()äßПж", max_size=12).map(lambda name: f"a{name}.pdf")


def _leaf(given: tuple[bytes, bytes, str]) -> bytes:
    fields, body, name = given
    kind = f'Content-Type: application/pdf; name="{name}"\n'
    return fields + kind.encode() + b"\n" + body


def _parts(parts: list[bytes]) -> bytes:
    boundary = hashlib.sha256(b"".join(parts)).hexdigest()[:20]
    kind = f"Content-Type: multipart/mixed; boundary={boundary}\n\n"
    return kind.encode() + multipart(parts, boundary)


CLEAN_PARTS = st.recursive(
    st.tuples(FIELDS, BODY, NAME).map(_leaf),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(_parts)
        | inner.map(lambda message: b"Content-Type: message/rfc822\n\n" + message)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_clean_mail_passes_byte_for_byte(name: str) -> None:
    content = CLEAN[name]()
    assert sanitized(content) == content
    assert sanitized(on_the_wire(content)) == on_the_wire(content)
    in_mbox = b"From carol@outside.example Thu Jan  1 12:00:00 2026\n" + labelled(content, "x")
    assert sanitized(in_mbox) == in_mbox


@given(CLEAN_PARTS)
def test_no_clean_mail_loses_a_byte(content: bytes) -> None:
    assert sanitized(content) == content
    assert sanitized(on_the_wire(content)) == on_the_wire(content)


@given(MAIL)
def test_no_mail_breaks_it_and_what_was_sanitized_stays_as_it_is(content: bytes) -> None:
    once = sanitized(content)
    assert sanitized(once) == once


def test_a_dangerous_file_in_a_page_that_becomes_text_gets_another_ending() -> None:
    page = (
        b"Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n~~\nbegin 644 a.exe\n~~\n"
    )
    done = sanitized(page)
    assert b"HTML shown as text" in done
    assert done.endswith(b"\n~~\nbegin 644 a.exe.defanged\n~~\n")


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
        'Content-Disposition: attachment; filename="a.pdf"; filename="a.exe"',
        'Content-Disposition: attachment; filename="a.e\\xe"',
        "Content-Disposition: attachment; filename=my a.exe",
        "Content-Disposition: attachment; filename=(.pdf)a.exe",
        "Content-Disposition: attachment; filename*=x-nobody''a.pdf",
        "Content-Disposition: attachment; filename*=utf-8''a%FF.pdf",
        'Content-Disposition: attachment; filename*0="a.e"; filename*2="xe"',
        'Content-Disposition: attachment; filename="=?utf-8?B?YS5l*eGU=?="',
        'Content-Disposition: attachment; filename="=?utf-8?B?YS5leGU=?=.pdf?="',
        'Content-Disposition: attachment; filename="a.exe\u200b"',
        'Content-Disposition: attachment; filename="a.\uff45\uff58\uff45"',
        'Content-Disposition: attachment; filename="a.exe/."',
        "Content-Type: application/x-msdownload\nContent-Disposition: attachment",
    ],
)
def test_a_dangerous_name_is_found_however_it_is_written(field: str) -> None:
    done = sanitized(_named(field, "Content-Transfer-Encoding: base64"))
    (one,) = [one for one in email.message_from_bytes(done).walk() if one.get_filename()]
    assert one["X-Postern-Sanitized"] in ("dangerous attachment name", "unclear MIME shown as text")
    assert str(one.get_filename()).endswith((".defanged", ".txt"))
    assert one.get_content_type() in ("application/octet-stream", "text/plain")
    assert one.get_payload(decode=True) == b"words"
    assert sanitized(done) == done


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


def test_parts_in_parts_without_end_are_shown_as_text() -> None:
    content = head("deep")[:-1]
    for level in range(200):
        content += f"\nContent-Type: multipart/mixed; boundary=b{level}\n\n--b{level}".encode()
    done = started(content + b"\n\nwords\n")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"Content-Type: multipart/mixed; boundary=b99\n") == 1
    assert done.stdout.count(b"X-Postern-Sanitized: unclear MIME shown as text\n") == 1


def test_many_multiparts_take_no_time() -> None:
    one = "--a\nContent-Type: multipart/mixed; boundary=b{0}\n\n--b{0}\n\nx\n--b{0}--\n"
    content = head("many", "Content-Type: multipart/mixed; boundary=a") + b"\n"
    content += "".join(one.format(number) for number in range(50_000)).encode()
    done = started(content)
    assert (done.returncode, done.stderr) == (0, b"")


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


EVIL = b"Content-Type: text/html\n\n<script>alert(1)</script>\n"


@pytest.mark.parametrize(
    "fields",
    [
        "Content-Type: text/html (comment)",
        "Content-Type: (comment) text/html",
        "Content-Type: text/(comment)html",
        "Content-Type: text/html charset=utf-8",
        "Content-Type: text/html, x/y",
        "Content-Type: text/plain\nContent-Type: text/html",
        "Content-Type: text/html\nContent-Type: text/plain",
        "Content-Type : text/html",
        "Content-Type: text/html; charset=utf-8; charset=utf-7",
        "Content-Type: text/html; charset*=utf-8''utf-7",
        "Content-Type: text/html; charset=utf-7",
        "Content-Type: text/html\nContent-Transfer-Encoding: x-uuencode",
        "Content-Type: text/html\nContent-Transfer-Encoding: base64 (no)",
        "Content-Type: text/html\nContent-Transfer-Encoding: 8bit\nContent-Transfer-Encoding: 7bit",
        "Content-Type: message/partial; id=a; number=1",
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64",
        "Content-Type: multipart/mixed; boundary=a\nContent-Transfer-Encoding: base64",
        'Content-Type: multipart/mixed; boundary="\u00e4"',
        'Content-Type: multipart/mixed; boundary="a\\b"',
        "Content-Type: multipart/mixed; boundary*0=a; boundary*1=b",
        "Content-Type: multipart/mixed; boundary=a; boundary=b",
    ],
)
def test_what_can_be_read_in_two_ways_is_shown_as_text(fields: str) -> None:
    done = sanitized(head("unclear") + fields.encode() + b"\n\n" + EVIL)
    read = email.message_from_bytes(done)
    assert read.get_content_type() == "text/plain"
    assert len(read.get_all("Content-Type", [])) == 1
    assert read["X-Postern-Sanitized"] in ("unclear MIME shown as text", "HTML shown as text")
    assert done.endswith(b"\n\n" + EVIL)
    assert sanitized(done) == done


def _around(between: bytes) -> bytes:
    kind = b"Content-Type: multipart/mixed; boundary=a\n\n--a\n\nwords\n"
    return head("around") + kind + between + EVIL + b"--a--\n"


@pytest.mark.parametrize(
    "between",
    [b"--a\n", b"--a \t\n", b"\r--a\r", b"--ab\n", b"--a\x0b\n", b"--a--\n--a\n", b"--a -\n"],
)
def test_what_some_take_for_a_delimiter_is_one_or_none(between: bytes) -> None:
    done = sanitized(_around(between))
    assert b"\n--a\nContent-Type: text/html\n\n<script" not in done
    for line in done.split(b"\n"):
        assert not line.startswith(b"--a") or line in (b"--a", b"--a--")
    after_the_end = done.partition(b"\n--a--\n")[2]
    assert b"\n--a\n" not in after_the_end


def test_a_line_that_is_overlong_hides_no_delimiter() -> None:
    page = (
        b"<p>" + b"x" * ((1 << 20) - 3) + b"--a\nContent-Type: text/plain\n\n<script>x</script>\n"
    )
    content = head("long", "Content-Type: multipart/mixed; boundary=a") + b"\n"
    done = started(content + b"--a\nContent-Type: text/html\n\n" + page + b"--a--\n").stdout
    assert b"<script" not in done


def test_a_page_that_changes_gets_no_delimiter() -> None:
    page = b"<p>x</p>\n<script></script>--a\nContent-Type: text/html\n\n<p>y</p>\n"
    content = head("new", "Content-Type: multipart/mixed; boundary=a") + b"\n"
    done = sanitized(content + b"--a\nContent-Type: text/html\n\n" + page + b"--a--\n")
    assert b"\n --a\n" in done


def test_a_header_ends_where_some_see_its_end() -> None:
    done = sanitized(b"Subject: x\nno field\nContent-Type: text/html\n\n<script>x</script>\n")
    assert done.startswith(b"Subject: x\nX-Postern-Sanitized: malformed header\n\nno field\n")
    assert sanitized(done) == done


def test_a_blank_line_in_a_header_goes() -> None:
    done = sanitized(b"Subject: x\n \nContent-Type: text/html\n\n<p>x</p>\n")
    assert done.startswith(b"Subject: x\nContent-Type: text/html\nX-Postern-Sanitized: malformed")


def test_no_boundary_can_be_guessed() -> None:
    content = head("guess", "Content-Type: multipart/mixed") + b"\n--a\n" + EVIL + b"--a--\n"
    assert b"\n --a\nContent-Type: text/html" in sanitized(content)
