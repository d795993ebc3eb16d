"""Postscreen: lists add up, only verdicts count, and nobody is asked where port 25 is closed."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
    choices_of,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_screen import (
    screen_parameters,
    screen_services,
    screen_tables,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of


def chosen(**postscreen: Any) -> Choices:
    return choices_of(({"postscreen": {"enabled": True, **postscreen}},), "example.org")


def test_lists_are_asked_with_their_weights_and_their_verdicts() -> None:
    lists = [
        {"domain": "bad.example", "weight": 2, "filter": "127.0.0.[2..11]"},
        {"domain": "good.example", "weight": -3, "filter": "127.0.[0..255].[1..3]"},
    ]
    parameters = screen_parameters(site_of(good()), chosen(dnsbls=lists, threshold=2))
    assert parameters["postscreen_dnsbl_sites"] == (
        "bad.example=127.0.0.[2..11]*2, good.example=127.0.[0..255].[1..3]*-3"
    )
    assert parameters["postscreen_dnsbl_threshold"] == "2"
    assert parameters["postscreen_dnsbl_action"] == "enforce"
    assert parameters["postscreen_greet_action"] == "enforce"


def test_smtpd_stands_behind_it() -> None:
    services = {one["name"]: one for one in screen_services(site_of(good()), chosen())}
    assert services["smtp"]["command"] == "postscreen"
    assert services["smtpd"]["type"] == "pass"
    assert services["tlsproxy"]["maxproc"] == services["dnsblog"]["maxproc"] == "0"


def test_who_is_accepted_is_asked_nothing() -> None:
    access = [{"client": "192.0.2.7", "action": "accept"}]
    [table] = screen_tables(site_of(good(mail_access=access)), chosen(allow=["198.51.100.0/24"]))
    assert table["entries"] == {"192.0.2.7/32": "permit", "198.51.100.0/24": "permit"}
    assert table["type"] == "cidr"


def test_nothing_is_said_where_it_is_off_or_port_25_is_closed() -> None:
    for site, choices in ((site_of(good()), Choices()), (site_of(send_only()), chosen())):
        assert screen_parameters(site, choices) == {}
        assert screen_tables(site, choices) == []
        assert screen_services(site, choices) == []
