"""Behaviour of Courier's model: what is told apart, and all that is refused, at once."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._courier.model import parse_courier
from ansible_collections.postern.mail.tests.unit.courier_samples import arguments, courier


def test_behind_tls_it_waits_on_the_backend_and_in_clear_text_everywhere() -> None:
    found = courier()
    assert found.imap["PORT"] == "192.0.2.10.943,143"
    assert (found.imap["MAXDAEMONS"], found.imap["MAXPERIP"]) == ("200", "50")
    assert found.serves("imap")
    assert not found.serves("pop3")


def test_values_become_the_words_of_a_shell_and_null_takes_one_away() -> None:
    found = courier()
    assert found.imap["IMAP_ACL"] == "1"
    assert "IMAP_EMPTYTRASH" not in found.imap
    assert found.pop3["POP3AUTH"] == "PLAIN LOGIN"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"imap_settings": {"IMAP_ALC": 1}},
            'imap_settings.IMAP_ALC: Courier has no such setting; did you mean "IMAP_ACL"?',
        ),
        ({"imap_settings": {"PORT": 1}}, "imap_settings.PORT: is not to be said here"),
        ({"pop3_settings": {"LOGGEROPTS": "$(x)"}}, "pop3_settings.LOGGEROPTS: '$(x)' can't stand"),
        ({"pop3_settings": {"LOGGEROPTS": "a\nb"}}, "can't stand between quotes"),
        ({"authdaemon_settings": {"daemon": 1}}, 'did you mean "daemons"?'),
        ({"folder": "/srv/../etc"}, 'folder: "/srv/../etc" is no place for mail'),
        ({"folder": "mail"}, 'folder: "mail" is no place for mail'),
        ({"owner": "root"}, 'owner: "root" can\'t own mail'),
        ({"owner_id": 0}, "owner: "),
        ({"special_folders": ["a.b"]}, 'special_folders[0]: "a.b" is no name of a folder'),
        ({"special_folders": ["../x"]}, "is no name of a folder"),
        ({"max_connections": 0}, "max_connections: 0 lets nobody in"),
        ({"connections_per_address": -1}, "connections_per_address: -1 lets nobody in"),
        ({"mailboxes": [{"name": "alice"}]}, 'mailboxes[0].name: "alice" is no name of a mailbox'),
        ({"removed": [{"name": "x/../y@example.org"}]}, "removed[0].name: "),
        ({"shared_folders": [{"name": "a.b"}]}, 'shared_folders[0].name: "a.b" is no name'),
    ],
)
def test_what_can_not_be_is_refused_with_its_place(changes: dict[str, object], said: str) -> None:
    _courier, problems = parse_courier(arguments(**changes))
    assert said in "\n".join(str(problem) for problem in problems)


def test_the_sample_is_sound() -> None:
    assert parse_courier(arguments())[1] == []
