"""Looking at the mailboxes and doing a plan: after it nothing is left to do."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.postern.mail.plugins.module_utils._cyrus.administration import (
    do,
    listed_name,
    look,
    notes_by_name,
    rights_by_name,
    storage_limit,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.imap import Administrator
from ansible_collections.postern.mail.plugins.module_utils._cyrus.mailboxes import (
    Mailbox,
    Removed,
    Shared,
    Special,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.mailboxes import Store as Wanted
from ansible_collections.postern.mail.plugins.module_utils._cyrus.steps import plan_store
from ansible_collections.postern.mail.tests.unit.imap_admin import SECRET, Box, Store, serving
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (rb'LIST (\HasNoChildren) "/" user/a.b+c@example.org', "user/a.b+c@example.org"),
        (rb'LIST (\HasChildren) "/" "user/a b@example.org"', "user/a b@example.org"),
        (rb'LIST (\Noselect) "/" news@x', "news@x"),
        (b"rubbish", None),
    ],
)
def test_names_are_read_from_a_list(line: bytes, name: str | None) -> None:
    assert listed_name(line) == name


def test_limits_are_read_and_no_limit_is_none() -> None:
    assert storage_limit([b"QUOTA user/a@x (STORAGE 7 51200 MESSAGE 1 2)"]) == 51200
    assert storage_limit([b"QUOTA user/a@x ()"]) is None


def test_rights_are_read_without_those_that_are_made_of_others() -> None:
    line = b'ACL "a b@x" anyone p "o neil@x" lrswipkxtecdan'
    assert rights_by_name([line]) == {"anyone": "p", "o neil@x": "aeiklnprstwx"}


def test_notes_are_read_and_none_is_none() -> None:
    line = (
        b'METADATA x ("/shared/vendor/cmu/cyrus-imapd/expire" "30"'
        b' "/shared/vendor/cmu/cyrus-imapd/sieve" NIL)'
    )
    assert notes_by_name([line]) == {"expire": "30"}


PEOPLE = st.sampled_from(["a@x", "b@x", "c@y"])
QUOTAS = st.none() | st.integers(0, 9)
FOLDERS = st.lists(st.sampled_from([Special("Sent", "sent"), Special("Müll")]), unique=True)
ACLS = st.dictionaries(st.sampled_from(["anyone", "a@x"]), st.sampled_from(["p", "lrs", "lrsp"]))
SHARED = st.dictionaries(
    st.sampled_from(["news@x", "news/old@x", "Ä b@y"]),
    st.tuples(QUOTAS, ACLS, st.dictionaries(st.just("expire"), st.sampled_from(["1", "30"]))),
)
WANTED = st.builds(
    lambda people, folders, shared: Wanted(
        tuple(Mailbox(name, quota) for name, quota in people.items()),
        tuple(folders),
        tuple(Shared(name, *parts) for name, parts in shared.items()),
    ),
    st.dictionaries(PEOPLE, QUOTAS),
    FOLDERS,
    SHARED,
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Store]]:
    path = tmp_path_factory.mktemp("cyrus") / "admin"
    with serving(path) as store:
        yield str(path), store


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(WANTED, WANTED)
def test_after_its_steps_nothing_is_left_to_do_and_nothing_is_gone(
    place: tuple[str, Store], first: Wanted, second: Wanted
) -> None:
    path, store = place
    store.boxes = {}
    for wanted in (first, second):
        before = set(store.boxes)
        with Administrator(path, "cyrus-admin", SECRET) as administrator:
            do(administrator, plan_store(wanted, look(administrator, wanted)), lambda _name: None)
            assert plan_store(wanted, look(administrator, wanted)) == []
        assert before <= set(store.boxes)


def test_what_is_archived_is_so_before_it_goes(place: tuple[str, Store]) -> None:
    path, store = place
    store.boxes = {"user/a@x": Box(), "user/a/Sent@x": Box(), "user/b@x": Box()}
    there: list[bool] = []
    wanted = Wanted((Mailbox("b@x"),), removed=(Removed("a@x"),))
    with Administrator(path, "cyrus-admin", SECRET) as administrator:
        steps = plan_store(wanted, look(administrator, wanted))
        do(administrator, steps, lambda name: there.append(f"user/{name}" in store.boxes))
    assert there == [True]
    assert set(store.boxes) == {"user/b@x"}
