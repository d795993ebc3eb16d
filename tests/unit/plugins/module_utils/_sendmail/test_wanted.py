"""A module call becomes the desired state, or problems that each name their place."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._sendmail.units import TransactionLog
from ansible_collections.postern.mail.plugins.module_utils._sendmail.wanted import configuration

ALIASES = {"entries": {"postmaster": ["root"]}}
LISTENS = [{"name": "MTA"}]


def call(**given: Any) -> dict[str, Any]:
    return {"mode": "queue", "aliases": ALIASES, **given}


def said(**given: Any) -> list[str]:
    return sorted(str(problem) for problem in configuration(call(**given))[1])


def mc(**given: Any) -> list[str]:
    return said(mc=given)


def test_a_sound_call_is_taken_whole() -> None:
    wanted, problems = configuration(
        call(
            mode="daemon",
            queue_interval="15m",
            mc={"daemon_options": [{"name": "MTA", "port": "25"}]},
            tables={"access": {"entries": {"Connect:192.0.2.0/24": "RELAY", "From:x@y.z": "OK"}}},
            lists={"local_host_names": {"entries": ["b.example", "A.example"]}},
            transaction_log={"path": "/var/log/sm.log", "size_mib": 5},
        )
    )
    assert problems == []
    assert wanted.services.mode == "daemon"
    assert wanted.services.log == TransactionLog("/var/log/sm.log", 5)
    assert wanted.tables[0].entries == (b"Connect:192.0.2 RELAY", b"From:x@y.z OK")
    assert wanted.lists[0].entries == (b"a.example", b"b.example")
    assert [one.name for one in wanted.mc.features] == [
        "no_default_msa",
        "access_db",
        "use_cw_file",
    ]
    assert [one.name for one in wanted.submit.features] == ["msp"]


def test_a_host_that_only_sends_opens_nothing_even_when_started_as_a_daemon() -> None:
    wanted, problems = configuration(call())
    assert problems == []
    assert [(one.name, one.address, one.modifiers) for one in wanted.mc.daemons] == [
        ("NoMTA", "127.0.0.1", "E")
    ]


def test_names_hold_whatever_their_capitals_and_tags_are_written_as_in_the_books() -> None:
    tables = {"access": {"entries": {"connect:Mail.Example": "REJECT", "GREETPAUSE:": 5}}}
    wanted, problems = configuration(call(tables=tables))
    assert problems == []
    assert wanted.tables[0].entries == (b"Connect:mail.example REJECT", b"GreetPause: 5")


def test_a_table_is_read_from_files_with_a_tag_before_each_key(tmp_path: Path) -> None:
    path = tmp_path / "clients"
    path.write_text("192.0.2.1\n198.51.100.0/24\n", encoding="utf-8")
    source = {"file": "lists/c.txt", "path": str(path), "form": "keys", "tag": "Connect"}
    given = {"entries": {"From:x@y.z": "OK"}, "sources": [{**source, "value": "REJECT"}]}
    wanted, problems = configuration(call(tables={"access": given}))
    assert problems == []
    assert wanted.tables[0].entries == (
        b"Connect:192.0.2.1 REJECT",
        b"Connect:198.51.100 REJECT",
        b"From:x@y.z OK",
    )


def test_what_clashes_or_is_wrong_in_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "clients"
    path.write_text("192.0.2.1\nfoo!bar@\n", encoding="utf-8")
    source = {"file": "c.txt", "path": str(path), "form": "keys", "tag": "Connect"}
    entries = {"Connect:192.0.2.1": "OK"}
    given = {"entries": entries, "sources": [{**source, "value": "MAYBE"}]}
    text = "\n".join(said(tables={"access": given}))
    assert 'c.txt:1: "192.0.2.1" has the value "MAYBE" here and "OK" at' in text
    alone = "\n".join(said(tables={"access": {"sources": [{**source, "value": "MAYBE"}]}}))
    assert 'c.txt:1: "MAYBE" is no verdict' in alone


def test_a_file_that_nobody_brought_is_told() -> None:
    source = {"file": "c.txt", "form": "keys", "value": "OK"}
    assert "is not on the host" in said(tables={"access": {"sources": [source]}})[0]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"queue_interval": "often"}, 'queue_interval: "often" is no time of Sendmail; write it'),
        ({"mode": "daemon"}, "mc.daemon_options: is empty; say where the daemon listens"),
        ({"mc": {"daemon_options": LISTENS}}, "in the mode queue nothing listens"),
        ({"aliases": None}, "aliases: is missing; postmaster at least has to lead somewhere"),
        (
            {"transaction_log": {"path": "/var/log/$(x)", "size_mib": 0}},
            "transaction_log.size_mib: 0 is less than 1",
        ),
        (
            {"transaction_log": {"path": "log; rm", "size_mib": 1}},
            'transaction_log.path: "log; rm" is no plain full path',
        ),
        ({"sasl": {"bad name": "x"}}, 'sasl: "bad name" can\'t be the name of a setting'),
        ({"sasl": {"mech_list": "PLAIN\nx: y"}}, "sasl.mech_list: has a control character"),
        (
            {"mc": {"features": [{"name": "access_db"}]}},
            "mc.features[0]: access_db reads access, which is not given",
        ),
        ({"mc": {"features": [{"name": "msp"}]}}, "mc.features: msp belongs into submit"),
    ],
)
def test_what_does_not_fit_together_is_told(given: dict[str, Any], message: str) -> None:
    assert any(message in line for line in said(**given)), said(**given)


@pytest.mark.parametrize(
    ("table", "key", "value", "message"),
    [
        ("access", "From:x.example", "REJCT", '"REJCT" is no verdict; did you mean "REJECT"?'),
        (
            "access",
            "Form:x.example",
            "OK",
            '"form" is no tag of the access table; did you mean "From"?',
        ),
        ("access", "AuthInfo:h", "x", "holds a password that everybody who runs Sendmail may read"),
        ("access", "GreetPause:1.2.3.4", "5s", '"5s" is no number'),
        ("access", "Try_TLS:x.example", "maybe", '"maybe" is not NO'),
        ("access", "TLS_Srv:x.example", "please", "asks for nothing of TLS; write it like VERIFY"),
        ("access", "Connect:10.0.0.1/8", "OK", 'entries["Connect:10.0.0.1/8"]: is no network'),
        ("access", "Connect:0.0.0.0/0", "RELAY", "is too wide for the access table"),
        ("access", "From:x.example", "two\nlines", "has a line break"),
        ("access", "From:a b", "OK", '"From:a b" can\'t be a key'),
        ("access", "#x", "OK", '"#x" can\'t be a key'),
        ("access", "From:x.example", None, "has no value"),
        ("virtusertable", "info", "alice", "is no address; write it like user@domain"),
        ("virtusertable", "a@x.example", "al ice", '"al ice" is no address'),
        ("virtusertable", "a@x.example", "a, %1@y.example", "stands for a part in a single one"),
        ("virtusertable", "@x.example", "error:nouzer 550 x", 'did you mean "nouser"?'),
        ("virtusertable", "@x.example", "error:nouser", "says nothing; error:nouser 550 text"),
        ("mailertable", "x.example", "[mail]", '"[mail]" names no mailer; write it like esmtp:'),
        ("mailertable", "a@x.example", "esmtp:[m]", "is no host or domain"),
        ("domaintable", "old.example", "a@b", '"a@b" is no domain'),
        ("genericstable", "root", "not an address", '"not an address" is no address'),
    ],
)
def test_a_malformed_entry_is_refused_at_its_place(
    table: str, key: str, value: object, message: str
) -> None:
    found = said(tables={table: {"entries": {key: value}}})
    assert len(found) == 1, found
    assert found[0].startswith(f"tables.{table}.entries")
    assert message in found[0]


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("a@x.example", ["bob"], "has a domain, and aliases have none; put it into virtusertable"),
        ("a", [], "has no value"),
        ("a", ["b c"], '"b c" is no address, file, |program or :include:file'),
        ("a", ['b"'], "can't be a target; it is empty, or has a quote"),
        ("a", ["/srv/"], '"/srv/" is a folder; name a file'),
        ("a", 5, "is no list of targets"),
    ],
)
def test_a_malformed_alias_is_refused_at_its_place(key: str, value: object, message: str) -> None:
    found = said(aliases={"entries": {key: value}})
    assert len(found) == 1, found
    assert message in found[0]


def test_aliases_may_lead_to_programs_files_and_lists() -> None:
    targets = ["|/usr/bin/x -a, b", "/dev/null", ":include:/etc/list", "\\alice", "bob@x.example"]
    wanted, problems = configuration(call(aliases={"entries": {"a": targets}}))
    assert problems == []
    assert wanted.aliases is not None
    assert wanted.aliases.entries == (
        b'a "|/usr/bin/x -a, b", /dev/null, ":include:/etc/list", \\alice, bob@x.example',
    )


@pytest.mark.parametrize("name", ["relay_domains", "local_host_names", "trusted_users"])
def test_a_malformed_name_of_a_list_is_refused(name: str) -> None:
    found = said(lists={name: {"entries": ["@@"]}})
    assert found[0].startswith(f'lists.{name}.entries["@@"]: is no ')
