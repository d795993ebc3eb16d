"""UNIX users: those that are missing are made, the system's are refused, no other is touched."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._popa3d import users as subject
from ansible_collections.postern.mail.plugins.module_utils._popa3d.model import Person
from ansible_collections.postern.mail.plugins.module_utils._popa3d.users import (
    NewUser,
    make_users,
    missing_users,
    user_problems,
)

KNOWN = {"root": (0, 0), "mail": (8, 8), "nobody": (65534, 65534), "alice": (1004, 1004)}


def people(*names: str) -> list[Person]:
    return [Person(f"{name}@example.org", name) for name in names]


def test_new_users_are_numbered_behind_those_that_are_there() -> None:
    assert missing_users(people("dave", "alice", "carol"), KNOWN) == (
        NewUser("carol", 1005),
        NewUser("dave", 1006),
    )
    assert missing_users(people("carol"), {}) == (NewUser("carol", 1000),)


def test_a_user_of_the_system_is_refused_and_a_person_is_not() -> None:
    found = [str(problem) for problem in user_problems(people("alice", "mail", "nobody"), KNOWN)]
    assert found == [
        'people[1].user: "mail" is a user of the system on this host, number 8;'
        " give the account another name",
        'people[2].user: "nobody" is a user of the system on this host, number 65534;'
        " give the account another name",
    ]


def test_a_user_has_neither_password_nor_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def run(argv: list[str]) -> Outcome:
        asked.append(argv)
        return Outcome(tuple(argv), 0, "", "")

    monkeypatch.setattr(subject, "run", run)
    make_users([NewUser("carol", 1005)])
    assert asked == [NewUser("carol", 1005).argv]
    assert asked[0][0] == "useradd"
    assert "--password" not in asked[0]
    assert asked[0][asked[0].index("--shell") + 1] == "/usr/sbin/nologin"


def test_useradds_own_words_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = Outcome(("useradd",), 9, "", "group carol exists\n")
    monkeypatch.setattr(subject, "run", lambda _argv: outcome)
    with pytest.raises(Refused, match="carol can't be made:\ngroup carol exists"):
        make_users([NewUser("carol", 1005)])
