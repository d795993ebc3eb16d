"""What servers say is judged as an administrator would."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe import judge


@pytest.mark.parametrize(
    "text",
    [
        "220 mail.example.org ESMTP",
        "220 mail.example.org ESMTP Postfix",
        "* OK [CAPABILITY IMAP4rev1 LITERAL+ ID ENABLE STARTTLS] mail.example.org server ready",
        "+OK server ready <1896.697170952@mail.example.org>",
        "+OK mail-2.example.org POP3 ready",
        "220 debian.example.org ESMTP",
        "* OK mail1.linux.example.org ready",
    ],
)
def test_a_modest_greeting_is_kept(text: str) -> None:
    assert judge.banner(text).kept


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("220 mail.example.org ESMTP Postfix (Debian/GNU)", "debian"),
        ("220 mail.example.org ESMTP Exim 4.96 Mon, 23 Nov 2026", "4.96"),
        ("220 mail.example.org ESMTP Sendmail 8.17.1/8.17.1; now", "8.17.1"),
        ("* OK [CAPABILITY IMAP4rev1] mail.example.org Cyrus IMAP 3.6.1-Debian-3.6.1-4", "3.6.1"),
        ("* OK [CAPABILITY IMAP4rev1] Dovecot (Ubuntu) ready.", "ubuntu"),
        ("+OK Qpopper v4 ready", "v4"),
        ("220 Microsoft ESMTP MAIL Service ready", "microsoft"),
    ],
)
def test_a_greeting_with_version_or_system_is_broken(text: str, told: str) -> None:
    verdict = judge.banner(text)
    assert not verdict.kept
    assert told in verdict.detail


@pytest.mark.parametrize(
    ("code", "state"), [(550, "kept"), (554, "kept"), (450, "broken"), (250, "broken")]
)
def test_only_a_permanent_refusal_is_one(code: int, state: str) -> None:
    assert judge.refusal(code, "text").state == state


def test_an_acceptance_is_2xx() -> None:
    assert judge.acceptance(250, "ok").kept
    assert not judge.acceptance(451, "later").kept


@pytest.mark.parametrize(
    ("offered", "code", "state"),
    [
        ([], 530, "kept"),
        ([], 538, "kept"),
        ([], 503, "kept"),
        ([], 502, "kept"),
        (["PLAIN"], 530, "broken"),
        ([], 235, "broken"),
        ([], 334, "broken"),
        ([], 535, "broken"),
        ([], 421, "broken"),
    ],
)
def test_auth_without_tls_must_be_neither_offered_nor_listened_to(
    offered: list[str], code: int, state: str
) -> None:
    assert judge.plain_auth(offered, code, "text").state == state


@pytest.mark.parametrize(
    ("capabilities", "reply", "state"),
    [
        (["IMAP4REV1", "LOGINDISABLED"], "Login only available under a layer", "kept"),
        (["IMAP4REV1"], "[PRIVACYREQUIRED] no", "kept"),
        ([], "-ERR [AUTH] Plaintext authentication disallowed", "kept"),
        ([], "-ERR Unrecognized command", "kept"),
        ([], "-ERR [AUTH] Invalid login", "broken"),
        (["IMAP4REV1"], "[AUTHENTICATIONFAILED] Authentication failed", "broken"),
        (["LOGINDISABLED"], "OK Welcome", "broken"),
        ([], "+OK", "broken"),
    ],
)
def test_a_login_without_tls_must_not_be_listened_to(
    capabilities: list[str], reply: str, state: str
) -> None:
    assert judge.plain_login(capabilities, reply).state == state


@pytest.mark.parametrize(
    ("known", "unknown", "state"),
    [
        ((502, "no"), (502, "no"), "kept"),
        ((252, "perhaps"), (252, "perhaps"), "kept"),
        ((252, "perhaps"), (550, "unknown"), "broken"),
        ((250, "alice"), (550, "unknown"), "broken"),
        ((250, "yes"), (250, "yes"), "broken"),
    ],
)
def test_vrfy_must_not_tell_people_apart(
    known: tuple[int, str], unknown: tuple[int, str], state: str
) -> None:
    assert judge.verification("VRFY", known, unknown).state == state
