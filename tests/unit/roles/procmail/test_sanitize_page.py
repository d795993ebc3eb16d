"""Pages in mail: what runs, loads by itself or sends is gone; everything else is as it was."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import email
import quopri

import pytest
from ansible_collections.postern.mail.tests.unit.sanitizers import page, sanitized
from dialogues.messages import head, in_base64
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
    message = email.message_from_bytes(done)
    assert message["X-Postern-Sanitized"] == "active HTML removed"
    words = message.get_payload(decode=True)
    assert isinstance(words, bytes)
    assert words.split() == "<p>Grüße</p>".encode().split()
    assert sanitized(done) == done


@pytest.mark.parametrize(
    ("charset", "body", "coding"),
    [
        ("utf-7", b"+ADw-script+AD4-alert(1)\n", "7bit"),
        ("utf-16", b"words\n", "8bit"),
        ("utf-8", b"PHNjcmlwdD4\n", "base64"),
        ("utf-8", b"<p>x</p>\n" * (1 << 19), "8bit"),
    ],
)
def test_a_page_that_can_not_be_read_is_shown_as_text(
    charset: str, body: bytes, coding: str
) -> None:
    more = f"Content-Transfer-Encoding: {coding}"
    done = sanitized(_letter(body, more, charset=charset))
    message = email.message_from_bytes(done)
    assert message.get_content_type() == "text/plain"
    assert message["X-Postern-Sanitized"] == "HTML shown as text"
    assert done.endswith(b"\n\n" + body)
