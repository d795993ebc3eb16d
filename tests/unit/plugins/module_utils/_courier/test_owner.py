"""Behaviour of the owner of all mail: made once, and never another user's number."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import grp
import pwd
from types import SimpleNamespace

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._courier import owner
from ansible_collections.postern.mail.plugins.module_utils._courier.model import Tree

TREE = Tree("/srv/vmail", "vmail", 5000)


class System:
    """Users and groups, by name."""

    def __init__(self, **users: int) -> None:
        self.users, self.groups = users, dict(users)
        self.did: list[str] = []

    def user(self, key: str | int) -> SimpleNamespace:
        for name, number in self.users.items():
            if key in (name, number):
                return SimpleNamespace(pw_name=name, pw_uid=number)
        raise KeyError(key)

    def group(self, number: int) -> SimpleNamespace:
        for name, its in self.groups.items():
            if its == number:
                return SimpleNamespace(gr_name=name)
        raise KeyError(number)

    def into(self, monkeypatch: pytest.MonkeyPatch, rc: int = 0) -> System:
        monkeypatch.setattr(pwd, "getpwnam", self.user)
        monkeypatch.setattr(pwd, "getpwuid", self.user)
        monkeypatch.setattr(grp, "getgrgid", self.group)

        def run(argv: list[str]) -> Outcome:
            self.did.append(argv[0])
            return Outcome(tuple(argv), rc, "", "words")

        monkeypatch.setattr(owner, "run", run)
        return self


def test_a_new_host_gets_the_group_and_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    system = System().into(monkeypatch)
    assert list(owner.owner_problems(TREE)) == []
    assert not owner.owner_exists(TREE)
    owner.make_owner(TREE)
    assert system.did == ["groupadd", "useradd"]
    assert "vmail: 5000" in owner.owner_diff(TREE)["after"]


def test_where_it_is_nothing_is_to_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    System(vmail=5000).into(monkeypatch)
    assert owner.owner_exists(TREE)
    assert list(owner.owner_problems(TREE)) == []


@pytest.mark.parametrize("users", [{"vmail": 999}, {"anna": 5000}])
def test_another_number_or_another_user_is_refused(
    monkeypatch: pytest.MonkeyPatch, users: dict[str, int]
) -> None:
    System(**users).into(monkeypatch)
    assert "owner_id: " in str(*owner.owner_problems(TREE))


def test_a_foreign_group_of_that_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    system = System().into(monkeypatch)
    system.groups["staff"] = 5000
    assert '"staff"' in str(*owner.owner_problems(TREE))


def test_what_useradd_says_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    System().into(monkeypatch, rc=1)
    with pytest.raises(Refused, match="groupadd: words"):
        owner.make_owner(TREE)
