"""Which databases a configuration reads, and which it leaves behind."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._postfix.databases import (
    leaving_databases,
    named_databases,
)
from ansible_collections.postern.mail.plugins.module_utils._postfix.model import Service, Settings
from ansible_collections.postern.mail.tests.unit.plugins.module_utils._postfix import strategies
from hypothesis import given

DEFAULTS = {"alias_maps": "hash:/etc/aliases, nis:mail.aliases", "alias_database": "$alias_maps"}
ETC = "/etc/postfix"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("hash:/a/b", {"/a/b.db"}),
        ("btree:/a, lmdb:/b proxy:cdb:/c", {"/a.db", "/b.lmdb", "/c.cdb"}),
        ("dbm:/a", {"/a.pag", "/a.dir"}),
        ("check_client_access { hash:/a, search_order = x }", {"/a.db"}),
        ("unionmap:{hash:/a,lmdb:/b}", {"/a.db", "/b.lmdb"}),
        ("hash:$config_directory/a, hash:${base}/b hash:$(base)/c", {
            "/etc/postfix/a.db", "/srv/b.db", "/srv/c.db",
        }),
        ("texthash:/a, cidr:/b, pcre:/c, inline:{hash:=x}, static:y", set()),
        ("lmtp:unix:/run/x, smtp:[hash]:25", set()),
        ("$loop", set()),
        ("$nobody", set()),
    ],
)  # fmt: skip
def test_databases_are_found_by_the_tables_that_values_name(value: str, found: set[str]) -> None:
    settings = {"base": "/srv", "loop": "$loop hash:$loop", "x": value}
    assert named_databases({**settings, "loop": "$loop"}, [], ETC) == found


def test_options_of_services_count_with_the_parameters_they_see() -> None:
    server = Service("x", "inet", "smtpd", options=(("maps", "hash:$where/a"), ("where", "/o")))
    assert named_databases({"where": "/m"}, [server], ETC) == {"/o/a.db"}


def leaving(before: Settings, after: Settings, folder: str = ETC) -> list[str]:
    return leaving_databases((before, ()), (after, ()), DEFAULTS, folder)


EMPTY = (("alias_database", ""), ("alias_maps", ""))


def test_what_newaliases_made_goes_when_this_postfix_reads_it_no_longer() -> None:
    assert leaving((), EMPTY) == ["/etc/aliases.db"]
    assert leaving((), ()) == []
    assert leaving((), (("alias_maps", ""), ("alias_database", "hash:/etc/aliases"))) == []
    lmdb = (("alias_maps", "lmdb:/etc/aliases"),)
    assert leaving((), lmdb) == ["/etc/aliases.db"]
    assert leaving((), EMPTY, "/etc/postfix-out") == []


def test_databases_of_others_are_left_alone() -> None:
    named = (("transport_maps", "hash:/etc/mail/x, hash:/etc/postfix/y, hash:/etc/postfixed/z"),)
    assert leaving(named, ()) == ["/etc/postfix/y.db"]


def test_with_further_instances_nothing_goes() -> None:
    named = (
        ("multi_instance_directories", "/etc/postfix-out"),
        ("transport_maps", "hash:/etc/postfix/y"),
    )
    assert leaving(named, EMPTY) == []


@given(strategies.PARAMETERS)
def test_nothing_leaves_when_nothing_changes(parameters: Settings) -> None:
    assert leaving(parameters, parameters) == []
