"""Behaviour of the options: what they become, and what is refused."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._cyrus.model import (
    Cyrus,
    parse_cyrus,
)
from ansible_collections.postern.mail.tests.unit.cyrus_samples import arguments


def parsed(**changes: Any) -> Cyrus:
    cyrus, problems = parse_cyrus(arguments(**changes))
    assert problems == []
    return cyrus


def told(**changes: Any) -> str:
    return "\n".join(str(problem) for problem in parse_cyrus(arguments(**changes))[1])


def listens(cyrus: Cyrus) -> dict[str, str]:
    return {service.name: service.word("listen") for service in cyrus.layout.services}


def test_a_listener_behind_tls_has_the_hosts_own_address_and_a_clear_one_has_all() -> None:
    assert listens(parsed())["imaps"] == "192.0.2.10:943"
    assert listens(parsed())["pop3"] == "110"


def test_without_listeners_mail_is_taken_and_nothing_is_served() -> None:
    assert listens(parsed(listeners=[])) == {"admin": "/run/admin", "lmtpunix": "/run/lmtp"}


def test_rights_of_an_administrator_hold_in_one_service_alone() -> None:
    settings = parsed().settings
    assert settings["admin_admins"] == "cyrus-admin other"
    assert "admins" not in settings


def test_clear_text_is_for_named_services_alone() -> None:
    settings = parsed(settings={"allowplaintext": False}).settings
    assert {name for name, value in settings.items() if value == "yes"} == {
        "admin_allowplaintext",
        "imaps_allowplaintext",
        "pop3_allowplaintext",
    }
    assert settings["allowplaintext"] == "no"


def test_null_takes_an_option_away() -> None:
    assert "imaps_allowplaintext" not in parsed(settings={"imaps_allowplaintext": None}).settings


def test_equal_options_in_another_order_are_the_same_model() -> None:
    assert parsed(services=list(reversed(arguments()["services"]))) == parsed()


def test_what_would_break_the_files_is_refused_all_at_once() -> None:
    found = told(
        settings={"Bad Name": "x", "a": "x\ny", "b": "x\\", "c": " x"},
        services=[{"name": "a b", "command": 'x"', "listen": "1", "settings": {}}] * 2,
        events=[
            {"name": "never", "command": "x"},
            {"name": "late", "command": "x", "at": "2561"},
        ],
    )
    for part in (
        "settings.Bad Name: is no option name",
        "settings.a: 'x\\ny' does not fit on a line",
        "settings.b: ",
        "settings.c: ' x' does not fit",
        "services.a b: is no name",
        "services.a b: stands here twice",
        "services.a b.cmd:",
        "events.never: has no time; either period_minutes or at",
        'events.late.at: "2561" is no time',
    ):
        assert part in found
