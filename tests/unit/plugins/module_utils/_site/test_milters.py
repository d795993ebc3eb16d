"""Milters of one's own: what is wrong with them is said at once, and their order is kept."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.milters import (
    Milter,
    milter_parameters,
    read_milters,
)
from ansible_collections.postern.mail.plugins.module_utils._site.reader import Reader


def read(*raw: dict[str, Any]) -> tuple[list[Milter], list[str]]:
    reader = Reader()
    found = list(read_milters(reader, raw))
    return found, [str(problem) for problem in reader.problems]


@pytest.mark.parametrize(
    "socket",
    ["inet:127.0.0.1:8891", "inet:[::1]:8891", "inet:dkim.example.org:8891", "unix:run/dkim"],
)
def test_sockets_are_written_as_postfix_writes_them(socket: str) -> None:
    assert read({"socket": socket}) == ([Milter(socket)], [])


@pytest.mark.parametrize(
    "socket", ["/run/dkim", "127.0.0.1:8891", "inet:8891@localhost", "unix:a, unix:b", "unix:a }"]
)
def test_what_is_no_socket_is_told_with_its_place(socket: str) -> None:
    hint = "write it like unix:run/dkim/milter or inet:127.0.0.1:8891"
    said = f'postfix_milters[1].socket: "{socket}" is no socket; {hint}'
    assert read({"socket": "unix:one"}, {"socket": socket})[1] == [said]


def test_all_that_is_wrong_is_said_at_once() -> None:
    first = {"socket": "unix:a", "mail": ["smtp"], "default_action": "pass"}
    assert read(first, {"socket": "unix:a"})[1] == [
        'postfix_milters[0].mail: "smtp" is no kind of mail; one of: smtpd, non_smtpd',
        'postfix_milters[0].default_action: "pass" is no default action;'
        " one of: accept, quarantine, reject, tempfail",
        'postfix_milters[1].socket: "unix:a" is declared twice; first at postfix_milters[0]',
    ]


def test_each_kind_of_mail_has_those_that_are_for_it_and_what_searches_comes_last() -> None:
    given = (
        Milter("unix:/var/spool/postfix/run/a", ("smtpd",), "accept"),
        Milter("unix:b", ("non_smtpd",)),
    )
    assert milter_parameters(given, "unix:search") == {
        "smtpd_milters": "{ unix:run/a, default_action=accept }, unix:search",
        "non_smtpd_milters": "unix:b, unix:search",
    }
    assert milter_parameters(given[:1]) == {
        "smtpd_milters": "{ unix:run/a, default_action=accept }"
    }
    assert milter_parameters(()) == {}
