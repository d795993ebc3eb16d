"""Pages in mail: what runs, loads by itself or sends is gone; everything else is as it was."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import email
import quopri
import time

import pytest
from ansible_collections.postern.mail.tests.unit.sanitizers import message, page, sanitized
from dialogues.messages import head, in_base64, mixed, part
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "inert",
    [
        b"<p>Good morning</p>",
        b'<!DOCTYPE html><html><head><style>p {color: red}</style></head><body bgcolor="#fff">',
        b'<a href="https://example.org/?a=1&amp;b=2">there</a><img src="cid:a">',
        b"<!--[if mso]><table><tr><td><![endif]-->words<!--[if mso]></td></tr></table><![endif]-->",
        b"3 < 4 && 5 > 4, online=yes",
        b"<p>unclosed <b>and <i>crossed</b></i>",
        "<p>Grüße</p>".encode(),
        b'<img src="data:image/png;base64,AAAA">',
        b'<meta http-equiv="Content-Type" content="text/html; charset=utf-8">',
        b"<![if !mso]><p>x</p><![endif]><!--[if !mso]><!--><p>x</p><!--<![endif]-->",
        b"<style><!-- p {color: red} --></style><br/><img src=cid:a alt='x' width=1 />",
        b"<!-- ---- a comment ---- --><p>x</p>",
        b"",
    ],
)
def test_a_page_that_does_nothing_stays_as_it_is(inert: bytes) -> None:
    assert page.inactive(inert) is None


@pytest.mark.parametrize(
    "active",
    [
        b"<script>alert(1)</script>",
        b"<SCRIPT SRC=//a.example/x.js></SCRIPT>",
        b"<script>alert(1)",
        b"<scr\x00ipt>alert(1)</script><script>alert(1)</script>",
        b"<img src=x onerror=alert(1)>",
        b"<img/src=x/onerror=alert(1)>",
        b'<body onload="alert(1)">',
        b'<a href="javascript:alert(1)">x</a>',
        b'<a href="  java\tscr\nipt:alert(1)">x</a>',
        b'<a href="&#106;avascript:alert(1)">x</a>',
        b'<a href="&#x6A&#x61vascript&colon;alert(1)">x</a>',
        b'<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
        b'<a href="vbscript:x">x</a>',
        b"<iframe src=//a.example></iframe>",
        b'<iframe srcdoc="&lt;script&gt;alert(1)"></iframe>',
        b"<object data=x></object>",
        b"<embed src=x>",
        b"<applet code=x></applet>",
        b"<form action=//a.example><input name=password></form>",
        b'<meta http-equiv="refresh" content="0;url=//a.example">',
        b"<base href=//a.example>",
        b"<svg onload=alert(1)>",
        b"<svg><script>alert(1)</script></svg>",
        b"<math><mtext><img src=x onerror=alert(1)></mtext></math>",
        b'<p style="width: expression(alert(1))">x</p>',
        b'<p style="width: ex/**/pression(alert(1))">x</p>',
        b'<p style="behavior: url(x)">x</p>',
        b"<style>@import url(//a.example)</style>",
        b"<style>p {width: \\65xpression(alert(1))}</style>",
        b"<!--[if IE]><script>alert(1)</script><![endif]-->",
        b"<!--><img src=x onerror=alert(1)>-->",
        b'<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
        b"<img src=x onerror=alert(1)//",
        b"<![CDATA[ x><img src=x onerror=alert(1)> ]]>",
        b"<![CDATA[<script>alert(1)</script>]]>",
        b"<style></style/><img src=x onerror=alert(1)></style>",
        b"<style></style x><img src=x onerror=alert(1)></style>",
        b'<!--[if IE]><a href="java&#115;cript:alert(1)">x</a><![endif]-->',
        b"<!--[if IE]><p style='width: e&#120;pression(1)'>x</p><![endif]-->",
        b'<!-- --!><a href="java&#115;cript:alert(1)">x</a> -->',
        b"<!-- -- ><p title='-->'><a href='java&#115;cript:alert(1)'>x</a>",
        b'<xmp><p title="</xmp><a href=java&#115;cript:alert(1)>x</a>"></xmp>',
        b'<a x=">" title="y" <img src=x>',
        b'<p title=\'a"b\' ="><i>x</i>">',
        b'</p x="><b>y</b>">',
        b'<a href="data:image/svg+xml,x">x</a>',
        b'<a href="data:,x">x</a>',
        b'<meta charset="utf-7">+ADw-script+AD4-',
        b'<meta http-equiv="Content-Type" content="text/html; charset=iso-2022-jp">',
        b'<link rel=stylesheet href="https://a.example/x.css">',
        b"<?x <script>alert(1)</script> ?>",
    ],
)
def test_what_is_active_is_gone(active: bytes) -> None:
    clean = page.inactive(b"<p>before</p>" + active)
    assert clean is not None
    assert clean.startswith(b"<p>before</p>")
    assert page.inactive(clean) is None
    lowered = clean.lower()
    for word in (b"<script", b'onerror="', b'href="java', b"<iframe", b"<form", b"<svg"):
        assert word not in lowered
    assert b"<img src=x onerror" not in lowered


@given(st.binary(max_size=200))
def test_no_page_breaks_it(content: bytes) -> None:
    clean = sanitized(_letter(content))
    assert sanitized(clean) == clean


@pytest.mark.parametrize(
    "slow", [b"<a ", b"<!", b"<![if ", b"</a ", b"&", b"<a b=", b"<style>", b"<a\n"]
)
def test_a_page_that_is_made_to_be_slow_is_shown_as_text(
    slow: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message, "PAGE_SECONDS", 1)
    whole = _letter(slow * (1_000_000 // len(slow)))
    parts = 5 * [part("text/html", whole)]
    began = time.process_time()
    sanitized(mixed("slow", *parts))
    assert time.process_time() - began < 10


def test_a_page_without_budget_is_shown_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message, "PAGE_SECONDS", 0)
    done = sanitized(_letter(b"<p>x</p>\n"))
    assert b"\nContent-Type: text/plain; charset=utf-8\n" in done
    assert b"\nX-Postern-Sanitized: HTML shown as text\n" in done


def test_a_page_with_a_name_is_no_page_any_more() -> None:
    fields = 'Content-Disposition: attachment; filename="a.html"'
    done = sanitized(_letter(b"+ADw-script+AD4-\n", fields, charset="utf-7"))
    read = email.message_from_bytes(done)
    assert (read.get_content_type(), read.get_filename()) == ("text/plain", "a.html.txt")


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/plain"])
def test_what_has_the_name_of_a_page_is_one(kind: str) -> None:
    named = part(kind, b"<script>x</script>\n", 'Content-Disposition: attachment; filename="a.htm"')
    assert b"<script" not in sanitized(mixed("named", named))


@given(st.text(alphabet="<>/\"'=!-&;: abonscriptfmle\n", max_size=80))
def test_what_was_written_anew_is_inactive(words: str) -> None:
    clean = page.inactive(words.encode())
    if clean is not None:
        assert page.inactive(clean) in (None, clean)


def test_other_words_keep_their_bytes() -> None:
    clean = page.inactive(
        "<p title='ü &eacute;'>Grüße &amp; &nbsp;x</p><script>x</script>".encode()
    )
    assert clean == '<p title="ü &#233;">Grüße &amp; &nbsp;x</p>'.encode()


def _letter(body: bytes, *more: str, charset: str = "utf-8") -> bytes:
    return head("page", f"Content-Type: text/html; charset={charset}", *more) + b"\n" + body


@pytest.mark.parametrize(
    ("coding", "encode"), [("base64", in_base64), ("quoted-printable", quopri.encodestring)]
)
def test_a_page_is_read_as_it_was_encoded(coding: str, encode: object) -> None:
    assert callable(encode)
    body = encode("<p>Grüße</p>\n<script>alert(1)</script>\n".encode())
    done = sanitized(_letter(body, f"Content-Transfer-Encoding: {coding}"))
    read = email.message_from_bytes(done)
    assert read["X-Postern-Sanitized"] == "active HTML removed"
    words = read.get_payload(decode=True)
    assert isinstance(words, bytes)
    assert words.split() == "<p>Grüße</p>".encode().split()
    assert sanitized(done) == done


@pytest.mark.parametrize(
    ("charset", "body", "coding"),
    [
        ("utf-7", b"+ADw-script+AD4-alert(1)\n", "7bit"),
        ("utf-16", b"words\n", "8bit"),
        ("utf-8", b"PHNjcmlwdD4\n", "base64"),
        ("utf-8", b"PHA+eDwvcD4=\nPHNjcmlwdD4=\n", "base64"),
        ("utf-8", b"PHA+eDwvcD4K\nfooter: *\n", "base64"),
        ("utf-8", b"<p>=3cscript=3</p>\n", "quoted-printable"),
        ("utf-8", b"<p>x</p>\n" * (1 << 19), "8bit"),
    ],
)
def test_a_page_that_can_not_be_read_is_shown_as_text(
    charset: str, body: bytes, coding: str
) -> None:
    more = f"Content-Transfer-Encoding: {coding}"
    done = sanitized(_letter(body, more, charset=charset))
    read = email.message_from_bytes(done)
    assert read.get_content_type() == "text/plain"
    assert read["X-Postern-Sanitized"] == "HTML shown as text"
    assert done.endswith(b"\n\n" + body)
