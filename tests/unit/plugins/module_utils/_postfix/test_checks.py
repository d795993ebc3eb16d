"""Everything wrong with a configuration is said at once, with its place."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._postfix.checks import (
    check,
    check_words,
    named_tables,
    place_of,
)
from ansible_collections.postern.mail.plugins.module_utils._postfix.model import configuration

BAD: list[tuple[dict[str, Any], str]] = [
    ({"parameters": {"my name": "x"}}, 'parameters: "my name" can\'t be the name of a parameter'),
    ({"parameters": {"a": "b\x07"}}, "parameters.a: has a control character"),
    (
        {"parameters": {"smtpd_relay_restrictions": ["permit_mynetwork", "reject"]}},
        'parameters.smtpd_relay_restrictions: "permit_mynetwork" is no restriction; '
        'did you mean "permit_mynetworks"?',
    ),
    (
        {
            "parameters": {"virtual_alias_maps": "lmdb:$config_directory/maps/aliasses"},
            "maps": [{"name": "aliases"}],
        },
        'parameters.virtual_alias_maps: names the table "aliasses", which maps does not have; '
        'did you mean "aliases"?',
    ),
    (
        {"services": [{"name": "a b", "type": "inet", "command": "smtpd"}]},
        "services[a b/inet]: the name has a space or a mark that master.cf can't carry",
    ),
    (
        {"services": [{"name": "x", "type": "unix"}]},
        'services[x/unix].command: "" is no program of Postfix',
    ),
    (
        {"services": [{"name": "smtp", "type": "inet", "chroot": "maybe"}]},
        "services[smtp/inet].chroot: is neither true nor false",
    ),
    (
        {"services": [{"name": "smtp", "type": "inet", "maxproc": "many"}]},
        'services[smtp/inet].maxproc: "many" is no number of processes',
    ),
    (
        {"services": [{"name": "smtp", "type": "inet", "options": {"a": "{ b"}}]},
        "services[smtp/inet].options.a: has braces without their pair",
    ),
    ({"maps": [{"name": "a"}, {"name": "a"}]}, "maps[a]: stands twice"),
    (
        {
            "parameters": {"alias_maps": "proxy:hash:$config_directory/maps/a"},
            "maps": [{"name": "a"}],
        },
        'parameters.alias_maps: the table "a" has the type "lmdb" in maps; '
        "write lmdb:$config_directory/maps/a",
    ),
    (
        {
            "parameters": {"mydestination": "localhost, lmdb:$config_directory/maps/a"},
            "maps": [{"name": "a", "type": "list"}],
        },
        'parameters.mydestination: the table "a" has the type "list" in maps; '
        "write $config_directory/maps/a",
    ),
    (
        {
            "parameters": {"relay_domains": "!${config_directory}/maps/a"},
            "maps": [{"name": "a", "type": "cdb"}],
        },
        'parameters.relay_domains: the table "a" has the type "cdb" in maps; '
        "write cdb:$config_directory/maps/a",
    ),
]


@pytest.mark.parametrize(("given", "said"), BAD)
def test_a_bad_configuration_is_refused_with_its_place(given: dict[str, Any], said: str) -> None:
    assert [str(problem) for problem in check(configuration(given))] == [said]


def test_all_problems_are_said_at_once() -> None:
    given = {key: BAD[n][0][key] for n, key in ((2, "parameters"), (5, "services"), (9, "maps"))}
    assert len(check(configuration(given))) == 3


def test_tables_classes_numbers_and_user_defined_words_are_no_restrictions_to_doubt() -> None:
    words = [
        "greylist",
        "sleep 5",
        "check_client_access { cidr:/x, search_order = a }",
        "reject_rbl_client zen.example.org=127.0.0.[2..11]",
        "check_policy_service unix:private/policy",
        "lmdb:${config_directory}/x",
        "$mine",
        "warn_if_reject reject_unknown_client_hostname",
    ]
    given = {"smtpd_restriction_classes": "greylist", "smtpd_client_restrictions": words}
    assert check(configuration({"parameters": given})) == []


def test_tables_are_named_by_their_type_behind_proxy_in_braces_and_lists_by_their_path() -> None:
    given = {
        "parameters": {
            "alias_maps": "proxy:lmdb:$config_directory/maps/a, inline:{a=b}, static:c",
            "mydestination": "!$config_directory/maps/l localhost, $config_directory/maps/l",
            "transport_maps": "unionmap:{lmdb:$config_directory/maps/a, inline:{c=d}}",
            "smtpd_client_restrictions": "check_client_access inline:{1.2.3.4=OK, 5.6.7.8=reject}",
        },
        "maps": [{"name": "a"}, {"name": "l", "type": "list", "entries": {"x.example": None}}],
    }
    assert check(configuration(given)) == []


def test_an_unknown_parameter_is_named_with_its_nearest() -> None:
    words = "postconf: warning: /x/main.cf: unused parameter: relayhosst=foo\npostconf: fatal: no\n"
    assert [str(problem) for problem in check_words(words, ["relayhost", "biff"])] == [
        'parameters.relayhosst: Postfix knows no such parameter; did you mean "relayhost"?',
        "parameters: Postfix says: fatal: no",
    ]


def test_a_daemons_complaint_is_led_to_the_parameter_it_is_about() -> None:
    submission = {
        "name": "submission",
        "type": "inet",
        "command": "smtpd",
        "options": {"line_length_limit": "x"},
    }
    wanted = configuration({"parameters": {"smtp_connect_timeout": "3x"}, "services": [submission]})
    said = "smtp: fatal: parameter smtp_connect_timeout: bad time value or unit: 3x"
    assert place_of(said, wanted) == "parameters.smtp_connect_timeout"
    said = "smtpd: fatal: bad numerical configuration: line_length_limit = x"
    assert place_of(said, wanted) == "services[submission/inet].options.line_length_limit"
    assert place_of("smtpd: fatal: out of memory", wanted) == "parameters"


def test_tables_of_others_are_found_in_values_and_options() -> None:
    server = {
        "name": "smtp",
        "type": "inet",
        "options": {"smtpd_client_restrictions": "check_client_access { cidr:/etc/a, x = y }"},
    }
    given = {
        "alias_maps": "hash:/etc/aliases, proxy:lmdb:${config_directory}/maps/b",
        "transport_maps": "lmdb:$elsewhere/c",
        "virtual_transport": "lmtp:unix:/run/socket",
    }
    wanted = configuration({"parameters": given, "services": [server]})
    assert named_tables(wanted) == [
        ("parameters.alias_maps", "hash:/etc/aliases"),
        ("parameters.alias_maps", "lmdb:$config_directory/maps/b"),
        ("services[smtp/inet].options.smtpd_client_restrictions", "cidr:/etc/a"),
    ]
