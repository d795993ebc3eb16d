"""Openings of one daemon are taken together, and what is no network is refused with its place."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._tcp_wrappers.model import (
    Rule,
    parse_openings,
)


def test_a_daemon_of_several_ports_has_one_rule() -> None:
    openings = [
        {"name": "sendmail", "sources": ["10.1.0.0/16"]},
        {"name": "sendmail", "sources": ["10.2.0.0/16", "10.1.0.0/16"]},
    ]
    clients = ("127.0.0.0/255.0.0.0", "[::1]", "10.1.0.0/255.255.0.0", "10.2.0.0/255.255.0.0")
    assert parse_openings(openings, []) == ((Rule("sendmail", clients),), [])


def test_one_port_for_everyone_opens_the_daemon_for_everyone() -> None:
    openings = [
        {"name": "sendmail", "sources": ["10.1.0.0/16"]},
        {"name": "sendmail", "sources": "everyone"},
        {"name": "sendmail", "sources": ["10.2.0.0/16"]},
    ]
    assert parse_openings(openings, [])[0] == (Rule("sendmail"),)


def test_what_can_not_be_is_refused_all_at_once() -> None:
    openings = [
        {"name": "imaps: ALL", "sources": "everyone"},
        {"name": "imaps", "sources": ["10.1.2.3/8", "office.example.org", 7]},
        {"name": "pop3s", "sources": "10.0.0.0/8"},
        {"name": "", "sources": None},
    ]
    hint = "write it like 10.20.0.0/16 or 2001:db8::/32"
    problems = parse_openings(openings, ["fe80::/129"])[1]
    assert [str(problem) for problem in problems] == [
        f'own_addresses[0]: "fe80::/129" is no network; {hint}',
        'openings[0].name: "imaps: ALL" is no name of a daemon; letters, digits, dots, - and _',
        f'openings[1].sources[0]: "10.1.2.3/8" is no network; {hint}',
        f'openings[1].sources[1]: "office.example.org" is no network; {hint}',
        f'openings[1].sources[2]: "7" is no network; {hint}',
        'openings[2].sources: "10.0.0.0/8" is no list; write everyone, or a list of networks',
        'openings[3].name: "" is no name of a daemon; letters, digits, dots, - and _',
        'openings[3].sources: "None" is no list; write everyone, or a list of networks',
    ]
