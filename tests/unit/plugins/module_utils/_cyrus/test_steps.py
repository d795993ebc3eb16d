"""Behaviour of the mailboxes' plan: it makes, limits and shares, and deletes only what is named."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._cyrus.mailboxes import (
    Mailbox,
    Removed,
    Shared,
    Special,
    Store,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.names import Names
from ansible_collections.postern.mail.plugins.module_utils._cyrus.steps import (
    Present,
    diff,
    plan_store,
    unclaimed,
)

ALICE = Mailbox("alice@example.org", 1024)
CAROL = Mailbox("carol@example.org")
JUNK = Special("Junk", "junk")
NEWS = Shared("news@x", acl={"alice@x": "lrs"})


def commands(store: Store, present: Present) -> list[str]:
    return [command for step in plan_store(store, present) for command in step.commands]


def test_a_new_mailbox_gets_its_quota_and_its_folders() -> None:
    assert commands(Store((ALICE,), (JUNK, Special("Müll"))), Present()) == [
        'CREATE "user/alice@example.org"',
        'SETQUOTA "user/alice@example.org" (STORAGE 1024)',
        'CREATE "user/alice/Junk@example.org" (USE (\\Junk))',
        'CREATE "user/alice/M&APw-ll@example.org"',
    ]


def test_folders_are_made_once_and_then_are_the_persons() -> None:
    folders = (JUNK, Special("Sent", "sent"))
    has_one = Present(Names({CAROL.name: {"Sent"}}))
    assert commands(Store((CAROL,), folders), has_one) == []
    has_none = Present(Names({CAROL.name: {"Other"}}))
    assert len(commands(Store((CAROL,), folders), has_none)) == 2


def test_a_quota_that_leaves_the_model_is_lifted() -> None:
    there = Present(Names({CAROL.name: set()}), {CAROL.name: 5})
    assert commands(Store((CAROL,)), there) == ['SETQUOTA "user/carol@example.org" ()']


def test_a_person_of_another_name_keeps_the_mail() -> None:
    renamed = Mailbox("caroline@example.org", 7, renamed_from=CAROL.name)
    there = Present(Names({CAROL.name: {"Junk"}}))
    assert commands(Store((renamed,), (JUNK,)), there) == [
        'RENAME "user/carol@example.org" "user/caroline@example.org"',
        'SETQUOTA "user/caroline@example.org" (STORAGE 7)',
    ]
    assert unclaimed(Store((renamed,)), there.names) == []
    both = Present(Names({CAROL.name: set(), renamed.name: set()}), {renamed.name: 7})
    assert commands(Store((renamed,)), both) == []
    assert unclaimed(Store((renamed,)), both.names) == [CAROL.name]


def test_who_has_no_account_any_more_keeps_the_mail() -> None:
    there = Present(Names({ALICE.name: set()}, {"old@x"}))
    assert plan_store(Store((), shared=(NEWS,)), there)[0].after == "news@x: shared"
    assert commands(Store(), there) == []
    assert unclaimed(Store((CAROL,)), there.names) == [ALICE.name, "old@x"]


def test_a_shared_folder_is_closed_to_all_who_are_not_named() -> None:
    assert commands(Store(shared=(NEWS,)), Present()) == [
        'CREATE "news@x"',
        'SETACL "news@x" "alice@x" lrs',
        'DELETEACL "news@x" "anyone"',
    ]


def test_a_folder_is_made_before_those_below_it() -> None:
    made = commands(Store(shared=(Shared("news/a@x"), Shared("news@x"))), Present())
    assert [one for one in made if one.startswith("CREATE")] == [
        'CREATE "news@x"',
        'CREATE "news/a@x"',
    ]


def test_a_new_folder_keeps_no_rights_of_the_one_above_it() -> None:
    made = commands(Store(shared=(NEWS, Shared("news/a@x", acl={"bob@x": "lrs"}))), Present())
    assert made[-3:] == [
        'CREATE "news/a@x"',
        'DELETEACL "news/a@x" "alice@x"',
        'SETACL "news/a@x" "bob@x" lrs',
    ]


def test_rights_that_are_taken_away_are_taken_away_below_too() -> None:
    acls = {"news@x": {"alice@x": "slr", "bob@x": "lrs"}, "news/a@x": {"bob@x": "lrs"}}
    there = Present(Names(shared={"news@x", "news/a@x"}), acls=acls)
    assert commands(Store(shared=(NEWS,)), there) == [
        'DELETEACL "news@x" "bob@x"',
        'SETACL "news/a@x" "alice@x" lrs',
        'DELETEACL "news/a@x" "bob@x"',
    ]


def test_notes_come_change_and_go() -> None:
    wanted = Shared("news@x", annotations={"expire": "30"})
    names = Names(shared={"news@x"})
    note = "/shared/vendor/cmu/cyrus-imapd/expire"
    for before, after, said in (({}, wanted, '"30"'), ({"expire": "7"}, Shared("news@x"), "NIL")):
        there = Present(names, annotations={"news@x": before})
        assert commands(Store(shared=(after,)), there) == [f'SETMETADATA "news@x" ({note} {said})']


def test_only_what_is_named_is_deleted_from_the_leaves_up() -> None:
    there = Present(Names({ALICE.name: {"Junk"}, CAROL.name: set()}, {"news@x", "news/a@x"}))
    gone = (Removed(ALICE.name), Removed("news@x", archive=False), Removed("nobody@x"))
    steps = plan_store(Store((CAROL,), removed=gone), there)
    assert [(step.archive, step.commands) for step in steps] == [
        (
            ALICE.name,
            (
                'SETACL "user/alice@example.org" "cyrus-admin" x',
                'DELETE "user/alice@example.org"',
            ),
        ),
        (
            "",
            (
                'SETACL "news/a@x" "cyrus-admin" x',
                'DELETE "news/a@x"',
                'SETACL "news@x" "cyrus-admin" x',
                'DELETE "news@x"',
            ),
        ),
    ]
    assert diff(steps)["before"] == "alice@example.org (archived)\nnews@x\n"


def test_the_diff_names_what_changes() -> None:
    there = Present(Names({ALICE.name: set()}), {ALICE.name: 5})
    shown = diff(plan_store(Store((ALICE, CAROL)), there))
    assert shown["before"] == "alice@example.org: 5 KiB\n"
    assert shown["after"] == "alice@example.org: 1024 KiB\ncarol@example.org: no limit\n"
