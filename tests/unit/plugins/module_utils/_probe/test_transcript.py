"""Transcripts keep what was said and no secret."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64

from ansible_collections.postern.mail.plugins.module_utils._probe.transcript import (
    MASK,
    Transcript,
    mask,
)
from hypothesis import given
from hypothesis import strategies as st

PASSWORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=6, max_size=40)


@given(PASSWORDS)
def test_a_password_is_masked_plain_quoted_and_in_base64(password: str) -> None:
    words = Transcript([password])
    quoted = password.replace("\\", "\\\\").replace('"', '\\"')
    plain = base64.b64encode(f"\0alice\0{password}".encode()).decode()
    words.sent(f"A1 SOMETHING {password}".encode())
    words.sent(f'A1 SOMETHING "{quoted}"'.encode())
    words.sent(plain.encode())
    words.sent(base64.b64encode(password.encode()))
    words.received(f"535 not {password}\r\n".encode())
    text = "\n".join(words.lines)
    assert quoted not in text.replace(MASK, "")
    assert plain not in text


def test_what_follows_a_password_command_is_masked_even_when_unknown() -> None:
    words = Transcript()
    words.sent(b"AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n")
    words.sent(b'AAAA1 LOGIN alice "secret"\r\n')
    words.sent(b"PASS secret\r\n")
    assert words.lines == (
        f"> AUTH PLAIN {MASK}",
        f"> AAAA1 LOGIN alice {MASK}",
        f"> PASS {MASK}",
    )


def test_a_message_is_told_by_its_size_alone() -> None:
    words = Transcript()
    words.sent(b"Subject: x\r\n\r\nbody\r\n")
    assert words.lines == ("> (a message of 20 bytes)",)


def test_other_peoples_mail_is_not_written_down() -> None:
    words = Transcript()
    with words.quiet("look at the headers of 2 messages"):
        words.received(b"Subject: a private letter\r\n")
    words.received(b"+OK\r\n")
    assert words.lines == ("- look at the headers of 2 messages", "< +OK")


@given(st.binary(max_size=200))
def test_whatever_bytes_arrive_the_lines_can_be_printed(data: bytes) -> None:
    words = Transcript()
    words.received(data)
    words.sent(data)
    assert all(line.isprintable() for line in words.lines)


def test_ordinary_base64_looking_words_stay() -> None:
    assert mask("CAPABILITY IMAP4rev1 UIDPLUS", ["hunter22"]) == "CAPABILITY IMAP4rev1 UIDPLUS"
