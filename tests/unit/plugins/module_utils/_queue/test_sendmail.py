"""Control files become envelopes and headers; commands say whose queue it is."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._queue import sendmail
from ansible_collections.postern.mail.plugins.module_utils._queue.model import Message
from hypothesis import given
from hypothesis import strategies as st

# Seen of Sendmail 8.18.
CONTROL = b"""V8
T1795421102
K1795421102
N1
P90077
MDeferred: Connection refused by [127.0.0.1]
Fbs
$_root@localhost
${daemon_flags}c u
Sa@example.org
Aa@example.org
C:x@example.com
rRFC822; x@example.com
RPFD:x@example.com
rRFC822; y@example.net
RPFD:<y@example.net>
H?P?Return-Path: <\x81g>
H??Received: (from root@localhost)
\tby desk.example.org (8.18.1/8.18.1/Submit) id 6AN852Pr001212;
\tMon, 23 Nov 2026 08:05:02 GMT
H?D?Date: Mon, 23 Nov 2026 08:05:02 GMT
H??Subject: t1
H??X-Long: aaa
  bbb
.
"""
HEADERS = b"""Received: (from root@localhost)
\tby desk.example.org (8.18.1/8.18.1/Submit) id 6AN852Pr001212;
\tMon, 23 Nov 2026 08:05:02 GMT
Date: Mon, 23 Nov 2026 08:05:02 GMT
Subject: t1
X-Long: aaa
  bbb
"""


def test_envelope_and_headers_are_read() -> None:
    found = sendmail.parse(CONTROL)
    assert found is not None
    assert found.sender == "a@example.org"
    assert found.recipients == ("x@example.com", "y@example.net")
    assert found.arrived == 1795421102
    assert found.reason == "Deferred: Connection refused by [127.0.0.1]"
    assert found.headers == HEADERS


def test_the_null_sender_is_empty() -> None:
    found = sendmail.parse(CONTROL.replace(b"Sa@example.org", b"S<>"))
    assert found is not None
    assert found.sender == ""


def test_why_it_is_quarantined_comes_first() -> None:
    found = sendmail.parse(CONTROL.replace(b"V8\n", b"V8\nqheld by the administrator\n"))
    assert found is not None
    assert found.reason == "held by the administrator"


@pytest.mark.parametrize("part", [b"", CONTROL[:-2], b"V8\n.\n", b"V8\nSa@b\n.\n", b"\x00\xff"])
def test_what_is_not_whole_is_no_message(part: bytes) -> None:
    assert sendmail.parse(part) is None


@pytest.mark.parametrize(
    ("name", "state"), [("qf1", "waiting"), ("hf1", "held"), ("Qf1", "failed")]
)
def test_the_name_says_the_state(name: str, state: str) -> None:
    control = sendmail.parse(CONTROL)
    assert control is not None
    found = sendmail.message(name, "/var/spool/mqueue", control, 9)
    assert (found.id, found.state, found.size) == ("1", state, 9)


def test_other_files_of_a_queue_are_no_control_files() -> None:
    for name in ("df1", "xf1", "tf1", "qf", "qf1.bak", ".hoststat"):
        assert not sendmail.CONTROL.match(name)


def one_of(queue: str, name: str) -> Message:
    return Message("sendmail", name, queue, "waiting", "", ("x",), 1, 1)


MTA, MSP = "/var/spool/mqueue", "/var/spool/mqueue-client"


def test_each_queue_has_its_own_daemon_and_what_waits_to_be_handed_on_is_first() -> None:
    given = [one_of(MTA, "6A"), one_of(MSP, "6B"), one_of(MTA, "6C")]
    first, second = sendmail.commands("flush", given)
    assert (first[1], *first[-1:]) == ("-Ac", "-qI6B")
    assert (second[1], *second[-2:]) == ("-Am", "-qI6A", "-qI6C")


def test_ten_thousand_messages_are_few_calls() -> None:
    given = [one_of(MTA, f"6A{number}") for number in range(10_000)]
    calls = list(sendmail.commands("hold", given))
    assert len(calls) == 10
    assert [word for call in calls for word in call if word.startswith("-qI")] == [
        f"-qI{one.id}" for one in given
    ]


def test_a_release_gives_no_reason_and_looks_at_what_is_held() -> None:
    (call,) = sendmail.commands("release", [one_of(MTA, "6A")])
    assert call[-3:] == ("-qQ", "-Q", "-qI6A")


def test_what_waits_to_be_handed_on_is_tried_first() -> None:
    first, second = sendmail.flush(["/var/spool/mqueue", "/var/spool/mqueue-client"])
    assert (first[1], second[1]) == ("-Ac", "-Am")


LINES = st.lists(
    st.binary(min_size=1, max_size=30).filter(lambda raw: b"\n" not in raw and raw != b"."),
    max_size=5,
)


@given(LINES)
def test_any_header_survives(lines: list[bytes]) -> None:
    headers = b"".join(b"H??X: " + line + b"\n" for line in lines)
    found = sendmail.parse(b"V8\nSa@b\nRPFD:c@d\n" + headers + b".\n")
    assert found is not None
    assert found.headers == headers.replace(b"H??", b"")


@given(st.binary(max_size=200))
def test_no_file_makes_it_stumble(content: bytes) -> None:
    found = sendmail.parse(b"Sx\nRPFD:y\n" + content)
    assert found is None or found.recipients
